#include "fuzz/program_generator.h"

#include "fuzz/program_sections.h"

namespace weft::fuzz {
namespace {

Bytes generate(std::span<const uint8_t> input, Dialect dialect, Program& program) {
  ProgramInput in(input);
  Sections s{.in = in, .dialect = dialect};
  s.choose();
  program.calls = s.calls;
  if (s.deep) {  // calls itself
    const uint32_t itself = s.add({s.entry_type, "deep", {}});
    s.added.back().body = {0, 0x10, static_cast<uint8_t>(itself), 0x0B};
    program.calls.push_back({"deep", {}});
  }
  std::optional<uint32_t> start;
  if (s.starts) {  // global 1 = its double + 1
    start = s.add({s.entry_type, "", {0, 0x23, 1, 0x23, 1, 0x7C, 0x42, 1, 0x7C, 0x24, 1, 0x0B}});
  }
  program.globals = static_cast<uint32_t>(s.scope.globals.size());
  program.memories = static_cast<uint32_t>(s.scope.memories.size());
  program.tables = static_cast<uint32_t>(s.scope.tables.size());
  Bytes module = s.assemble(start);
  program.stands_in |= s.stands_in;
  program.plain |= s.written.plain;
  program.atomic |= s.written.atomic;
  return module;
}

}  // namespace

Program generate_program(std::span<const uint8_t> input) {
  Program program;
  program.module = generate(input, Dialect::kWhole, program);
  program.for_wabt = generate(input, Dialect::kWabt, program);
  return program;
}

}  // namespace weft::fuzz
