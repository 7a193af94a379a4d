#include "results/executor.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>
#include <thread>

#include "results/controls.h"

namespace weft::results {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using runners::Case;
using runners::Observation;
using runners::Runtime;

// Most cases of one batch: few enough that results keep coming.
constexpr size_t kMostCases = 16;

// Work for one worker: cases of one runtime.
struct Unit {
  size_t column = 0;
  std::vector<size_t> tests;
  std::optional<Record> first;  // a second run of this
};

class Executor {
 public:
  Executor(const std::vector<Prepared>& tests, std::vector<Column>& columns,
           const Expectations& expectations, const std::set<std::string>& done,
           const ExecutorOptions& options, const std::atomic<int>& interrupt, const Sink& sink)
      : tests_(tests),
        columns_(columns),
        expectations_(expectations),
        done_(done),
        options_(options),
        interrupt_(interrupt),
        sink_(sink),
        states_(columns.size()) {}

  ExecutorResult run() {
    start_ = Clock::now();
    // The workers live as long as the harness works: children are tied to the thread that forks.
    std::vector<std::thread> workers;
    const unsigned jobs = std::max(1u, options_.jobs);
    for (unsigned i = 0; i < jobs; ++i) workers.emplace_back([this] { work(); });
    for (size_t c = 0; c < columns_.size(); ++c) {
      if (columns_[c].missing.empty()) queue_.push_back({c, {}, {}});
    }
    drain(jobs);  // controls
    plan();
    drain(jobs);  // cases that may run beside others
    queue_ = std::move(alone_);
    alone_.clear();
    drain(1);
    // Second runs that the lone cases asked for.
    queue_ = std::move(alone_);
    alone_.clear();
    drain(1);
    {
      std::lock_guard lock(mutex_);
      finished_ = true;
    }
    changed_.notify_all();
    for (std::thread& worker : workers) worker.join();
    result_.interrupted = interrupt_ > 0;
    return std::move(result_);
  }

 private:
  struct State {
    bool broken = false;
    std::string why;
    size_t batch = 1;
    double seconds = 0;
    bool controls_done = false;
  };

  bool stopped() const { return interrupt_ > 0; }

  // Lets at most `parallel` workers take units until none is left.
  void drain(unsigned parallel) {
    std::unique_lock lock(mutex_);
    parallel_ = parallel;
    changed_.notify_all();
    changed_.wait(lock, [this] { return queue_.empty() && running_ == 0; });
    parallel_ = 0;
  }

  void work() {
    std::vector<std::unique_ptr<Runtime>> runtimes(columns_.size());
    while (true) {
      Unit unit;
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock,
                      [this] { return finished_ || (running_ < parallel_ && !queue_.empty()); });
        if (finished_) return;
        unit = std::move(queue_.front());
        queue_.pop_front();
        ++running_;
      }
      const auto begun = Clock::now();
      auto& runtime = runtimes[unit.column];
      if (!stopped()) {
        if (!runtime) runtime = runners::make_runtime(columns_[unit.column].runtime);
        perform(unit, *runtime);
      }
      {
        std::lock_guard lock(mutex_);
        states_[unit.column].seconds += std::chrono::duration<double>(Clock::now() - begun).count();
        --running_;
      }
      changed_.notify_all();
    }
  }

  void plan() {
    // By test, then by runtime, so that all columns grow alike.
    std::vector<std::vector<size_t>> pending(columns_.size());
    for (size_t t = 0; t < tests_.size(); ++t) {
      for (size_t c = 0; c < columns_.size(); ++c) {
        if (settled(t, c)) continue;
        if (tests_[t].alone()) {
          alone_.push_back({c, {t}, {}});
          continue;
        }
        pending[c].push_back(t);
        if (pending[c].size() >= std::min(states_[c].batch, kMostCases)) {
          queue_.push_back({c, std::move(pending[c]), {}});
          pending[c].clear();
        }
      }
    }
    for (size_t c = 0; c < columns_.size(); ++c) {
      if (!pending[c].empty()) queue_.push_back({c, std::move(pending[c]), {}});
    }
  }

  // Cases whose verdict needs no run.
  bool settled(size_t t, size_t c) {
    const Prepared& prepared = tests_[t];
    const runners::RuntimeInfo& info = columns_[c].runtime.info;
    if (done_.count(prepared.test->header.id + "\n" + info.name)) return true;
    if (stopped()) return true;
    auto settle = [&](Verdict verdict, const std::string& reason) {
      emit(not_run(prepared, info, verdict, reason, options_.attempts));
      return true;
    };
    if (!columns_[c].missing.empty()) return settle(Verdict::kSkipped, columns_[c].missing);
    if (states_[c].broken) return settle(Verdict::kHarnessError, states_[c].why);
    std::string why = not_built(*prepared.test, prepared.expect);
    if (prepared.litmus && why.empty()) why = prepared.litmus->why_not();
    if (!why.empty()) {
      return settle(Verdict::kSkipped, why);
    }
    if (prepared.test->header.kind == suite::Kind::kScript && info.kind != "reference") {
      return settle(Verdict::kUnsupported,
                    "specification scripts run on the reference: it has no way to be given one");
    }
    for (const std::string& need : prepared.test->header.needs) {
      if (info.lacks.count(need)) {
        return settle(Verdict::kUnsupported, "a probe shows that it lacks " + need);
      }
    }
    const ExpectationRule* rule = expectations_.find(prepared.test->header.id, info);
    if (rule && rule->skip) {
      rule->used = true;
      return settle(Verdict::kSkipped, fmt::format("{}: {}", rule->issue, rule->note));
    }
    return false;
  }

  bool budget_ended(size_t column) {
    const double spent = std::chrono::duration<double>(Clock::now() - start_).count();
    std::lock_guard lock(mutex_);
    const bool ended =
        (options_.budget > 0 && spent > options_.budget) ||
        (options_.runtime_budget > 0 && states_[column].seconds > options_.runtime_budget);
    if (ended) result_.budget_ended = true;
    return ended;
  }

  // What an interruption has cut off is not a result: the case counts as not run.
  bool cut_off(const Prepared& prepared, const Record& line) const {
    if (line.observed.is_object() && line.observed.contains("stopped")) return true;
    // A litmus verdict needs all its batches; one forbidden outcome is proof.
    return stopped() && prepared.litmus && line.final && line.verdict != Verdict::kFail;
  }

  void emit(const Prepared& prepared, const Record& line) {
    if (!cut_off(prepared, line)) emit(line);
  }

  void emit(const Record& record) {
    std::lock_guard lock(sink_mutex_);
    sink_.record(record);
  }

  // A private copy of the directories of a case, removed again.
  Observation run_case(Runtime& runtime, Case one) {
    const std::string folder = scratch(one);
    Observation seen = runtime.run(one);
    std::error_code ec;
    if (!folder.empty()) fs::remove_all(folder, ec);
    return seen;
  }

  std::string scratch(Case& one) {
    if (one.dirs.empty()) return "";
    const std::string folder =
        fmt::format("{}/{}", options_.attempts.scratch, scratch_counter_.fetch_add(1));
    std::error_code ec;
    for (size_t i = 0; i < one.dirs.size(); ++i) {
      const std::string copy = fmt::format("{}/{}", folder, i);
      fs::create_directories(copy, ec);
      if (fs::is_directory(one.dirs[i].host, ec)) {
        fs::copy(one.dirs[i].host, copy,
                 fs::copy_options::recursive | fs::copy_options::copy_symlinks, ec);
      }
      one.dirs[i].host = fs::absolute(copy).string();
    }
    return folder;
  }

  void perform(Unit& unit, Runtime& runtime) {
    State& state = states_[unit.column];
    if (unit.tests.empty()) {
      prepare(unit.column, runtime);
      return;
    }
    if (budget_ended(unit.column)) return;
    const runners::RuntimeInfo& info = columns_[unit.column].runtime.info;
    Machine machine;
    machine.stop = [this] { return stopped(); };
    machine.run = [&](const Case& one, bool fresh) {
      if (!fresh || info.kind == "cli") return run_case(runtime, one);
      auto another = runners::make_runtime(columns_[unit.column].runtime);
      return run_case(*another, one);
    };
    if (unit.first) {
      const Prepared& prepared = tests_[unit.tests[0]];
      for (const Record& line :
           second_attempt(prepared, info, expectations_, options_.attempts, machine, *unit.first)) {
        emit(prepared, line);
      }
      return;
    }
    std::vector<Case> cases;
    std::vector<std::string> folders;
    for (const size_t t : unit.tests) {
      cases.push_back(make_case(tests_[t], options_.attempts, 1));
      folders.push_back(scratch(cases.back()));
      if (sink_.started) {
        std::lock_guard lock(sink_mutex_);
        sink_.started(tests_[t].test->header.id, info.name);
      }
    }
    std::vector<Observation> seen;
    if (cases.size() == 1 && state.batch == 1) {
      seen.push_back(runtime.run(cases[0]));
    } else {
      seen = runtime.run_batch(cases);
    }
    std::error_code ec;
    for (const std::string& folder : folders) {
      if (!folder.empty()) fs::remove_all(folder, ec);
    }
    seen.resize(cases.size());
    for (size_t i = 0; i < cases.size(); ++i) {
      Verdicts verdicts = first_attempts(tests_[unit.tests[i]], info, expectations_,
                                         options_.attempts, machine, std::move(seen[i]));
      for (const Record& line : verdicts.lines) emit(tests_[unit.tests[i]], line);
      if (!verdicts.again_alone) continue;
      std::lock_guard lock(mutex_);
      alone_.push_back({unit.column, {unit.tests[i]}, verdicts.lines.back()});
    }
  }

  void prepare(size_t column, Runtime& runtime) {
    State& state = states_[column];
    state.batch = runtime.largest_batch();
    if (!options_.controls) return;
    state.why = run_controls(runtime);
    if (state.why.empty() || stopped()) return;
    state.broken = true;
    std::lock_guard lock(sink_mutex_);
    result_.broken.insert(columns_[column].runtime.info.name);
    if (sink_.control_failed) {
      sink_.control_failed(columns_[column].runtime.info.name, state.why);
    }
  }

  const std::vector<Prepared>& tests_;
  std::vector<Column>& columns_;
  const Expectations& expectations_;
  const std::set<std::string>& done_;
  const ExecutorOptions& options_;
  const std::atomic<int>& interrupt_;
  const Sink& sink_;
  std::vector<State> states_;
  Clock::time_point start_;
  std::mutex mutex_, sink_mutex_;
  std::condition_variable changed_;
  std::deque<Unit> queue_, alone_;
  unsigned parallel_ = 0, running_ = 0;
  bool finished_ = false;
  std::atomic<unsigned> scratch_counter_{0};
  ExecutorResult result_;
};

}  // namespace

ExecutorResult execute(const std::vector<Prepared>& tests, std::vector<Column>& columns,
                       const Expectations& expectations, const std::set<std::string>& done,
                       const ExecutorOptions& options, const std::atomic<int>& interrupt,
                       const Sink& sink) {
  return Executor(tests, columns, expectations, done, options, interrupt, sink).run();
}

}  // namespace weft::results
