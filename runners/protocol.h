// Frames of the persistent protocol between weft and a host program: the magic `WEFT`, a 4-byte
// little-endian length, a JSON header of that length, and as many raw bytes as its key `bytes`
// says. Anything else in the stream is noise of the engine and is kept as such.
// Knows no processes and no cases.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace weft::runners {

// Version of the protocol that the hello frame must name.
inline constexpr int kProtocolVersion = 1;

struct Frame {
  nlohmann::json header;
  std::string bytes;
};

// The frame as it is sent; sets the header's `bytes`. Text that is not UTF-8 is sent with
// replacement characters.
std::string encode_frame(nlohmann::json header, std::string_view bytes = {});

// Takes a stream apart, in whatever pieces it arrives.
class FrameReader {
 public:
  void add(std::string_view data);
  // The next whole frame, if there is one. What precedes it becomes noise.
  std::optional<Frame> next();
  // The noise so far, at most 64 KiB; taken away.
  std::string take_noise();

 private:
  void skip(size_t count);

  std::string buffer_;
  std::string noise_;
};

}  // namespace weft::runners
