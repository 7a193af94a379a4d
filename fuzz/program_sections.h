// The sections of a generated module, in the making; internal to the generator. Function indices:
// the host's if it is imported, the bodies, as many exported wrappers, then what is added. Knows no
// bodies.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/program_body.h"
#include "fuzz/program_generator.h"
#include "fuzz/program_input.h"
#include "fuzz/program_writer.h"

namespace weft::fuzz {

struct Sections {
  using ValType = module::ValType;
  struct Added {
    uint32_t type;
    std::string name;  // of its export; empty: none
    Bytes body;
  };

  ProgramInput& in;
  Dialect dialect;
  // A program that any engine runs (program_command.h): nothing is imported, no memory is shared,
  // memory 0 has 32-bit addresses and is exported, and behind the globals stands an i64, 0.
  bool command = false;
  // One memory of 32-bit addresses, no extended constant expressions: WebAssembly 2.0 with tail
  // calls and atomic instructions.
  bool plain = false;
  ProgramScope scope = {};
  uint32_t bodies = 0, entry_type = 0, host_type = 0, hash_type = 0;
  bool starts = false, deep = false, stands_in = false;
  std::vector<uint32_t> pages = {};
  std::vector<ProgramCall> calls = {};
  std::vector<Added> added = {};
  WrittenOpcodes written = {};

  // First: what there is, and the calls to make.
  void choose();
  // Behind the functions that there are; its index.
  uint32_t add(Added function);
  // Last: everything else is chosen, and written.
  Bytes assemble(std::optional<uint32_t> start);

  void scope_of_types();
  void scope_of_the_rest();
  BinaryWriter types() const;
  void name(BinaryWriter& out, std::string_view text) const;
  BinaryWriter imports() const;
  BinaryWriter functions() const;
  BinaryWriter tables() const;
  BinaryWriter memories() const;
  // A constant; of integers also as a sum (extended constant expressions).
  void constant(BinaryWriter& out, ValType type);
  BinaryWriter globals();
  BinaryWriter exports() const;
  BinaryWriter elements() const;
  // Bytes of a segment all differ, so that a wrong one shows.
  BinaryWriter data();
  void segment(BinaryWriter& out, uint32_t size) const;
  size_t data_count() const;
  // What is called from outside: fills the fuel, then calls function `index`.
  void wrapper(BinaryWriter& out, uint32_t index, size_t parameters) const;
  BinaryWriter code();
};

}  // namespace weft::fuzz
