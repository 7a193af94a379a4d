// Bytes to a Module (core spec, "Binary Format"): structure only, no typing. Function bodies are
// walked once, so that a malformed instruction anywhere is a decoding error.
#pragma once

#include "reference/module/module.h"
#include "reference/module/opcode.h"
#include "reference/module/reader.h"

namespace weft::module {

// Thread-safe. Errors: see load_module().
tl::expected<Module, ModuleError> decode(Bytes binary, const Language& language = {});

// One instruction as it stands in the binary. Vectors of immediates (br_table, select) are read by
// whoever needs them, from `immediates`.
struct Instruction {
  const OpcodeInfo* info = nullptr;
  size_t offset = 0;      // of the opcode
  size_t immediates = 0;  // offset of the first byte behind the opcode
  // The plain ones, in the order of the binary: indices, lane; memargs in `memarg`.
  uint32_t index = 0, index2 = 0;
  uint8_t lane = 0;
  struct {
    uint32_t align = 0;  // log2
    uint32_t memory = 0;
    uint64_t offset = 0;
  } memarg;
  int64_t block_type = 0;  // s33: a value type as a negative number, or a type index
};

// Reads one instruction with its immediates; on an error `in` has failed. `module` tells which
// language it is.
Instruction read_instruction(Reader& in, const Module& module);

// A value type or nullopt; the reader fails with a message that names the feature.
ValType read_value_type(Reader& in);
ValType read_reference_type(Reader& in);

}  // namespace weft::module
