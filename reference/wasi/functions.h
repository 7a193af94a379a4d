// The preview1 functions, one C++ function each with the name of the text; preview1.def lists them.
// They are grouped in files by what they are about (environment, stream, file, directory, path,
// poll, socket). Each reads guest vectors and structures once, into private memory. They know no
// scheduler.
#pragma once

#include "reference/wasi/call.h"

namespace weft::wasi::functions {

#define WEFT_WASI(name, parameters) Result name(Call& call);
#define WEFT_WASI_MISSING(name, parameters)
#include "reference/wasi/preview1.def"
#undef WEFT_WASI
#undef WEFT_WASI_MISSING

}  // namespace weft::wasi::functions
