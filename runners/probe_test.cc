#include "runners/probe.h"

#include "reference/module/assemble.h"
#include "runners/test_support.h"

namespace weft::runners {
namespace {

TEST(Probe, EveryModuleAssembles) {
  for (const Probe& one : probes()) {
    auto wasm = module::assemble(one.wat, std::string(one.feature));
    EXPECT_TRUE(wasm) << one.feature << ": " << wasm.error().message;
  }
}

// An engine that can do everything but spawn, and counts its runs.
TEST(Probe, SortsFeaturesAndAsksOnlyOnce) {
  TemporaryFolder folder, cache;
  ScopedVariable variable("WEFT_CACHE", cache.path().c_str());
  folder.script("engine", "echo run >> " + folder.path() +
                              "/runs\ngrep -q thread-spawn $1 && exit 9\nexit 77");
  const std::string path = folder.write("e.json", R"({"schema": "weft.runtime/1", "family": "e",
      "kind": "cli", "bin": ["./engine"], "run": ["{bin}", "{module}"]})");
  for (int round = 0; round < 2; ++round) {
    auto all = read_descriptor(path);
    ASSERT_TRUE(all) << all.error().message;
    Described& one = (*all)[0];
    locate(one);
    auto ok = probe(one);
    ASSERT_TRUE(ok) << ok.error().message;
    EXPECT_EQ(one.info.lacks, (std::set<std::string>{"wasi-threads"}));
    EXPECT_EQ(one.info.features.size(), probes().size() - 1);
    EXPECT_EQ(one.info.features.count("memory64"), 1u);
    auto runs = read_text(folder.path() + "/runs");
    ASSERT_TRUE(runs);
    EXPECT_EQ(runs->size(), probes().size() * 4);
  }
  // Another binary is asked again.
  folder.script("engine", "exit 1");
  auto all = read_descriptor(path);
  ASSERT_TRUE(all);
  locate((*all)[0]);
  ASSERT_TRUE(probe((*all)[0]));
  EXPECT_TRUE((*all)[0].info.features.empty());
  EXPECT_EQ((*all)[0].info.lacks.size(), probes().size());
}

TEST(Probe, ARuntimeThatIsNotThereIsAnErrorAndNotKept) {
  TemporaryFolder folder, cache;
  ScopedVariable variable("WEFT_CACHE", cache.path().c_str());
  const std::string path = folder.write("e.json", R"({"schema": "weft.runtime/1", "family": "e",
      "kind": "cli", "bin": ["./engine"], "run": ["{bin}", "{module}"]})");
  auto all = read_descriptor(path);
  ASSERT_TRUE(all);
  locate((*all)[0]);
  auto missing = probe((*all)[0]);
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("e: "), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(cache.path() + "/probes"));
}

}  // namespace
}  // namespace weft::runners
