// weft build and weft explain with a litmus file: one of its tests, under its own name.
// Faults tried: the file's name for every test of it (the second module overwrites the first); a
// .litmus path taken for an id; the first test where several are there.
#include <gtest/gtest.h>

#include <filesystem>

#include "cli/e2e.h"

namespace weft::cli {
namespace {

class LitmusFile : public testing::Test {
 protected:
  LitmusFile() {
    e2e.file("my.litmus",
             "litmus SB+aa\nthread 0\n  i32.atomic.store x 1\n  r0 = i32.atomic.load y\n"
             "thread 1\n  i32.atomic.store y 1\n  r1 = i32.atomic.load x\nforbid 0:r0=0 1:r1=0\n"
             "litmus SB+nn\nthread 0\n  i32.store x 1\n  r0 = i32.load y\n"
             "thread 1\n  i32.store y 1\n  r1 = i32.load x\nallow 0:r0=0 1:r1=0\n");
    e2e.file("one.litmus", "litmus alone\nthread 0\n  i32.store x 1\nobserve i32 x\n");
    e2e.file("bad.litmus", "litmus bad\nthread 0\n  i32.stor x 1\n");
  }
  bool exists(const std::string& name) {
    return std::filesystem::exists(e2e.folder() + "/" + name);
  }
  EndToEnd e2e;
};

TEST_F(LitmusFile, BuildsTheTestThatIsNamed) {
  EXPECT_EQ(e2e.weft({"build", "my.litmus", "--name", "SB+aa"}).code, 0);
  EXPECT_EQ(e2e.weft({"build", "my.litmus", "--name", "SB+nn"}).code, 0);
  EXPECT_EQ(e2e.weft({"build", "one.litmus"}).code, 0);
  EXPECT_EQ(e2e.weft({"build", "mm/classic/SB+stA-ldN"}).code, 0);
  for (const char* name : {"SB+aa.wasm", "SB+nn.wasm", "alone.wasm", "SB+stA-ldN.wasm"}) {
    EXPECT_TRUE(exists(name)) << name;
  }
  EXPECT_FALSE(exists("my.wasm"));
  EXPECT_FALSE(exists("classic.wasm"));
}

TEST_F(LitmusFile, ExplainsTheTestThatIsNamed) {
  const auto answer = e2e.weft({"explain", "my.litmus", "--name", "SB+aa"});
  EXPECT_EQ(answer.code, 0) << answer.err;
  EXPECT_NE(answer.out.find("SC-last-visible (2)"), std::string::npos) << answer.out;
  EXPECT_EQ(answer.out.find("SB+nn"), std::string::npos) << answer.out;
}

TEST_F(LitmusFile, WhatIsNotThereIsBadInput) {
  for (const char* command : {"build", "explain"}) {
    EXPECT_EQ(e2e.weft({command, "my.litmus"}).code, 2);
    EXPECT_EQ(e2e.weft({command, "my.litmus", "--name", "LB"}).code, 2);
    EXPECT_EQ(e2e.weft({command, "absent.litmus"}).code, 2);
    EXPECT_EQ(e2e.weft({command, "mm/classic/SB+aa", "--name", "SB+aa"}).code, 2);
    const auto bad = e2e.weft({command, "bad.litmus"});
    EXPECT_EQ(bad.code, 2);
    EXPECT_NE(bad.err.find("bad.litmus:3:3: instruction i32.stor"), std::string::npos) << bad.err;
  }
}

}  // namespace
}  // namespace weft::cli
