#include "reference/wasi/process.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace weft::wasi {
namespace {

constexpr uint64_t kStdioRights[3] = {right::kStream & ~right::kFdWrite,
                                      right::kStream & ~right::kFdRead,
                                      right::kStream & ~right::kFdRead};

std::shared_ptr<Descriptor> standard_stream(const ProcessConfig& config, int which) {
  if (config.buffers[which]) {
    return std::make_shared<Descriptor>(config.buffers[which], kStdioRights[which]);
  }
  if (config.stdio[which] < 0) return nullptr;
  UniqueFd copy(fcntl(config.stdio[which], F_DUPFD_CLOEXEC, 3));
  struct stat st;
  if (!copy || fstat(copy.get(), &st) != 0) return nullptr;
  const Filetype type = filetype_of_mode(st.st_mode);
  uint64_t rights = kStdioRights[which];
  if (type == Filetype::kRegularFile) {
    rights |= right::kFdSeek | right::kFdTell | right::kFdAdvise | right::kFdFilestatSetTimes;
  }
  auto stream = std::make_shared<Descriptor>(std::move(copy), type, rights, 0);
  const int flags = fcntl(stream->fd(), F_GETFL);
  if (flags >= 0 && (flags & O_APPEND) != 0) stream->flags = fdflag::kAppend;
  return stream;
}

}  // namespace

Expected<std::unique_ptr<Process>> Process::make(ProcessConfig config, Host& host) {
  std::unique_ptr<Process> process(new Process(std::move(config), host));
  process->stop_ = UniqueFd(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!process->stop_) return fail("cannot make an eventfd: {}", std::strerror(errno));
  if (auto opened = process->open_descriptors(); !opened) {
    return tl::unexpected<Error>(opened.error());
  }
  return process;
}

Expected<void> Process::open_descriptors() {
  // Numbers 0 to 2 stay the standard streams' even where one is missing: the place is held until
  // the preopens are in.
  bool missing[3] = {};
  uint32_t number;
  for (int i = 0; i < 3; i++) {
    auto stream = standard_stream(config_, i);
    missing[i] = stream == nullptr;
    if (missing[i]) stream = std::make_shared<Descriptor>(std::make_shared<Buffer>(), 0);
    fds_.insert(std::move(stream), number);
  }
  for (const Preopen& dir : config_.dirs) {
    UniqueFd fd(open(dir.host.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd) {
      return fail("directory {}: {}; expected a directory that can be read", dir.host,
                  std::strerror(errno));
    }
    auto entry = std::make_shared<Descriptor>(std::move(fd), Filetype::kDirectory,
                                              right::kDirectory, right::kAll);
    entry->preopen = dir.guest;
    entry->is_preopen = true;
    fds_.insert(std::move(entry), number);
  }
  for (uint32_t i = 0; i < 3; i++) {
    if (missing[i]) fds_.close(i);
  }
  return {};
}

Expected<void> Process::reset() {
  fds_.clear();
  numbers_.clear();
  for (const auto& buffer : config_.buffers) {
    if (buffer) buffer->rewind();
  }
  return open_descriptors();
}

uint64_t Process::file_number(uint64_t device, uint64_t inode) {
  const std::lock_guard lock(numbers_mutex_);
  return numbers_.try_emplace({device, inode}, numbers_.size() + 1).first->second;
}

void Process::stop() { eventfd_write(stop_.get(), 1); }

}  // namespace weft::wasi
