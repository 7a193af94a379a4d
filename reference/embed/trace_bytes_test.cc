// The same module, arguments and schedule give the same bytes, whatever compiler built weft and
// however fast the machine is: the hashes of traces, outputs and tokens stand in trace_bytes.json,
// and each build of CI (g++ release, g++ with ASan, clang with TSan) is compared with them.
//
// WEFT_WRITE_TRACE_BYTES=1 writes the file anew: after a change that is meant to change traces.
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "reference/base/files.h"
#include "reference/embed/explore.h"
#include "reference/embed/random_programs_for_tests.h"
#include "reference/embed/trace.h"
#include "reference/embed/virtual_program.h"

namespace weft::embed {
namespace {

const std::string kFile = std::string(WEFT_SOURCE_DIR) + "/reference/embed/trace_bytes.json";

struct Lines final : schedule::Observer {
  void on_step(const schedule::Step& step) override { text += trace_line(step) + "\n"; }
  std::string text;
};

// Everything that the run says, hashed.
std::string bytes_of(const std::shared_ptr<const module::Module>& module,
                     const std::string& schedule, const std::string& argument = "argument") {
  auto scheduler = schedule::make_scheduler(schedule);
  EXPECT_TRUE(scheduler) << schedule;
  (*scheduler)->new_execution();
  RunOptions options;
  options.process.args = {"test", argument};
  for (auto& buffer : options.process.buffers) buffer = std::make_shared<wasi::Buffer>();
  const auto out = options.process.buffers[1];
  Lines lines;
  schedule::VirtualOptions how;
  how.observer = &lines;
  how.max_steps = 20'000;
  const VirtualResult done = run_scheduled(module, std::move(options), **scheduler, how);
  lines.text += outcome_text(done.result, out->output) + "\n";
  for (const std::string& line : done.result.report) lines.text += line + "\n";
  return sha256_hex(std::string_view(lines.text + done.token));
}

std::shared_ptr<const module::Module> real_program(const std::string& name) {
  auto bytes = read_bytes(std::string(WEFT_SOURCE_DIR) + "/suite/programs/" + name + ".wasm");
  EXPECT_TRUE(bytes) << name;
  if (!bytes) return nullptr;
  auto module = module::load_module(*std::move(bytes));
  return module ? *module : nullptr;
}

// A thread computes for long without looking at anything: the machine's speed must not decide when
// the other one goes.
constexpr const char* kComputes = R"(
  (func $work (param $n i32) (result i32) (local $x i32)
    (loop $next
      (local.set $x (i32.add (i32.mul (local.get $x) (i32.const 31)) (local.get $n)))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $x))
  (func (export "wasi_thread_start") (param $tid i32) (param $n i32)
    (i32.store (i32.const 256) (call $work (local.get $n)))
    (call $announce))
  (func (export "_start") (local $looks i32)
    (drop (call $spawn (i32.const 300000))) (drop (call $spawn (i32.const 50000)))
    (loop $again
      (local.set $looks (i32.add (local.get $looks) (i32.const 1)))
      (br_if $again (i32.lt_u (i32.atomic.load (i32.const 64)) (i32.const 2))))
    (call $print (local.get $looks))
    (call $print (i32.load (i32.const 256)))))";

nlohmann::ordered_json now() {
  nlohmann::ordered_json all;
  for (const char* name :
       {"matrix", "parallel_sort", "pipeline", "readers_writers", "thread_pool", "work_stealing"}) {
    const auto module = real_program(name);
    if (!module) continue;
    for (const char* schedule : {"random:1", "pct:3:2"}) {
      all[name][schedule] = bytes_of(module, schedule, "16");  // small
    }
  }
  RandomNumbers numbers(1);
  for (int i = 0; i < 20; i++) {
    const auto module = load(random_program(numbers));
    if (!module) continue;
    for (const char* schedule : {"round-robin", "random:7", "pct:3:9"}) {
      all[fmt::format("random program {}", i)][schedule] = bytes_of(module, schedule);
    }
  }
  const auto computes = load(with_prelude(kComputes));
  for (const char* schedule : {"round-robin", "random:3", "pct:2:5"}) {
    all["a long computation"][schedule] = bytes_of(computes, schedule);
  }
  return all;
}

// Tried with: VirtualOptions::work_limit + 1; RandomNumbers with another constant.
TEST(TraceBytesThreads, AreThoseOfEveryOtherCompiler) {
  const nlohmann::ordered_json seen = now();
  if (std::getenv("WEFT_WRITE_TRACE_BYTES")) {
    ASSERT_TRUE(write_file(kFile, seen.dump(2) + "\n"));
  }
  auto text = read_text(kFile);
  ASSERT_TRUE(text) << text.error().message;
  const auto expected = nlohmann::ordered_json::parse(*text, nullptr, false);
  ASSERT_TRUE(expected.is_object()) << kFile;
  EXPECT_EQ(seen.size(), expected.size());
  for (const auto& [program, schedules] : seen.items()) {
    for (const auto& [schedule, hash] : schedules.items()) {
      ASSERT_TRUE(expected.contains(program) && expected[program].contains(schedule)) << program;
      EXPECT_EQ(hash, expected[program][schedule]) << program << " under " << schedule;
    }
  }
}

}  // namespace
}  // namespace weft::embed
