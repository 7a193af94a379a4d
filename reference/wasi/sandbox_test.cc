// No way out of a preopened directory, whichever way names are resolved.
#include <sys/stat.h>

#include <thread>

#include "reference/wasi/guest_for_tests.h"

namespace weft::wasi {
namespace {

// Outside: secret. Inside the preopen: sub/, and links that try to lead out.
class WasiSandbox : public testing::TestWithParam<bool> {
 protected:
  WasiSandbox() {
    namespace fs = std::filesystem;
    outer.file("secret", "secret");
    fs::create_directories(outer / "in/sub/deep");
    std::ofstream(outer / "in/plain") << "plain";
    std::ofstream(outer / "in/sub/inner") << "inner";
    fs::create_symlink("../secret", outer / "in/up");
    fs::create_symlink(outer / "secret", outer / "in/absolute");
    fs::create_symlink("sub/../../secret", outer / "in/sly");
    fs::create_symlink("..", outer / "in/sub/parent");
    fs::create_symlink("../..", outer / "in/sub/grandparent");
    fs::create_symlink("inner", outer / "in/sub/good");
    fs::create_symlink("loop-b", outer / "in/loop-a");
    fs::create_symlink("loop-a", outer / "in/loop-b");
    fs::create_symlink("/proc/self/root", outer / "in/magic");
    fs::create_symlink("missing", outer / "in/dangling");
    ProcessConfig config;
    config.use_openat2 = GetParam();
    config.dirs = {{outer / "in", "/"}};
    guest = std::make_unique<TestGuest>(config);
  }
  Errno open(const std::string& path, uint32_t oflags = 0) {
    uint32_t fd = 0;
    return guest->open(path, fd, oflags, right::kFdRead | (oflags ? right::kFdWrite : 0));
  }
  Errno on_path(const char* name, const std::string& path) {
    guest->memory.set_text(TestGuest::kPath, path);
    return guest->call(name, {3, TestGuest::kPath, path.size()});
  }

  ScratchDirectory outer;
  std::unique_ptr<TestGuest> guest;
};

TEST_P(WasiSandbox, EscapesAreRefused) {
  for (const char* path :
       {"..", "../", "../secret", "sub/../../secret", "/", "/etc/passwd", "up", "absolute", "sly",
        "sub/grandparent/secret", "sub/parent/../secret", "sub/parent/up", "magic",
        "magic/etc/passwd", "./../secret", "sub/deep/../../../secret", "//secret"}) {
    EXPECT_EQ(open(path), Errno::perm) << path;
    EXPECT_EQ(open(path, oflag::kCreat), Errno::perm) << path;
    guest->memory.set_text(TestGuest::kPath, path);
    EXPECT_EQ(guest->call("path_filestat_get", {3, 1, TestGuest::kPath, std::strlen(path), 128}),
              Errno::perm)
        << path;
  }
  EXPECT_EQ(outer.read("secret"), "secret");
}

TEST_P(WasiSandbox, NamesOutsideAreNeitherMadeNorRemovedNorMoved) {
  for (const char* path : {"../new", "/tmp/new", "sub/parent/../new", "sub/grandparent/new"}) {
    EXPECT_EQ(on_path("path_create_directory", path), Errno::perm) << path;
  }
  for (const char* path : {"../secret", "sub/grandparent/secret"}) {
    EXPECT_EQ(on_path("path_unlink_file", path), Errno::perm) << path;
    guest->memory.set_text(TestGuest::kPath, path);
    guest->memory.set_text(TestGuest::kPath2, "stolen");
    const uint64_t n = std::strlen(path);
    EXPECT_EQ(guest->call("path_rename", {3, TestGuest::kPath, n, 3, TestGuest::kPath2, 6}),
              Errno::perm);
    EXPECT_EQ(guest->call("path_link", {3, 0, TestGuest::kPath, n, 3, TestGuest::kPath2, 6}),
              Errno::perm);
    EXPECT_EQ(guest->call("path_rename", {3, TestGuest::kPath2, 6, 3, TestGuest::kPath, n}),
              Errno::perm);
  }
  EXPECT_EQ(on_path("path_remove_directory", ".."), Errno::perm);
  guest->memory.set_text(TestGuest::kPath, "/etc");
  guest->memory.set_text(TestGuest::kPath2, "link");
  EXPECT_EQ(guest->call("path_symlink", {TestGuest::kPath, 4, 3, TestGuest::kPath2, 4}),
            Errno::perm);
  EXPECT_TRUE(std::filesystem::exists(outer / "secret"));
  EXPECT_FALSE(std::filesystem::exists(outer / "new"));
}

TEST_P(WasiSandbox, WhatStaysInsideIsFound) {
  for (const char* path :
       {"plain", "./plain", "sub/inner", "sub/../plain", "sub//inner", "sub/good",
        "sub/parent/plain", "sub/deep/../inner", "sub/./deep/../../plain"}) {
    EXPECT_EQ(open(path), Errno::success) << path;
  }
  uint32_t fd = 0;
  for (const char* path : {".", "./", "sub", "sub/", "sub/..", "sub/parent", "sub/parent/"}) {
    EXPECT_EQ(guest->open(path, fd, oflag::kDirectory, right::kFdReaddir), Errno::success) << path;
  }
}

TEST_P(WasiSandbox, TheErrnoOfWhatCannotBeOpenedIsTheKernels) {
  EXPECT_EQ(open("loop-a"), Errno::loop);
  EXPECT_EQ(open("plain/"), Errno::notdir);
  EXPECT_EQ(open("plain/x"), Errno::notdir);
  EXPECT_EQ(open("missing"), Errno::noent);
  EXPECT_EQ(open("missing/x", oflag::kCreat), Errno::noent);
  EXPECT_EQ(open("plain", oflag::kCreat | oflag::kExcl), Errno::exist);
  EXPECT_EQ(open("dangling", oflag::kCreat | oflag::kExcl), Errno::exist);
  EXPECT_EQ(open("new/", oflag::kCreat), Errno::isdir);
  EXPECT_EQ(open("plain", oflag::kDirectory), Errno::notdir);
  uint32_t fd = 0;
  EXPECT_EQ(guest->open("sub/good", fd, 0, right::kFdRead, 0, false), Errno::loop);
  EXPECT_EQ(open("dangling", oflag::kCreat), Errno::success) << "made where the link points";
  EXPECT_TRUE(std::filesystem::exists(outer / "in/missing"));
}

TEST_P(WasiSandbox, AFifoDoesNotBlockItsOpening) {
  ASSERT_EQ(mkfifo((outer / "in/fifo").c_str(), 0600), 0);
  EXPECT_EQ(open("fifo"), Errno::success);
}

// A directory that another thread keeps moving out of the preopen and back, while names below it
// and `..` behind it are opened: nothing outside is ever found.
TEST_P(WasiSandbox, RenamesUnderTheWalkOpenNothingOutsideThreads) {
  std::filesystem::create_directories(outer / "out");
  outer.file("out/plain", "outside");
  std::atomic<bool> done{false};
  std::thread mover([&] {
    while (!done) {
      std::rename((outer / "in/sub/deep").c_str(), (outer / "out/deep").c_str());
      std::rename((outer / "out/deep").c_str(), (outer / "in/sub/deep").c_str());
    }
  });
  int found = 0;
  for (int i = 0; i < 2000; i++) {
    uint32_t fd = 0;
    if (guest->open("sub/deep/../../plain", fd, 0, right::kFdRead) == Errno::success) {
      std::string bytes;
      ASSERT_EQ(guest->read(fd, bytes), Errno::success);
      ASSERT_EQ(bytes, "plain");
      ASSERT_EQ(guest->call("fd_close", {fd}), Errno::success);
      found++;
    }
  }
  done = true;
  mover.join();
  RecordProperty("found", found);
}

INSTANTIATE_TEST_SUITE_P(Resolver, WasiSandbox, testing::Values(true, false),
                         [](const auto& info) { return info.param ? "Openat2" : "OwnWalk"; });

}  // namespace
}  // namespace weft::wasi
