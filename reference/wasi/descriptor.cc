#include "reference/wasi/descriptor.h"

#include <sys/eventfd.h>

namespace weft::wasi {

int Descriptor::closed_event() {
  const std::lock_guard lock(event_mutex_);
  if (!event_) event_ = UniqueFd(eventfd(closed_ ? 1 : 0, EFD_CLOEXEC | EFD_NONBLOCK));
  return event_.get();
}

void Descriptor::mark_closed() {
  const std::lock_guard lock(event_mutex_);
  closed_ = true;
  if (event_) eventfd_write(event_.get(), 1);
}

}  // namespace weft::wasi
