#include <sys/socket.h>

#include <thread>

#include "reference/wasi/guest_for_tests.h"

namespace weft::wasi {
namespace {

// A pipe of the host at descriptor 0 (to read) and 1 (to write).
struct Pipe {
  Pipe() { EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0); }
  ~Pipe() {
    for (const int end : ends) {
      if (end >= 0) close(end);
    }
  }
  void close_end(int which) { close(std::exchange(ends[which], -1)); }
  ProcessConfig as_stdio() const {
    ProcessConfig config;
    config.stdio[0] = ends[0];
    config.stdio[1] = ends[1];
    return config;
  }
  int ends[2];
};

TEST(WasiStream, WritesGatherAndReadsScatter) {
  Pipe pipe;
  TestGuest guest(pipe.as_stdio());
  guest.memory.set_text(40000, "hello ");
  guest.memory.set_text(50000, "world");
  guest.vector(40000, 6, 0);
  guest.vector(0xFFFF, 0, 1);
  guest.vector(50000, 5, 2);
  ASSERT_EQ(guest.call("fd_write", {1, TestGuest::kVectors, 3, 64}), Errno::success);
  EXPECT_EQ(guest.memory.at<uint32_t>(64), 11u);
  guest.vector(60000, 4, 0);
  guest.vector(60100, 100, 1);
  ASSERT_EQ(guest.call("fd_read", {0, TestGuest::kVectors, 2, 64}), Errno::success);
  EXPECT_EQ(guest.memory.at<uint32_t>(64), 11u);
  EXPECT_EQ(guest.memory.text(60000, 4), "hell");
  EXPECT_EQ(guest.memory.text(60100, 7), "o world");
}

TEST(WasiStream, ABadVectorConsumesNothing) {
  Pipe pipe;
  TestGuest guest(pipe.as_stdio());
  ASSERT_EQ(guest.write(1, "kept"), Errno::success);
  guest.vector(60000, 2, 0);
  guest.vector(static_cast<uint32_t>(guest.memory.size() - 1), 2, 1);
  EXPECT_EQ(guest.call("fd_read", {0, TestGuest::kVectors, 2, 64}), Errno::fault);
  EXPECT_EQ(guest.call("fd_read", {0, 0xFFFFFFF8, 2, 64}), Errno::fault);
  EXPECT_EQ(guest.call("fd_read", {0, TestGuest::kVectors, 0x40000000, 64}), Errno::fault);
  std::string bytes;
  ASSERT_EQ(guest.read(0, bytes), Errno::success);
  EXPECT_EQ(bytes, "kept");
}

TEST(WasiStream, RightsSayWhichWayAStreamGoes) {
  TestGuest guest;
  std::string bytes;
  EXPECT_EQ(guest.write(0, "x"), Errno::notcapable);
  EXPECT_EQ(guest.read(1, bytes), Errno::notcapable);
  EXPECT_EQ(guest.read(77, bytes), Errno::badf);
  ASSERT_EQ(guest.write(1, "out"), Errno::success);
  ASSERT_EQ(guest.write(2, "err"), Errno::success);
  EXPECT_EQ(guest.streams[1]->output, "out");
  EXPECT_EQ(guest.streams[2]->output, "err");
}

TEST(WasiStream, AStreamCannotBeSought) {
  Pipe pipe;
  TestGuest guest(pipe.as_stdio());
  guest.vector(40000, 1);
  EXPECT_EQ(guest.call("fd_seek", {0, 0, 0, 64}), Errno::spipe);
  EXPECT_EQ(guest.call("fd_tell", {0, 64}), Errno::spipe);
  EXPECT_EQ(guest.call("fd_pread", {0, TestGuest::kVectors, 1, 0, 64}), Errno::spipe);
  EXPECT_EQ(guest.call("fd_pwrite", {1, TestGuest::kVectors, 1, 0, 64}), Errno::spipe);
}

TEST(WasiStream, ABrokenPipeIsAnErrnoAndNoSignal) {
  Pipe pipe;
  TestGuest guest(pipe.as_stdio());
  pipe.close_end(0);
  ASSERT_EQ(guest.call("fd_close", {0}), Errno::success);
  EXPECT_EQ(guest.write(1, "x"), Errno::pipe);
}

TEST(WasiStream, NonblockingStreamsSayAgain) {
  Pipe pipe;
  TestGuest guest(pipe.as_stdio());
  std::string bytes;
  ASSERT_EQ(guest.call("fd_fdstat_set_flags", {0, fdflag::kNonblock}), Errno::success);
  EXPECT_EQ(guest.read(0, bytes), Errno::again);
  EXPECT_EQ(fcntl(pipe.ends[0], F_GETFL) & O_NONBLOCK, 0) << "the pipe is not ours alone";
  ASSERT_EQ(guest.write(1, "x"), Errno::success);
  ASSERT_EQ(guest.read(0, bytes), Errno::success);
  EXPECT_EQ(bytes, "x");
}

TEST(WasiStreamThreads, AWriteLargerThanThePipeGoesOnAsItIsRead) {
  Pipe pipe;
  TestGuest guest(pipe.as_stdio());
  std::string sent;
  for (int i = 0; i < 90'000; i++) sent += static_cast<char>('a' + i % 26);
  std::string got;
  std::thread reader([&] {
    char chunk[1000];
    while (got.size() < sent.size()) {
      const ssize_t n = ::read(pipe.ends[0], chunk, sizeof chunk);
      ASSERT_GT(n, 0);
      got.append(chunk, static_cast<size_t>(n));
    }
  });
  ASSERT_EQ(guest.write(1, sent), Errno::success);
  reader.join();
  EXPECT_EQ(guest.memory.at<uint32_t>(TestGuest::kResult), sent.size());
  EXPECT_EQ(got, sent);
}

TEST(WasiStreamThreads, TheBytesOfABlockedWriteAreThoseOfItsBeginning) {
  Pipe pipe;
  TestGuest guest(pipe.as_stdio());
  const std::string sent(80'000, 'a');
  guest.memory.set_text(TestGuest::kData, sent);
  guest.vector(TestGuest::kData, 80'000);
  CallState state;
  const std::vector<uint64_t> args = {1, TestGuest::kVectors, 1, 64};
  ASSERT_EQ(guest.attempt("fd_write", args, state).outcome, Outcome::kBlocked);
  guest.memory.set_text(TestGuest::kData, std::string(80'000, 'b'));  // a racing guest
  guest.vector(0, 0xFFFFFFFF);
  std::string got(80'000, '\0');
  size_t at = 0;
  while (true) {
    at += static_cast<size_t>(::read(pipe.ends[0], got.data() + at, got.size() - at));
    if (at == got.size()) break;
    const Result result = guest.attempt("fd_write", args, state);
    if (result.outcome == Outcome::kDone) {
      ASSERT_EQ(result.error, Errno::success);
    }
  }
  EXPECT_EQ(got, sent);
}

TEST(WasiStreamThreads, ClosingUnderABlockedReaderEndsTheRead) {
  Pipe pipe;
  TestGuest guest(pipe.as_stdio());
  CallState state;
  guest.vector(TestGuest::kData, 10);
  const std::vector<uint64_t> args = {0, TestGuest::kVectors, 1, 64};
  ASSERT_EQ(guest.attempt("fd_read", args, state).outcome, Outcome::kBlocked);
  std::thread closer([&] { EXPECT_EQ(guest.process->fds().close(0), Errno::success); });
  wait_on_host(*guest.process, state);  // returns: otherwise the test hangs
  closer.join();
  EXPECT_EQ(guest.attempt("fd_read", args, state).error, Errno::badf);
}

TEST(WasiStreamThreads, StoppingTheProcessWakesABlockedRead) {
  Pipe pipe;
  TestGuest guest(pipe.as_stdio());
  std::thread stopper([&] {
    guest.stopped = true;
    guest.process->stop();
  });
  std::string bytes;
  EXPECT_EQ(guest.read(0, bytes), Errno::canceled);
  stopper.join();
}

TEST(WasiStream, ABufferThatNeverEndsBlocksBehindItsInput) {
  ProcessConfig config;
  config.buffers[0] = std::make_shared<Buffer>();
  config.buffers[0]->input = "line\n";
  TestGuest guest(config);
  std::string bytes;
  ASSERT_EQ(guest.read(0, bytes, 3), Errno::success);
  EXPECT_EQ(bytes, "lin");
  ASSERT_EQ(guest.read(0, bytes), Errno::success);
  EXPECT_EQ(bytes, "e\n");
  ASSERT_EQ(guest.read(0, bytes), Errno::success);
  EXPECT_EQ(bytes, "") << "the end";
  config.buffers[0]->never_ends = true;
  CallState state;
  EXPECT_EQ(guest.attempt("fd_read", {0, TestGuest::kVectors, 1, 64}, state).outcome,
            Outcome::kBlocked);
}

TEST(WasiSocket, WhatIsNoSocketSaysSo) {
  ScratchDirectory scratch;
  TestGuest guest({}, &scratch);
  EXPECT_EQ(guest.call("sock_accept", {0, 0, 64}), Errno::notsock);
  EXPECT_EQ(guest.call("sock_recv", {1, 0, 0, 0, 64, 68}), Errno::notsock);
  EXPECT_EQ(guest.call("sock_send", {3, 0, 0, 0, 64}), Errno::notsock);
  EXPECT_EQ(guest.call("sock_shutdown", {2, 3}), Errno::notsock);
  EXPECT_EQ(guest.call("sock_shutdown", {50, 3}), Errno::badf);
}

TEST(WasiSocket, AStreamThatIsASocketSendsAndReceives) {
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  ProcessConfig config;
  config.stdio[0] = ends[0];
  config.stdio[1] = ends[0];
  TestGuest guest(config);
  ASSERT_EQ(::write(ends[1], "abcdef", 6), 6);
  guest.vector(TestGuest::kData, 4);
  ASSERT_EQ(guest.call("sock_recv", {0, TestGuest::kVectors, 1, 1, 64, 68}), Errno::success);
  EXPECT_EQ(guest.memory.text(TestGuest::kData, 4), "abcd") << "peeked";
  guest.vector(TestGuest::kData, 6);
  ASSERT_EQ(guest.call("sock_recv", {0, TestGuest::kVectors, 1, 2, 64, 68}), Errno::success);
  EXPECT_EQ(guest.memory.text(TestGuest::kData, 6), "abcdef") << "all of it";
  ASSERT_EQ(guest.call("sock_send", {1, TestGuest::kVectors, 1, 0, 64}), Errno::success);
  EXPECT_EQ(guest.memory.at<uint32_t>(64), 6u);
  char got[6];
  EXPECT_EQ(::read(ends[1], got, 6), 6);
  close(ends[0]);
  close(ends[1]);
}

}  // namespace
}  // namespace weft::wasi
