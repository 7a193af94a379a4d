// The fake runtime and the folder of end-to-end tests (cli/e2e.h).
#include "cli/e2e.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "reference/base/files.h"

namespace weft::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr char kFake[] = R"PY(
import os, signal, sys, time
if "--version" in sys.argv: print("fake 1.2.3"); sys.exit(0)
path = [a for a in sys.argv if a.endswith(".wasm")][0]
m = open(path, "rb").read()
at = m.find(b"MARK:")
if b"weft-hist " in m:  # a litmus test: as if seq-cst stores were plain, now and then
    print("weft-hist 990 0:r0=0 1:r1=1\nweft-hist 10 0:r0=0 1:r1=0\nweft-hist-end 1000 0\nok")
    sys.exit(0)
if at < 0:  # a control or a probe
    if b"\x03\x40\x0c\x00" in m and "--unkillable" not in sys.argv:
        while True: pass
    print("ok" if b"not ok" not in m or "--blind" in sys.argv else "not ok")
    sys.exit(0)
word, _, rest = m[at + 5 : m.index(b";", at)].decode().partition(" ")
def first_time(name):
    mark = os.path.join(os.environ["FAKE_STATE"], name)
    seen = os.path.exists(mark)
    open(mark, "w").close()
    return not seen
if word == "ok": print("ok")
elif word == "out": print(rest); sys.exit(64 if ": got " in rest else 0)
elif word == "exit": sys.exit(int(rest))
elif word == "crash": os.kill(os.getpid(), signal.SIGSEGV)
elif word == "sleep": time.sleep(1000)
elif word == "spin":
    while True: pass
elif word == "slow-once":
    while first_time(rest): 
        while True: pass
    print("ok")
elif word == "flaky": print("ok" if not first_time(rest) else "early")
elif word == "flood":
    for _ in range(4000): os.write(1, b"x" * 4096)
elif word == "bytes": os.write(1, b"\xff\x00\x1b[31m<&>"); sys.exit(1)
elif word == "hold":
    if "FAKE_FIFO" in os.environ:
        for s in (signal.SIGINT, signal.SIGTERM): signal.signal(s, signal.SIG_IGN)
        fd = os.open(os.environ["FAKE_FIFO"], os.O_WRONLY)
        if os.fork() == 0: os.setsid()
        else: os.write(fd, b"x")
        while True: time.sleep(1000)
    print("ok")
elif word == "fork":
    while True:
        try: os.fork()
        except OSError: time.sleep(0.01)
)PY";

}  // namespace

EndToEnd::EndToEnd() {
  char pattern[] = "/tmp/weft-e2e-XXXXXX";
  folder_ = ::mkdtemp(pattern);
  fs::create_directories(folder_ + "/state");
  file("fake.py", kFake);
  const json fake = {{"schema", "weft.runtime/1"},
                     {"family", "fake"},
                     {"kind", "cli"},
                     {"bin", {"python3", folder_ + "/fake.py"}},
                     {"version_from", {{"args", {"--version"}}, {"regex", "fake ([0-9.]+)"}}},
                     {"run", {"{bin}", "{flags}", "{module}", "{args}"}},
                     {"exit", {{"trap", {134}}}},
                     {"configs",
                      {{{"name", "blind"}, {"flags", {"--blind"}}},
                       {{"name", "unkillable"}, {"flags", {"--unkillable"}}}}}};
  file("fake.json", fake.dump(1));
  file("suite/manifest.json", R"({"name": "for tests"})");
}

EndToEnd::~EndToEnd() {
  std::error_code ec;
  fs::remove_all(folder_, ec);
}

void EndToEnd::file(const std::string& name, const std::string& text) {
  auto ok = write_file(folder_ + "/" + name, std::string_view(text));
  ASSERT_TRUE(ok) << ok.error().message;
}

void EndToEnd::test(const std::string& name, const std::string& does, json header) {
  file("suite/" + name + ".wat", "(module (memory 1) (data (i32.const 0) \"MARK:" + does + ";\"))");
  json full = {{"id", name},
               {"requirements", {"WAIT-028"}},
               {"story", "For a test."},
               {"expect", {{"exit", 0}, {"stdout", "ok\n"}}}};
  if (header.is_object()) full.update(header);
  file("suite/" + name + ".json", json{{"weft", full}}.dump(1));
}

runners::ProcessResult EndToEnd::weft(const std::vector<std::string>& args,
                                      const std::map<std::string, std::string>& env) {
  const runners::ProcessSpec spec = command(args, env);
  auto result = runners::run_process(spec);
  EXPECT_TRUE(result) << result.error().message;
  return result ? *result : runners::ProcessResult{};
}

runners::ProcessSpec EndToEnd::command(const std::vector<std::string>& args,
                                       const std::map<std::string, std::string>& env) const {
  runners::ProcessSpec spec;
  spec.argv = {WEFT_BINARY_DIR "/weft"};
  spec.argv.insert(spec.argv.end(), args.begin(), args.end());
  spec.cwd = folder_;
  spec.timeout = 120;
  spec.output_limit = 1 << 20;
  spec.env = {{"HOME", folder_},
              {"WEFT_HOME", WEFT_SOURCE_DIR},
              {"WEFT_CACHE", folder_ + "/cache"},
              {"XDG_CONFIG_HOME", folder_ + "/config"},
              {"FAKE_STATE", folder_ + "/state"},
              {"WEFT_OPTS", ""},
              {"CI", ""}};
  for (const auto& [key, value] : env) spec.env[key] = value;
  return spec;
}

runners::ProcessResult EndToEnd::run(const std::vector<std::string>& args,
                                     const std::map<std::string, std::string>& env) {
  std::vector<std::string> all = {"run", "--suite", "suite"};
  all.insert(all.end(), args.begin(), args.end());
  // The base configuration only: the others misbehave on purpose.
  all.insert(all.end(), {"--descriptors", folder_, "fake"});
  return weft(all, env);
}

results::Run EndToEnd::latest() {
  auto run = results::read_run("latest", folder_ + "/weft-runs");
  EXPECT_TRUE(run) << run.error().message;
  return run ? std::move(*run) : results::Run{};
}

std::string EndToEnd::verdict(const std::string& test) {
  std::string found = "none";
  for (const results::Record& record : latest().records) {
    if (record.test == test && record.final) found = results::name_of(record.verdict);
  }
  return found;
}

}  // namespace weft::cli
