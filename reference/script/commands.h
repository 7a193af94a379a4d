// The commands of a script (its grammar's "cmd"), run one after the other, and what the threads of
// a script share: the report, the parking place of waiters, instances that must stay alive.
#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "reference/module/text/cursor.h"
#include "reference/script/drive.h"
#include "reference/script/scope.h"
#include "reference/script/script.h"

namespace weft::script {

// Thread-safe.
class Shared {
 public:
  Shared(std::string_view source, const Options& options);

  const Options& options() const { return options_; }
  Parking& parking() { return parking_; }
  // Runs one command and counts what it came to.
  void command(module::text::Cursor in, std::string_view word,
               const std::function<void(module::text::Cursor)>& run);
  void keep(std::shared_ptr<machine::Instance> instance);

  // Threads of the script. Their name "" is the last one started without a name.
  void start(std::string name, std::function<void()> run);
  // Throws Failure: unknown, or still running after the limit.
  void wait(const std::string& name);

  // Stops and joins what still runs; sorts the report.
  void finish();
  const Report& report() const { return report_; }

 private:
  struct Started {
    std::thread thread;
    bool ended = false;  // guarded by parking_.mutex
  };
  size_t line_of(size_t offset) const;
  void count(Status status, size_t offset, std::string_view command, std::string message);

  const Options& options_;
  std::vector<size_t> lines_;  // offsets of their beginnings
  Parking parking_;
  std::mutex mutex_;
  Report report_;
  std::vector<std::shared_ptr<machine::Instance>> kept_;
  std::list<Started> threads_;
  std::map<std::string, Started*> by_name_;
};

void run_commands(module::text::Cursor commands, Scope& scope, Shared& shared);
// "(module ...)" without the word.
void run_module(module::text::Cursor in, Scope& scope, Shared& shared);

}  // namespace weft::script
