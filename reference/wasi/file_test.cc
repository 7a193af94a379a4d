#include <sys/stat.h>

#include <set>
#include <thread>

#include "reference/wasi/guest_for_tests.h"

namespace weft::wasi {
namespace {

class WasiFile : public testing::Test {
 protected:
  ScratchDirectory scratch;
  TestGuest guest{{}, &scratch};
  uint32_t fd = 0;
};

TEST_F(WasiFile, WhatIsWrittenIsReadBack) {
  ASSERT_EQ(guest.open("a", fd, oflag::kCreat), Errno::success);
  ASSERT_EQ(guest.write(fd, "0123456789"), Errno::success);
  ASSERT_EQ(guest.call("fd_seek", {fd, static_cast<uint64_t>(-4), 1, 64}), Errno::success);
  EXPECT_EQ(guest.memory.at<uint64_t>(64), 6u);
  std::string bytes;
  ASSERT_EQ(guest.read(fd, bytes), Errno::success);
  EXPECT_EQ(bytes, "6789");
  guest.vector(TestGuest::kData, 3);
  ASSERT_EQ(guest.call("fd_pread", {fd, TestGuest::kVectors, 1, 2, 64}), Errno::success);
  EXPECT_EQ(guest.memory.text(TestGuest::kData, 3), "234");
  ASSERT_EQ(guest.call("fd_pwrite", {fd, TestGuest::kVectors, 1, 0, 64}), Errno::success);
  EXPECT_EQ(scratch.read("a"), "2343456789");
  ASSERT_EQ(guest.call("fd_tell", {fd, 64}), Errno::success);
  EXPECT_EQ(guest.memory.at<uint64_t>(64), 10u) << "pread and pwrite leave the offset alone";
}

TEST_F(WasiFile, SeekRefusesWhatIsNowhere) {
  ASSERT_EQ(guest.open("a", fd, oflag::kCreat), Errno::success);
  EXPECT_EQ(guest.call("fd_seek", {fd, static_cast<uint64_t>(-1), 0, 64}), Errno::inval);
  EXPECT_EQ(guest.call("fd_seek", {fd, 0, 3, 64}), Errno::inval);
  EXPECT_EQ(guest.call("fd_seek", {3, 0, 0, 64}), Errno::notcapable) << "a directory";
}

TEST_F(WasiFile, AppendWritesAtTheEndWhereverTheOffsetIs) {
  scratch.file("log", "first;");
  ASSERT_EQ(guest.open("log", fd, 0, right::kFile, fdflag::kAppend), Errno::success);
  ASSERT_EQ(guest.write(fd, "second;"), Errno::success);
  ASSERT_EQ(guest.call("fd_seek", {fd, 0, 0, 64}), Errno::success);
  ASSERT_EQ(guest.write(fd, "third;"), Errno::success);
  EXPECT_EQ(scratch.read("log"), "first;second;third;");
  ASSERT_EQ(guest.call("fd_fdstat_set_flags", {fd, 0}), Errno::success);
  ASSERT_EQ(guest.call("fd_seek", {fd, 0, 0, 64}), Errno::success);
  ASSERT_EQ(guest.write(fd, "FIRST"), Errno::success);
  EXPECT_EQ(scratch.read("log"), "FIRST;second;third;");
  EXPECT_EQ(guest.call("fd_fdstat_set_flags", {fd, fdflag::kSync}), Errno::notsup);
  EXPECT_EQ(guest.call("fd_fdstat_set_flags", {fd, 0x20}), Errno::inval);
}

TEST_F(WasiFile, RightsAreGivenUpAndNeverComeBack) {
  ASSERT_EQ(guest.open("a", fd, oflag::kCreat, right::kFdRead | right::kFdWrite), Errno::success);
  ASSERT_EQ(guest.call("fd_fdstat_get", {fd, 64}), Errno::success);
  EXPECT_EQ(guest.memory.at<uint8_t>(64), static_cast<uint8_t>(Filetype::kRegularFile));
  EXPECT_EQ(guest.memory.at<uint64_t>(72), right::kFdRead | right::kFdWrite);
  EXPECT_EQ(guest.call("fd_fdstat_set_rights", {fd, right::kFdRead | right::kFdSeek, 0}),
            Errno::notcapable);
  ASSERT_EQ(guest.call("fd_fdstat_set_rights", {fd, right::kFdRead, 0}), Errno::success);
  EXPECT_EQ(guest.write(fd, "x"), Errno::notcapable);
  EXPECT_EQ(guest.call("fd_filestat_get", {fd, 64}), Errno::notcapable);
}

TEST_F(WasiFile, SizesAndTimesAreSetAndSeen) {
  ASSERT_EQ(guest.open("a", fd, oflag::kCreat), Errno::success);
  ASSERT_EQ(guest.call("fd_filestat_set_size", {fd, 123}), Errno::success);
  ASSERT_EQ(guest.call("fd_allocate", {fd, 100, 100}), Errno::success);
  const uint64_t time = 1'234'567'890'123'456'789u;
  ASSERT_EQ(guest.call("fd_filestat_set_times", {fd, time, time + 1, 1 | 4}), Errno::success);
  ASSERT_EQ(guest.call("fd_filestat_get", {fd, 128}), Errno::success);
  EXPECT_EQ(guest.memory.at<uint64_t>(128 + 32), 200u);
  EXPECT_EQ(guest.memory.at<uint64_t>(128 + 40), time);
  EXPECT_EQ(guest.memory.at<uint64_t>(128 + 48), time + 1);
  EXPECT_EQ(guest.call("fd_filestat_set_times", {fd, 0, 0, 1 | 2}), Errno::inval);
  EXPECT_EQ(guest.call("fd_filestat_set_times", {fd, 0, 0, 0x10}), Errno::inval);
  EXPECT_EQ(guest.call("fd_advise", {fd, 0, 10, 6}), Errno::inval);
  EXPECT_EQ(guest.call("fd_advise", {fd, 0, 10, 3}), Errno::success);
  EXPECT_EQ(guest.call("fd_sync", {fd}), Errno::success);
  EXPECT_EQ(guest.call("fd_datasync", {fd}), Errno::success);
}

TEST_F(WasiFile, PrestatNamesThePreopensAndOnlyThem) {
  ASSERT_EQ(guest.call("fd_prestat_get", {3, 64}), Errno::success);
  EXPECT_EQ(guest.memory.at<uint32_t>(64), 0u);
  EXPECT_EQ(guest.memory.at<uint32_t>(68), 1u);
  ASSERT_EQ(guest.call("fd_prestat_dir_name", {3, 100, 1}), Errno::success);
  EXPECT_EQ(guest.memory.text(100, 1), "/");
  EXPECT_EQ(guest.call("fd_prestat_dir_name", {3, 100, 0}), Errno::nametoolong);
  EXPECT_EQ(guest.call("fd_prestat_get", {4, 64}), Errno::badf);
  EXPECT_EQ(guest.call("fd_prestat_get", {0, 64}), Errno::badf);
}

TEST_F(WasiFile, RenumberMovesTheObjectAndFreesTheOldNumber) {
  uint32_t other = 0;
  ASSERT_EQ(guest.open("a", fd, oflag::kCreat), Errno::success);
  ASSERT_EQ(guest.open("b", other, oflag::kCreat), Errno::success);
  ASSERT_EQ(guest.call("fd_renumber", {fd, other}), Errno::success);
  ASSERT_EQ(guest.write(other, "into a"), Errno::success);
  EXPECT_EQ(scratch.read("a"), "into a");
  EXPECT_EQ(guest.write(fd, "x"), Errno::badf);
  EXPECT_EQ(guest.call("fd_renumber", {other, 99}), Errno::badf);
  EXPECT_EQ(guest.call("fd_renumber", {99, other}), Errno::badf);
  EXPECT_EQ(guest.call("fd_renumber", {other, other}), Errno::success);
}

TEST_F(WasiFile, TheSameDirectoryIsListedInPiecesByTwoReaders) {
  std::set<std::string> expected = {".", ".."};
  for (int i = 0; i < 50; i++) {
    const std::string name = "file-" + std::to_string(i);
    scratch.file(name, "");
    expected.insert(name);
  }
  std::set<std::string> seen[2];
  uint64_t cookie[2] = {0, 0};
  bool more[2] = {true, true};
  while (more[0] || more[1]) {
    for (int reader = 0; reader < 2; reader++) {
      if (!more[reader]) continue;
      const uint32_t space = reader == 0 ? 100 : 333;
      ASSERT_EQ(guest.call("fd_readdir", {3, TestGuest::kData, space, cookie[reader], 64}),
                Errno::success);
      const auto size = guest.memory.at<uint32_t>(64);
      ASSERT_LE(size, space);
      uint32_t at = 0;
      while (at + 24 <= size) {
        const uint64_t entry = TestGuest::kData + at;
        const auto length = guest.memory.at<uint32_t>(entry + 16);
        if (at + 24 + length > size) break;
        EXPECT_TRUE(seen[reader].insert(guest.memory.text(entry + 24, length)).second);
        cookie[reader] = guest.memory.at<uint64_t>(entry);
        at += 24 + length;
      }
      more[reader] = size == space;
      ASSERT_TRUE(at > 0 || !more[reader]);
    }
  }
  EXPECT_EQ(seen[0], expected);
  EXPECT_EQ(seen[1], expected);
}

TEST_F(WasiFile, NamesAreMadeMovedLinkedAndRemoved) {
  const auto path = [&](const std::string& name, uint64_t at = TestGuest::kPath) {
    guest.memory.set_text(at, name);
    return name.size();
  };
  const uint64_t p = TestGuest::kPath, q = TestGuest::kPath2;
  ASSERT_EQ(guest.call("path_create_directory", {3, p, path("d")}), Errno::success);
  EXPECT_EQ(guest.call("path_create_directory", {3, p, path("d/")}), Errno::exist);
  scratch.file("d/f", "content");
  EXPECT_EQ(guest.call("path_remove_directory", {3, p, path("d")}), Errno::notempty);
  EXPECT_EQ(guest.call("path_unlink_file", {3, p, path("d")}), Errno::isdir);
  ASSERT_EQ(guest.call("path_rename", {3, p, path("d/f"), 3, q, path("g", q)}), Errno::success);
  ASSERT_EQ(guest.call("path_link", {3, 0, p, path("g"), 3, q, path("h", q)}), Errno::success);
  EXPECT_EQ(guest.call("path_link", {3, 1, p, path("g"), 3, q, path("i", q)}), Errno::inval);
  ASSERT_EQ(guest.call("path_symlink", {p, path("h"), 3, q, path("s", q)}), Errno::success);
  ASSERT_EQ(guest.call("path_readlink", {3, p, path("s"), 200, 10, 64}), Errno::success);
  EXPECT_EQ(guest.memory.text(200, 1), "h");
  EXPECT_EQ(guest.memory.at<uint32_t>(64), 1u);
  EXPECT_EQ(guest.call("path_readlink", {3, p, path("h"), 200, 10, 64}), Errno::inval);
  ASSERT_EQ(guest.call("path_filestat_get", {3, 0, p, path("s"), 128}), Errno::success);
  EXPECT_EQ(guest.memory.at<uint8_t>(144), static_cast<uint8_t>(Filetype::kSymbolicLink));
  ASSERT_EQ(guest.call("path_filestat_get", {3, 1, p, path("s"), 128}), Errno::success);
  EXPECT_EQ(guest.memory.at<uint8_t>(144), static_cast<uint8_t>(Filetype::kRegularFile));
  EXPECT_EQ(guest.memory.at<uint64_t>(152), 2u) << "two names";
  ASSERT_EQ(guest.call("path_filestat_set_times", {3, 1, p, path("s"), 1000, 2000, 1 | 4}),
            Errno::success);
  ASSERT_EQ(guest.call("path_filestat_get", {3, 0, p, path("h"), 128}), Errno::success);
  EXPECT_EQ(guest.memory.at<uint64_t>(128 + 48), 2000u);
  ASSERT_EQ(guest.call("path_unlink_file", {3, p, path("s")}), Errno::success);
  ASSERT_EQ(guest.call("path_remove_directory", {3, p, path("d")}), Errno::success);
  EXPECT_EQ(scratch.read("h"), "content");
}

TEST_F(WasiFile, BadPathsAreRefused) {
  EXPECT_EQ(guest.open("", fd), Errno::noent);
  EXPECT_EQ(guest.open(std::string("a\0b", 3), fd), Errno::inval);
  EXPECT_EQ(guest.open("\xFF", fd), Errno::ilseq);
  EXPECT_EQ(guest.open("\xC0\x80", fd), Errno::ilseq);
  EXPECT_EQ(guest.open(std::string(5000, 'a'), fd), Errno::nametoolong);
  EXPECT_EQ(guest.open("missing", fd), Errno::noent);
  EXPECT_EQ(guest.open("missing/a", fd, oflag::kCreat), Errno::noent);
  EXPECT_EQ(guest.call("path_open", {3, 0, 0xFFFFFFF0, 100, 0, 0, 0, 0, 64}), Errno::fault);
  EXPECT_EQ(guest.call("path_open", {0, 0, 0, 1, 0, 0, 0, 0, 64}), Errno::notdir);
}

TEST_F(WasiFile, ExclusiveCreationSucceedsInExactlyOneThread) {
  std::atomic<int> created{0}, refused{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; t++) {
    threads.emplace_back([&] {
      TestMemory memory;
      memory.set_text(0, "one");
      CallState state;
      const uint64_t args[] = {3,           0, 0, 3, oflag::kCreat | oflag::kExcl, right::kFile,
                               right::kAll, 0, 64};
      Call call = {*guest.process, memory, args, state};
      const Errno e = call_preview1(static_cast<size_t>(find_preview1("path_open")), call).error;
      created += e == Errno::success;
      refused += e == Errno::exist;
    });
  }
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(created, 1);
  EXPECT_EQ(refused, 7);
}

}  // namespace
}  // namespace weft::wasi
