#include "runners/doctor.h"

#include "runners/descriptor_template.h"
#include "runners/test_support.h"

namespace weft::runners {
namespace {

// A runtime whose engine is a shell script; $1 is the module.
Described engine(const TemporaryFolder& folder, const std::string& body,
                 const std::string& more = "") {
  folder.script("engine", body);
  auto all = read_descriptor(folder.write("e.json", R"({"schema": "weft.runtime/1", "family": "e",
      "kind": "cli", "bin": ["./engine"], "run": ["{bin}", "{module}", "{status}", "{args}"])" +
                                                        more + "}"));
  EXPECT_TRUE(all) << all.error().message;
  locate((*all)[0]);
  return (*all)[0];
}

Observation run(const Described& runtime, double timeout = 5) {
  Case one;
  one.id = "test";
  one.timeout = timeout;
  one.args = {"a b"};
  return make_runtime(runtime)->run(one);
}

std::string failures(const Described& runtime) {
  std::string names;
  for (const Finding& one : examine(runtime)) {
    if (!one.ok) names += one.check + " ";
  }
  return names;
}

TEST(CliRuntime, ExitTrapAndRefusalByCode) {
  TemporaryFolder folder;
  const std::string codes = R"(, "exit": {"trap": [134], "reject": [1]})";
  EXPECT_EQ(run(engine(folder, "exit 70", codes)).code, 70);
  EXPECT_EQ(run(engine(folder, "exit 134", codes)).end, End::kTrap);
  EXPECT_EQ(run(engine(folder, "exit 1", codes)).end, End::kReject);
  EXPECT_EQ(run(engine(folder, "exit 1")).end, End::kExit);
}

TEST(CliRuntime, AStatusFileSaysMore) {
  TemporaryFolder folder;
  const std::string codes = R"(, "exit": {"trap": [1]})";
  auto seen = run(engine(folder, "echo '{\"trap\": \"unreachable\"}' > $2; exit 1", codes));
  EXPECT_EQ(seen.end, End::kTrap);
  EXPECT_EQ(seen.trap, "unreachable");
  seen = run(engine(folder, "echo '{\"reject\": \"validate\"}' > $2; exit 1", codes));
  EXPECT_EQ(seen.end, End::kReject);
  EXPECT_EQ(seen.stage, "validate");
  seen = run(engine(folder, "echo '{\"exit\": 1}' > $2; exit 1", codes));
  EXPECT_EQ(seen.end, End::kExit);
  EXPECT_EQ(seen.code, 1);
  seen = run(engine(folder, "echo nonsense > $2; exit 1", codes));
  EXPECT_EQ(seen.end, End::kTrap);
}

TEST(CliRuntime, ArgumentsAndCommandLineAreTheSameEveryTime) {
  TemporaryFolder folder;
  const auto seen = run(engine(folder, "echo \"$3\"; pwd"));
  EXPECT_EQ(seen.out.substr(0, 4), "a b\n");
  ASSERT_EQ(seen.argv.size(), 4u);
  EXPECT_EQ(seen.argv[1], "module.wasm");
  EXPECT_EQ(seen.argv[2], "status.json");
  std::string working = seen.out.substr(4, seen.out.size() - 5);
  EXPECT_FALSE(std::filesystem::exists(working)) << working << " is left";
}

TEST(CliRuntime, AnAbsentEngineIsAHostErrorThatSaysWhatHelps) {
  TemporaryFolder folder;
  Described one = engine(folder, "exit 0", R"(, "how_to_get": "ask a friend")");
  std::filesystem::remove(folder.path() + "/engine");
  locate(one);
  const auto seen = run(one);
  EXPECT_EQ(seen.end, End::kHostError);
  EXPECT_EQ(seen.reason, "e is not there: ask a friend");
  Described gone = engine(folder, "exit 0");
  std::filesystem::remove(folder.path() + "/engine");  // after it was located
  EXPECT_EQ(run(gone).end, End::kHostError);
  EXPECT_NE(run(gone).reason.find("cannot be started"), std::string::npos);
}

TEST(CliRuntime, ACrashAHangAFloodAndForksWithoutEndAreObservations) {
  TemporaryFolder folder;
  auto seen = run(engine(folder, "kill -SEGV $$"));
  EXPECT_EQ(seen.end, End::kSignal);
  EXPECT_EQ(seen.code, 11);
  EXPECT_EQ(run(engine(folder, "sleep 1000"), 0.3).end, End::kTimeout);
  seen = run(engine(folder, "yes"), 0.3);
  EXPECT_EQ(seen.end, End::kTimeout);
  EXPECT_TRUE(seen.out_truncated);
  EXPECT_EQ(seen.out.size(), 64u << 10);
  seen = run(engine(folder, "while :; do sleep 1000 & done"), 30);
  EXPECT_EQ(seen.end, End::kOom);
  EXPECT_NE(seen.reason.find("processes, the limit is 512"), std::string::npos) << seen.reason;
}

TEST(Doctor, AnEngineThatDoesNothingFailsEveryCheck) {
  TemporaryFolder folder;
  EXPECT_EQ(failures(engine(folder, "exit 0")), "run trap hang flood refusal ");
  EXPECT_EQ(failures(engine(folder, "kill -SEGV $$")), "run trap hang flood refusal ");
}

TEST(Doctor, SaysWhichKeyATrapsCodeBelongsTo) {
  TemporaryFolder folder;
  const auto findings = examine(engine(folder, "echo oops >&2; exit 42"));
  ASSERT_EQ(findings.size(), 5u);
  EXPECT_EQ(
      findings[1].text,
      "exit code 42 ('oops'); expected a trap: put this code into the descriptor's exit.trap");
  EXPECT_TRUE(findings[4].ok);
}

TEST(Template, IsADescriptorThatIsUnderstood) {
  TemporaryFolder folder;
  auto all = read_descriptor(folder.write("my-own.json", descriptor_template("my-own")));
  ASSERT_TRUE(all) << all.error().message;
  ASSERT_EQ(all->size(), 1u);
  EXPECT_EQ((*all)[0].info.name, "my-own");
  EXPECT_EQ((*all)[0].descriptor["env_bin"], "MY_OWN");
  EXPECT_TRUE(is_family_name("my-own"));
  for (const char* bad : {"", "My", "my own", "../x", "my-", "4you"}) {
    EXPECT_FALSE(is_family_name(bad)) << bad;
  }
}

// docs/adding-a-runtime.md, followed to the letter: its example is put into the user's folder, its
// engine is named by the variable, and a program runs on it.
TEST(Template, TheDescriptorOfTheDocumentationWorks) {
  auto page = read_text(WEFT_SOURCE_DIR "/docs/adding-a-runtime.md");
  ASSERT_TRUE(page);
  const size_t begin = page->find("```json\n"), end = page->find("```", begin + 8);
  ASSERT_NE(end, std::string::npos);
  TemporaryFolder folder;
  const std::string engine = folder.script(
      "engine", "[ $1 = --version ] && echo toywasm v76.0 && exit 0\necho \"$@\"; exit 66");
  ScopedVariable variable("TOYWASM", engine.c_str());
  auto all =
      read_descriptor(folder.write("toywasm.json", page->substr(begin + 8, end - begin - 8)));
  ASSERT_TRUE(all) << all.error().message;
  ASSERT_EQ(all->size(), 2u);
  Described one = (*all)[1];
  EXPECT_EQ(one.info.name, "toywasm:small-stack");
  locate(one);
  EXPECT_EQ(one.info.version, "76.0") << one.info.how_to_get;
  const auto seen = run(one);
  EXPECT_EQ(seen.code, 66);
  EXPECT_EQ(seen.out, "--wasi --max-frames=1000 module.wasm -- a b\n");
}

}  // namespace
}  // namespace weft::runners
