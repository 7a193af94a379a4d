#include "runners/descriptor.h"

#include "runners/command.h"
#include "runners/selection.h"
#include "runners/test_support.h"

namespace weft::runners {
namespace {

constexpr char kFamily[] = R"json({ // a comment is allowed
  "schema": "weft.runtime/1", "family": "mill", "kind": "cli", "bin": ["./mill.sh"],
  "env_bin": "WEFT_TEST_MILL",
  "version_from": {"args": ["--version"], "regex": "mill ([0-9.]+)"},
  "run": ["{bin}", "run", {"each": "env", "as": ["--env={key}={value}"]},
          {"each": "dir", "as": ["--dir", "{host}::{guest}"]}, "--w={w}", "{flags}", "{module}", "{args}"],
  "exit": {"trap": [9], "reject": [8]},
  "set": {"w": "plain"}, "env": {"A": "1"},
  "versions": [{"name": "2", "default": true, "set": {"w": "two"}, "flags": ["-v2"]}, {"name": "1"}],
  "configs": [{"name": "slow", "flags": ["-slow"], "env": {"A": "2"}},
              {"name": "old", "versions": ["1"]}] })json";

std::vector<std::string> names(const std::vector<Described>& all) {
  std::vector<std::string> out;
  for (const Described& one : all) out.push_back(one.info.name);
  return out;
}
using Names = std::vector<std::string>;

std::string error_of(const TemporaryFolder& folder, const std::string& text) {
  auto read = read_descriptor(folder.write("d.json", text));
  return read ? "" : read.error().message.substr(folder.path().size() + 1);
}

// kFamily with one text replaced.
std::string with(const std::string& from, const std::string& to) {
  std::string text = kFamily;
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Descriptor, EveryVersionInEveryConfigurationIsARuntime) {
  TemporaryFolder folder;
  auto all = read_descriptor(folder.write("mill.json", kFamily));
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_EQ(names(*all), (Names{"mill-2", "mill-2:slow", "mill-1", "mill-1:slow", "mill-1:old"}));
  const Described& slow = (*all)[1];
  EXPECT_EQ(slow.info.flags, (Names{"-v2", "-slow"}));
  EXPECT_EQ(slow.set.at("w"), "two");
  EXPECT_EQ(slow.env.at("A"), "2");
  EXPECT_TRUE((*all)[0].info.is_default);
  EXPECT_FALSE(slow.info.is_default);
}

TEST(Descriptor, TheVersionIsLeftOutWhenOnlyOneIsDescribedAndBaseMayBeOff) {
  TemporaryFolder folder;
  auto all = read_descriptor(folder.write("mill.json", with(R"(, {"name": "1"}])", "]")));
  EXPECT_FALSE(all);  // a configuration still names version 1
  EXPECT_NE(all.error().message.find("configs[1].versions: no version is named '1'"),
            std::string::npos);
  std::string text = with(R"(, {"name": "1"}])", "], \"base\": false");
  text.replace(text.find(R"("versions": ["1"])"), 17, R"("default": true)");
  all = read_descriptor(folder.write("mill.json", text));
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_EQ(names(*all), (Names{"mill:slow", "mill:old"}));
  EXPECT_TRUE((*all)[1].info.is_default);
}

TEST(Descriptor, TheCommandLineIsFilledIn) {
  TemporaryFolder folder;
  auto all = read_descriptor(folder.write("mill.json", kFamily));
  ASSERT_TRUE(all);
  Described one = (*all)[1];
  one.info.bin = {"/bin/mill"};
  CommandValues values;
  values.text["module"] = "m.wasm";
  values.env = {{"K", "{w}"}, {"L", ""}};
  values.dirs = {{"/host", "guest"}};
  values.args = {"x y", "{bin}"};
  EXPECT_EQ(expand_command(one, values),
            (Names{"/bin/mill", "run", "--env=K={w}", "--env=L=", "--dir", "/host::guest",
                   "--w=two", "-v2", "-slow", "m.wasm", "x y", "{bin}"}));
}

TEST(Descriptor, BracesThatAreNoPlaceholderStay) {
  EXPECT_EQ(expand("{a}{b}{", {{"a", "1"}}), "1{b}{");
  EXPECT_EQ(expand("{{a}}", {{"a", "1"}}), "{1}");
}

TEST(Descriptor, MalformedOnesSayWhereAndWhatWasExpected) {
  TemporaryFolder folder;
  EXPECT_EQ(error_of(folder, "{\n oops }").substr(0, 24), "d.json:2:2: is not JSON:");
  EXPECT_EQ(error_of(folder, "[]"), "d.json: expected an object, got []");
  EXPECT_EQ(error_of(folder, "{}"), "d.json: the key 'schema' is missing");
  EXPECT_NE(
      error_of(folder, with("\"kind\": \"cli\"", "\"kind\": \"gui\""))
          .find("d.json: kind: expected one of \"cli\", \"host\", \"reference\", got \"gui\""),
      std::string::npos);
  EXPECT_NE(error_of(folder, with("\"env_bin\"", "\"envbin\""))
                .find("d.json: unknown key 'envbin', expected one of: about,"),
            std::string::npos);
  EXPECT_EQ(error_of(folder, with("\"each\": \"env\"", "\"each\": \"arg\"")),
            "d.json: run[2].each: expected one of \"env\", \"dir\", got \"arg\"");
  EXPECT_EQ(error_of(folder, with("\"{module}\", ", "")),
            "d.json: run: expected an item \"{module}\"");
  EXPECT_EQ(error_of(folder, with("\"name\": \"1\"", "\"name\": \"2\"")),
            "d.json: versions[1].name: '2' occurs twice");
  EXPECT_EQ(error_of(folder, with("\"name\": \"1\"", "\"name\": \"1\", \"from\": \"npm\"")),
            "d.json: versions[1]: the key 'package' is missing, expected with 'from': \"npm\"");
  EXPECT_EQ(error_of(folder, with("\"trap\": [9]", "\"trap\": [\"9\"]")),
            "d.json: exit.trap[0]: expected an integer, got \"9\"");
  EXPECT_FALSE(read_descriptor(folder.path() + "/none.json"));
}

TEST(Descriptor, TwoFilesOfOneFamilyInAFolderAreAnError) {
  TemporaryFolder folder;
  folder.write("a.json", kFamily);
  folder.write("b.json", kFamily);
  auto all = read_descriptors(folder.path());
  ASSERT_FALSE(all);
  EXPECT_NE(all.error().message.find("b.json: family: 'mill' is described in"), std::string::npos);
}

TEST(Descriptor, TheBuiltInOnesAreWellFormedAndTheDefaultsAreTheSix) {
  auto all = read_descriptors(WEFT_SOURCE_DIR "/runners/runtimes");
  ASSERT_TRUE(all) << all.error().message;
  auto defaults = select(*all, {});
  ASSERT_TRUE(defaults);
  Names sorted = names(*defaults);
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(sorted, (Names{"bun", "node-20", "node-24", "reference", "wamr:fast", "wasmtime-46"}));
  for (const Described& one : *all) {
    if (!one.version.contains("from")) continue;
    EXPECT_TRUE(one.version["package"].is_string() || one.version["package"].size() == 2)
        << one.info.name << ": a package for x86_64 and one for aarch64";
  }
}

TEST(Selection, ExactNameFamilyVersionGlobAndPath) {
  TemporaryFolder folder;
  const std::string path = folder.write("mill.json", kFamily);
  auto fleet = read_descriptors(folder.path());
  ASSERT_TRUE(fleet);
  EXPECT_EQ(names(*select(*fleet, {"mill-2"})), (Names{"mill-2"}));
  EXPECT_EQ(names(*select(*fleet, {"mill"})).size(), 5u);
  EXPECT_EQ(names(*select(*fleet, {"mill-?:slow"})), (Names{"mill-2:slow", "mill-1:slow"}));
  EXPECT_EQ(names(*select(*fleet, {"*:old", "mill-1"})), (Names{"mill-1:old", "mill-1"}));
  EXPECT_EQ(names(*select({}, {path})).size(), 5u);
  EXPECT_EQ(names(*select(*fleet, {})), (Names{"mill-2"}));
}

TEST(Selection, AVersionThatIsNoRuntimeSelectsEverythingBelowIt) {
  TemporaryFolder folder;
  folder.write("mill.json", with("\"schema\"", "\"base\": false, \"schema\""));
  auto fleet = read_descriptors(folder.path());
  ASSERT_TRUE(fleet);
  EXPECT_EQ(names(*select(*fleet, {"mill-1"})), (Names{"mill-1:slow", "mill-1:old"}));
}

TEST(Selection, AnUnknownRuntimeIsAnErrorThatListsNames) {
  TemporaryFolder folder;
  folder.write("mill.json", kFamily);
  auto fleet = read_descriptors(folder.path());
  ASSERT_TRUE(fleet);
  auto chosen = select(*fleet, {"mill-3"});
  ASSERT_FALSE(chosen);
  EXPECT_NE(chosen.error().message.find("'mill-3': no such runtime"), std::string::npos);
  EXPECT_NE(chosen.error().message.find("mill-2, mill-1"), std::string::npos);
  EXPECT_FALSE(select(*fleet, {"w*"}));
  EXPECT_FALSE(select(*fleet, {folder.path() + "/missing.json"}));
}

TEST(Selection, FoldersInOrderAndAnEarlierFamilyHidesALaterOne) {
  TemporaryFolder first, second, config;
  ScopedVariable variable("XDG_CONFIG_HOME", config.path().c_str());
  first.write("mill.json", with("\"name\": \"slow\"", "\"name\": \"mine\""));
  second.write("mill.json", kFamily);
  std::filesystem::create_directories(config.path() + "/weft/runtimes");
  EXPECT_EQ(descriptor_folders("/first", "/home"),
            (Names{"/first", config.path() + "/weft/runtimes", "/home/runners/runtimes"}));
  auto fleet = read_fleet({first.path(), second.path()});
  ASSERT_TRUE(fleet);
  EXPECT_EQ(fleet->size(), 5u);
  EXPECT_EQ((*fleet)[1].info.name, "mill-2:mine");
}

TEST(Locate, ABinaryBesideTheDescriptorIsFoundAndAsked) {
  TemporaryFolder folder;
  folder.script("mill.sh", "echo mill 3.4");
  auto all = read_descriptor(folder.write("mill.json", kFamily));
  ASSERT_TRUE(all);
  Described& one = (*all)[0];
  locate(one);
  EXPECT_TRUE(one.info.found) << one.info.how_to_get;
  EXPECT_EQ(one.info.version, "3.4");
  EXPECT_EQ(one.info.binary_sha256, sha256_hex(std::string_view("#!/bin/sh\necho mill 3.4\n")));
}

TEST(Locate, AMissingOrWrongBinarySaysWhatHelps) {
  TemporaryFolder folder;
  auto all = read_descriptor(folder.write("mill.json", kFamily));
  ASSERT_TRUE(all);
  Described one = (*all)[0];
  locate(one);
  EXPECT_FALSE(one.info.found);
  EXPECT_NE(one.info.how_to_get.find("no executable file; or set WEFT_TEST_MILL_2 to its binary"),
            std::string::npos)
      << one.info.how_to_get;
  folder.script("mill.sh", "echo bakery 1");
  locate(one);
  EXPECT_FALSE(one.info.found);
  EXPECT_NE(
      one.info.how_to_get.find("printed 'bakery 1', expected something like 'mill ([0-9.]+)'"),
      std::string::npos)
      << one.info.how_to_get;
}

TEST(Locate, TheEnvironmentOverridesBinaryAndOptions) {
  TemporaryFolder folder;
  const std::string other = folder.script("other", "echo mill 9");
  ScopedVariable binary("WEFT_TEST_MILL", other.c_str());
  ScopedVariable flags("WEFT_TEST_MILL_FLAGS", "-a  -b=c");
  auto all = read_descriptor(folder.write("mill.json", kFamily));
  ASSERT_TRUE(all);
  locate((*all)[0]);
  locate((*all)[0]);  // again: nothing is added twice
  EXPECT_EQ((*all)[0].info.version, "9");
  EXPECT_EQ((*all)[0].info.flags, (Names{"-v2", "-a", "-b=c"}));
  const std::string particular = folder.script("particular", "echo mill 8");
  ScopedVariable more("WEFT_TEST_MILL_1", particular.c_str());
  locate((*all)[2]);
  EXPECT_EQ((*all)[2].info.version, "8");
  ScopedVariable wrong("WEFT_TEST_MILL_1", "/no/such/mill");
  locate((*all)[2]);
  EXPECT_EQ((*all)[2].info.how_to_get, "WEFT_TEST_MILL_1='/no/such/mill' is no executable file");
}

TEST(Locate, EnginesLieInTheCacheByNameVersionAndHash) {
  ScopedVariable cache("WEFT_CACHE", "/cache");
  auto all = read_descriptor(WEFT_SOURCE_DIR "/runners/runtimes/wasmtime.json");
  ASSERT_TRUE(all);
  const std::string folder = engine_folder((*all)[0]);
  EXPECT_EQ(folder.find("/cache/engines/wasmtime-46.0.1-"), 0u) << folder;
  EXPECT_EQ(folder.size(), std::string("/cache/engines/wasmtime-46.0.1-").size() + 12);
  EXPECT_EQ(folder, engine_folder((*all)[1]));  // a configuration
  EXPECT_NE(folder, engine_folder(select(*all, {"wasmtime-42"})->front()));
}

}  // namespace
}  // namespace weft::runners
