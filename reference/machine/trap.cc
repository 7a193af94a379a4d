#include "reference/machine/trap.h"

namespace weft::machine {

const char* message_of(TrapKind kind) {
  switch (kind) {
#define TRAP(name, message) \
  case TrapKind::name:      \
    return message;
#include "reference/machine/trap.def"
#undef TRAP
  }
  return "trap";
}

}  // namespace weft::machine
