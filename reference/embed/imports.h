// What the reference gives a program to import: preview1 functions, wasi.thread-spawn, and the
// shared memories that it asks for. Knows no scheduler.
#pragma once

#include <memory>

#include "reference/base/expected.h"
#include "reference/machine/instance.h"

namespace weft::embed {

// HostFunction::id of thread-spawn; smaller ones index wasi::preview1_functions().
inline constexpr uint32_t kThreadSpawnId = 1u << 16;

// Everything `module` may import from us. A shared memory is made from its declared type, under
// whatever name the module imports it (WT-010); two imports of one name are one memory. Unshared
// memories, tables and globals are not ours to give. The error names the memory.
Expected<machine::Imports> make_imports(const module::Module& module);

}  // namespace weft::embed
