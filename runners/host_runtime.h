// A runtime behind a persistent host program (runners/host/): batches of cases over the protocol of
// runners/protocol.h. Knows the protocol and processes, no engine and no verdicts.
//
// The parent holds the deadline. The host answers each case as it ends, so a case may take its
// `timeout` since the answer before it. When a batch hangs or the host dies, the first case without
// an answer is the suspect: it runs again, alone in a fresh host, and gets the verdict of that run;
// if it ends normally alone, the cases answered before it are halved until those that are needed to
// repeat the end are found. All others run again in a fresh host. Nothing is lost.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "runners/descriptor.h"
#include "runners/runtime.h"

namespace weft::runners {

struct HostSetup {
  RuntimeInfo info;
  std::vector<std::string> argv;           // starts the host program
  std::map<std::string, std::string> env;  // added to our environment
  double start_timeout = 30;               // seconds until the hello frame
};

class HostRuntime : public Runtime {
 public:
  explicit HostRuntime(HostSetup setup);
  ~HostRuntime() override;

  const RuntimeInfo& info() const override;
  Observation run(const Case& one) override;
  // Any number of cases; sent in batches of `largest_batch`. May be called from several threads,
  // one after the other.
  std::vector<Observation> run_batch(std::span<const Case> cases) override;
  // What the host's hello says; starts it. 1 when it cannot be started.
  size_t largest_batch() const override;
  // What the host's hello says: the features that the engine accepts and those that we add.
  std::vector<std::string> features() const;
  // How often a host has been started so far.
  int starts() const;

 private:
  class Session;
  std::unique_ptr<Session> session_;
};

// The runtime of a located descriptor of kind `host`. `{program}` in its `run` is our host program
// for JavaScript engines; a descriptor may as well name a program of its own. One that is not found
// answers every case with End::kHostError and says how to get it.
std::unique_ptr<Runtime> make_host_runtime(const Described& runtime);

}  // namespace weft::runners
