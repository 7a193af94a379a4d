// Faults that these tests catch: a generator whose modules are invalid, or whose calls mostly trap,
// or that never meets an instruction; a comparison that sees less than it says. Of the product,
// tried: table.copy that always goes upwards (program 612 differs), memory.atomic.notify that
// answers 1 (154), i8x16.narrow_i16x8_u that takes its operands as unsigned (1559).
#include "fuzz/execution_engines.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "reference/module/opcode.h"

namespace weft::fuzz {
namespace {

Bytes random_input(std::mt19937& random) {
  Bytes input(64 + random() % 600);
  for (uint8_t& byte : input) byte = static_cast<uint8_t>(random());
  return input;
}

TEST(Execution, TheReferenceAndWabtAgreeOnGeneratedPrograms) {
  std::mt19937 random(20240611);
  for (int i = 0; i < 2000; ++i) {
    const Bytes input = random_input(random);
    ASSERT_EQ(compare_execution(input), "") << "program " << i;
  }
}

// A comparison shows little where all calls trap or nothing is written.
TEST(Execution, MostProgramsRunToTheirEndWriteMemoriesAndMeetEveryKindOfTrap) {
  constexpr size_t kPrograms = 1500;
  std::mt19937 random(7);
  size_t calls = 0, finished = 0, whole = 0, written = 0;
  std::set<std::string> traps;
  for (size_t i = 0; i < kPrograms; ++i) {
    Program program = generate_program(random_input(random));
    const Observed seen = run_reference(program, ReferencePolicy::kNative);
    ASSERT_EQ(seen.refused, "");
    bool all = seen.start_trap.empty(), any = false;
    for (const ObservedCall& call : seen.calls) {
      ++calls;
      finished += !call.trapped;
      all &= !call.trapped;
      if (call.trapped) traps.insert(call.trap);
    }
    program.calls.clear();
    any = run_reference(program, ReferencePolicy::kNative).memories != seen.memories;
    whole += all;
    written += any;
  }
  EXPECT_GT(finished * 10, calls * 8);
  EXPECT_GT(whole * 10, kPrograms * 6);
  EXPECT_GT(written * 10, kPrograms * 3);
  // All but that a host function traps.
  const std::set<std::string> expected = {
      "unreachable",          "out of bounds memory access", "out of bounds table access",
      "unaligned atomic",     "expected shared memory",      "integer divide by zero",
      "integer overflow",     "undefined element",           "uninitialized element",
      "call stack exhausted", "indirect call type mismatch", "invalid conversion to integer"};
  for (const std::string& trap : expected) EXPECT_TRUE(traps.contains(trap)) << trap;
  RecordProperty("written", static_cast<int>(written));
  RecordProperty("whole", static_cast<int>(whole));
  RecordProperty("calls", static_cast<int>(calls));
  RecordProperty("finished", static_cast<int>(finished));
}

// What runs, by WABT's own trace; control, which leaves no trace of its name there, and what the
// dialect for WABT lacks: what is written.
TEST(Execution, GeneratedProgramsCoverEveryInstruction) {
  const std::set<std::string_view> written = {"block",
                                              "loop",
                                              "if",
                                              "else",
                                              "end",
                                              "nop",
                                              "br_if",
                                              "select_t",
                                              "return_call",
                                              "return_call_indirect",
                                              "atomic.fence",
                                              "memory.atomic.notify",
                                              "memory.atomic.wait32",
                                              "memory.atomic.wait64"};
  std::vector<module::OpcodeInfo> missing(module::opcodes().begin(), module::opcodes().end());
  std::mt19937 random(3);
  int programs = 0;
  WabtTrace trace;
  for (; programs < 4000 && !missing.empty(); ++programs) {
    const Program program = generate_program(random_input(random));
    run_wabt(program, &trace);
    std::erase_if(missing, [&](const module::OpcodeInfo& op) {
      if (!written.contains(op.name)) return trace.names.contains(std::string(op.name));
      return op.prefix == 0 ? program.plain.test(op.code) : program.atomic.test(op.code);
    });
  }
  for (const module::OpcodeInfo& op : missing) ADD_FAILURE() << op.name;
  EXPECT_GT(trace.instructions, uint64_t{1000} * programs);
  RecordProperty("programs", programs);
  RecordProperty("instructions", static_cast<int>(trace.instructions / programs));
}

TEST(Execution, EverythingThatIsObservedIsCompared) {
  const auto value = [](module::ValType type, uint64_t low, uint64_t high = 0) {
    return machine::Value{type, low, high};
  };
  using enum module::ValType;
  Observed a;
  a.calls = {{false, "", {value(kV128, 1, 2)}}, {true, "integer overflow", {}}};
  a.globals = {value(kI32, 1)};
  a.tables = {{value(kFuncRef, 1)}};
  a.memories = {{1, 2}};
  EXPECT_EQ(difference(a, a), "");
  const auto differs = [&](auto change) {
    Observed b = a;
    change(b);
    EXPECT_NE(difference(a, b), "");
    EXPECT_NE(difference(b, a), "");
  };
  differs([](Observed& b) { b.refused = "why"; });
  differs([](Observed& b) { b.start_trap = "unreachable"; });
  differs([&](Observed& b) { b.calls[0].results[0].high = 3; });
  differs([](Observed& b) { b.calls[0].trapped = true; });
  differs([](Observed& b) { b.calls[1].trap = "unreachable"; });
  differs([](Observed& b) { b.calls.pop_back(); });
  differs([](Observed& b) { b.globals[0].low = 2; });
  differs([](Observed& b) { b.tables[0][0].low = 0; });
  differs([](Observed& b) { b.tables[0].push_back(b.tables[0][0]); });
  differs([](Observed& b) { b.memories[0][1] = 3; });
  differs([](Observed& b) { b.memories[0].push_back(0); });
  Observed b = a;
  b.calls[1].trap = "integer divide by zero|integer overflow";
  EXPECT_EQ(difference(a, b), "") << "one of both";
}

}  // namespace
}  // namespace weft::fuzz
