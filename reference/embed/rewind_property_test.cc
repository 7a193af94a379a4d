// A rewound execution is the one that a new process, instance and memory would make: random
// programs, each kept and run again and again, against the same schedules run from scratch.
// Compared are the trace, the output, the token and the ending, with an observer and without (whose
// steps go through the short cut of VirtualRun::plain_step).
#include <cstdlib>

#include "reference/base/files.h"
#include "reference/embed/random_programs_for_tests.h"
#include "reference/embed/virtual_program.h"

namespace weft::embed {
namespace {

struct Ran {
  uint64_t trace = 0, steps = 0;
  std::string out, token, message;
  RunResult::Kind kind{};
  uint32_t code = 0;
  bool operator==(const Ran&) const = default;
};

// One program under one schedule's stream of executions.
class Kept {
 public:
  Kept(std::shared_ptr<const module::Module> module, std::unique_ptr<schedule::Scheduler> scheduler,
       bool observed, ThreadingModel threading, uint64_t max_steps = 20'000,
       std::vector<std::string> arguments = {"test", "argument"})
      : module_(std::move(module)), scheduler_(std::move(scheduler)) {
    options_.process.args = std::move(arguments);
    options_.program.threading = threading;
    for (auto& buffer : options_.process.buffers) buffer = std::make_shared<wasi::Buffer>();
    how_.max_steps = max_steps;
    if (observed) how_.observer = &fingerprint_;
  }
  // Anew, or the program of the last time.
  Ran run(bool anew) {
    scheduler_->new_execution();
    fingerprint_ = Fingerprint{};
    if (!program_ || anew) {
      program_.reset();
      for (auto& buffer : options_.process.buffers) buffer->rewind();
      auto made = VirtualProgram::make(module_, options_, *scheduler_, how_);
      EXPECT_TRUE(made);
      if (!made) return {};
      program_ = *std::move(made);
    }
    const RunResult result = program_->run();
    EXPECT_TRUE(program_->is_rewound());
    return {fingerprint_.hash,
            program_->last().steps(),
            options_.process.buffers[1]->output,
            program_->last().choices().token(),
            result.message,
            result.kind,
            result.code};
  }

 private:
  std::shared_ptr<const module::Module> module_;
  std::unique_ptr<schedule::Scheduler> scheduler_;
  RunOptions options_;
  schedule::VirtualOptions how_;
  Fingerprint fingerprint_;
  std::unique_ptr<VirtualProgram> program_;
};

// Tried with: UndoLog::restore without its loop over chunks; Program::rewind without put_back;
// thread_instance without write_data_again, without put_back; MachineMemory::write without
// before_write; Process::reset without fds_.clear(); plain_step that notes nothing.
void compare(int programs, ThreadingModel threading, uint64_t seed) {
  RandomNumbers numbers(seed);
  uint64_t steps = 0, different = 0, threads = 0;
  for (int p = 0; p < programs; p++) {
    const std::string text = random_program(numbers);
    const auto module = load(text);
    ASSERT_TRUE(module) << text;
    const uint64_t first = numbers.next();
    const auto scheduler = [&]() -> std::unique_ptr<schedule::Scheduler> {
      return p % 3 == 2 ? schedule::make_pct(3, first) : schedule::make_random(first);
    };
    Kept anew(module, scheduler(), true, threading), kept(module, scheduler(), true, threading),
        brief(module, scheduler(), false, threading);
    Ran last;
    for (int r = 0; r < 30; r++) {
      Ran expected = anew.run(true);
      ASSERT_EQ(kept.run(false), expected) << "execution " << r << " of\n" << text;
      different += expected != last;
      steps += expected.steps;
      last = expected;
      expected.trace = Fingerprint{}.hash;
      ASSERT_EQ(brief.run(false), expected) << "unobserved execution " << r << " of\n" << text;
      threads++;
    }
  }
  EXPECT_GT(steps, threads * 10) << "the programs do something";
  EXPECT_GT(different, threads / 4) << "and schedules make a difference";
}

TEST(RewindProperty, ARewoundExecutionIsAFreshOne) {
  compare(std::getenv("WEFT_FULL") ? 1000 : 60, ThreadingModel::kInstancePerThread, 4);
}

TEST(RewindProperty, ARewoundExecutionIsAFreshOneInASharedInstance) {
  compare(std::getenv("WEFT_FULL") ? 1000 : 30, ThreadingModel::kSharedInstance, 5);
}

// The programs of suite/programs whole, or cut off in their middle.
TEST(RewindProperty, RealProgramsAreRewound) {
  for (const char* name :
       {"matrix", "parallel_sort", "pipeline", "readers_writers", "thread_pool", "work_stealing"}) {
    auto bytes = read_bytes(fmt::format("{}/suite/programs/{}.wasm", WEFT_SOURCE_DIR, name));
    ASSERT_TRUE(bytes) << bytes.error().message;
    const auto module = module::load_module(*std::move(bytes));
    ASSERT_TRUE(module);
    for (const bool observed : {false, true}) {
      const uint64_t most = observed ? 10'000 : 100'000;
      const auto model = ThreadingModel::kInstancePerThread;
      Kept anew(*module, schedule::make_random(9), observed, model, most, {name});
      Kept kept(*module, schedule::make_random(9), observed, model, most, {name});
      for (int r = 0; r < 4; r++) {
        const Ran expected = anew.run(true);
        ASSERT_GT(expected.steps, 1000u);
        ASSERT_EQ(kept.run(false), expected) << name << ", execution " << r;
      }
    }
  }
}

// An unshared memory is written behind the scheduler's back.
TEST(RewindProperty, AProgramWhoseWritesAreNotSeenIsMadeAnew) {
  const auto module =
      load(R"((module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory 1) (export "memory" (memory 0))
  (func (export "_start")
    (i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (i32.const 3)))
    (call $exit (i32.load (i32.const 8))))))");
  ASSERT_TRUE(module);
  const auto scheduler = schedule::make_random(1);
  auto program = VirtualProgram::make(module, {}, *scheduler);
  ASSERT_TRUE(program);
  for (int i = 0; i < 3; i++) {
    scheduler->new_execution();
    EXPECT_EQ((*program)->run().code, 3u);
    EXPECT_FALSE((*program)->is_rewound());
  }
}

// A wait that is not-equal leaves nothing behind that the next start of the thread would meet.
// Tried with: Interpreter::wait that leaves `waiter_.queues` set.
TEST(RewindProperty, AWaitThatWasNotEqualIsForgottenByTheNextStart) {
  const auto module = load(with_prelude(R"(
  (func (export "wasi_thread_start") (param i32 i32)
    (i32.store (i32.const 256) (memory.atomic.wait32 (i32.const 128) (i32.const 7) (i64.const -1)))
    (call $announce))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))
    (i32.store (i32.const 260) (memory.atomic.wait32 (i32.const 128) (i32.const 7) (i64.const -1)))
    (call $await (i32.const 1))
    (call $exit (i32.add (i32.mul (i32.load (i32.const 256)) (i32.const 10))
                         (i32.load (i32.const 260))))))"));
  ASSERT_TRUE(module);
  const auto scheduler = schedule::make_random(1);
  auto program = VirtualProgram::make(module, {}, *scheduler);
  ASSERT_TRUE(program);
  for (int i = 0; i < 20; i++) {
    scheduler->new_execution();
    const RunResult result = (*program)->run();
    EXPECT_EQ(result.kind, RunResult::Kind::kExit);
    EXPECT_EQ(result.code, 11u);
  }
}

}  // namespace
}  // namespace weft::embed
