// The bench of the interpreter with runtimes that only pretend: what it keeps of their times.
#include "runners/bench_interpreter.h"

#include <gtest/gtest.h>

#include "reference/module/module.h"

namespace weft::runners {
namespace {

class Pretender : public Runtime {
 public:
  explicit Pretender(std::vector<Observation> script) : script_(std::move(script)) {}
  const RuntimeInfo& info() const override { return info_; }
  Observation run(const Case&) override { return script_[next_++ % script_.size()]; }

 private:
  RuntimeInfo info_;
  std::vector<Observation> script_;
  size_t next_ = 0;
};

Observation took(double seconds) {
  Observation seen;
  seen.end = End::kExit;
  seen.seconds = seconds;
  return seen;
}

TEST(BenchInterpreter, KeepsBestMedianAndWhatDidNotEnd) {
  Observation hung;
  hung.end = End::kTimeout;
  Pretender ours({took(2), took(1), took(4)}), peer({took(8), hung, took(5)});
  std::vector<std::string> heard;
  auto rows = bench_interpreter(ours, peer, {{"p", {}, {}, true}}, {3, 1},
                                [&](const std::string& name) { heard.push_back(name); });
  ASSERT_TRUE(rows) << rows.error().message;
  ASSERT_EQ(rows->size(), 1u);
  const BenchRow& row = rows->front();
  EXPECT_EQ(row.ours_best, 1);
  EXPECT_EQ(row.ours_median, 2);
  EXPECT_EQ(row.peer_best, 5);
  EXPECT_EQ(row.peer_unended, 1u);
  EXPECT_DOUBLE_EQ(row.ratio(), 0.2);
  EXPECT_EQ(heard, std::vector<std::string>{"p"});
}

TEST(BenchInterpreter, AWrongResultIsAnError) {
  Observation wrong = took(1);
  wrong.code = 134;
  Pretender ours({took(1)}), peer({wrong});
  auto rows = bench_interpreter(ours, peer, {{"p", {}, {}, false}}, {1, 1}, [](const auto&) {});
  ASSERT_FALSE(rows);
  EXPECT_NE(rows.error().message.find("exit code 0"), std::string::npos);
}

TEST(BenchInterpreter, ProgramsAreThereAndValid) {
  auto programs = bench_programs(WEFT_SOURCE_DIR);
  ASSERT_TRUE(programs) << programs.error().message;
  EXPECT_EQ(programs->size(), 7u);
  for (const BenchProgram& program : *programs) {
    EXPECT_TRUE(module::load_module(program.wasm)) << program.name;
  }
}

}  // namespace
}  // namespace weft::runners
