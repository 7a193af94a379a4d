// For tests: a guest without a machine. Memory of its own, a scratch directory, and preview1 calls
// by name that sleep on the host when they block, as the native scheduler does.
#pragma once

#include <dirent.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <ostream>
#include <string>
#include <vector>

#include "reference/wasi/host_wait.h"
#include "reference/wasi/preview1.h"

namespace weft::wasi {

inline void PrintTo(Errno e, std::ostream* out) { *out << errno_name(e); }

class TestMemory final : public GuestMemory {
 public:
  explicit TestMemory(size_t n = 1 << 17) : bytes_(n) {}
  uint64_t size() const override { return bytes_.size(); }
  bool read(uint64_t address, void* to, uint64_t n) const override {
    if (!contains(address, n)) return false;
    for (uint64_t i = 0; i < n; i++) {
      static_cast<uint8_t*>(to)[i] = __atomic_load_n(&bytes_[address + i], __ATOMIC_RELAXED);
    }
    return true;
  }
  bool write(uint64_t address, const void* from, uint64_t n) override {
    if (!contains(address, n)) return false;
    for (uint64_t i = 0; i < n; i++) {
      __atomic_store_n(&bytes_[address + i], static_cast<const uint8_t*>(from)[i],
                       __ATOMIC_RELAXED);
    }
    return true;
  }
  template <typename T>
  T at(uint64_t address) const {
    T value{};
    EXPECT_TRUE(load(*this, address, value));
    return value;
  }
  std::string text(uint64_t address, size_t n) const {
    std::string s(n, '\0');
    EXPECT_TRUE(read(address, s.data(), n));
    return s;
  }
  void set_text(uint64_t address, const std::string& s) {
    ASSERT_TRUE(write(address, s.data(), s.size()));
  }

 private:
  std::vector<uint8_t> bytes_;
};

class ScratchDirectory {
 public:
  ScratchDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "weft-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~ScratchDirectory() { std::filesystem::remove_all(path_); }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }
  void file(const std::string& name, const std::string& content) const {
    std::ofstream(path_ + "/" + name) << content;
  }
  std::string read(const std::string& name) const {
    std::ifstream in(path_ + "/" + name);
    return {std::istreambuf_iterator<char>(in), {}};
  }

 private:
  std::string path_;
};

// Descriptors 0 to 2 are buffers (`streams`) unless the configuration says otherwise; 3 is the
// scratch directory when one is given.
class TestGuest {
 public:
  explicit TestGuest(ProcessConfig config = {}, const ScratchDirectory* scratch = nullptr,
                     Host& host = real_host()) {
    for (int i = 0; i < 3; i++) {
      streams[i] = config.buffers[i];
      if (!streams[i] && config.stdio[i] == i) {
        streams[i] = config.buffers[i] = std::make_shared<Buffer>();
      }
    }
    if (scratch) config.dirs.push_back({scratch->path(), "/"});
    process = *Process::make(std::move(config), host);
  }

  Errno call(const char* name, const std::vector<uint64_t>& args) {
    CallState state;
    while (true) {
      const Result result = attempt(name, args, state);
      if (result.outcome != Outcome::kBlocked) return result.error;
      if (stopped) return Errno::canceled;
      wait_on_host(*process, state);
    }
  }
  Result attempt(const char* name, const std::vector<uint64_t>& args, CallState& state) {
    Call call = {*process, memory, args, state};
    return call_preview1(static_cast<size_t>(find_preview1(name)), call);
  }

  // path_open below descriptor 3 with all rights that apply; the number goes to `opened`.
  Errno open(const std::string& path, uint32_t& opened, uint32_t oflags = 0,
             uint64_t rights = right::kFile, uint32_t fdflags = 0, bool follow = true) {
    memory.set_text(kPath, path);
    const Errno e = call("path_open", {3, follow ? 1u : 0u, kPath, path.size(), oflags, rights,
                                       right::kAll, fdflags, kResult});
    opened = memory.at<uint32_t>(kResult);
    return e;
  }
  Errno write(uint32_t fd, const std::string& bytes) {
    memory.set_text(kData, bytes);
    vector(kData, static_cast<uint32_t>(bytes.size()));
    return call("fd_write", {fd, kVectors, 1, kResult});
  }
  // Up to n bytes.
  Errno read(uint32_t fd, std::string& bytes, uint32_t n = 4096) {
    vector(kData, n);
    const Errno e = call("fd_read", {fd, kVectors, 1, kResult});
    if (e == Errno::success) bytes = memory.text(kData, memory.at<uint32_t>(kResult));
    return e;
  }
  void vector(uint32_t address, uint32_t length, uint32_t index = 0) {
    const uint32_t one[2] = {address, length};
    ASSERT_TRUE(memory.write(kVectors + index * 8, one, sizeof one));
  }

  static constexpr uint64_t kResult = 64, kPath = 1024, kPath2 = 6000, kVectors = 12000,
                            kData = 32768;
  TestMemory memory;
  std::shared_ptr<Buffer> streams[3];
  std::unique_ptr<Process> process;
  std::atomic<bool> stopped{false};
};

}  // namespace weft::wasi
