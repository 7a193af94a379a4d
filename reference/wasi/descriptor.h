// What a guest's descriptor number names: an open file of the host, or bytes kept in memory.
// Lives until the last call that uses it has ended, even when its number was closed or renumbered
// meanwhile. Knows no table.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "reference/wasi/types.h"
#include "reference/wasi/unique_fd.h"

namespace weft::wasi {

// Standard streams that are kept in memory: input to read, output that was written.
struct Buffer {
  std::mutex mutex;
  std::string input;
  size_t position = 0;      // of input
  bool never_ends = false;  // a read behind the input blocks, as on an open terminal
  std::string output;
  size_t limit = 64u << 20;  // bytes of output kept; more is a write error (nospc)

  // As if nobody had read or written; nobody does now.
  void rewind() {
    position = 0;
    output.clear();
  }
};

class Descriptor {
 public:
  Descriptor(UniqueFd fd, Filetype type, uint64_t base, uint64_t inheriting)
      : fd_(std::move(fd)), type(type), rights_base(base), rights_inheriting(inheriting) {}
  Descriptor(std::shared_ptr<Buffer> buffer, uint64_t base)
      : buffer(std::move(buffer)), type(Filetype::kCharacterDevice), rights_base(base) {}

  int fd() const { return fd_.get(); }
  bool is_directory() const { return type == Filetype::kDirectory; }
  // A read or write may have to wait.
  bool may_block() const { return type != Filetype::kRegularFile && type != Filetype::kDirectory; }

  // An eventfd that becomes readable when the number is taken away while a call waits on it.
  // Made at the first use; -1 if the host has no more descriptors. Thread-safe.
  int closed_event();
  void mark_closed();
  bool is_closed() const { return closed_.load(); }

 private:
  UniqueFd fd_;

 public:
  const std::shared_ptr<Buffer> buffer;  // instead of fd()
  const Filetype type;
  std::atomic<uint64_t> rights_base;
  std::atomic<uint64_t> rights_inheriting{0};
  std::atomic<uint16_t> flags{0};  // fdflag
  std::string preopen;             // the guest's name of a preopened directory, else empty
  bool is_preopen = false;
  std::mutex stream;  // held from asking "is it ready" to the end of the read or write

 private:
  std::mutex event_mutex_;
  UniqueFd event_;
  std::atomic<bool> closed_{false};
};

}  // namespace weft::wasi
