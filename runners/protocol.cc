#include "runners/protocol.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace weft::runners {
namespace {

constexpr std::string_view kMagic = "WEFT";
constexpr size_t kPrefix = 8;
// Limits of a frame: a length beyond them is noise that happens to contain the magic.
constexpr size_t kLargestHeader = 16 << 20;
constexpr size_t kLargestBytes = size_t{1} << 30;
constexpr size_t kNoiseLimit = 64 << 10;

size_t length_at(const std::string& buffer) {
  size_t length = 0;
  for (size_t i = 0; i < 4; ++i) {
    length |= size_t{static_cast<uint8_t>(buffer[kMagic.size() + i])} << (8 * i);
  }
  return length;
}

}  // namespace

std::string encode_frame(nlohmann::json header, std::string_view bytes) {
  header["bytes"] = bytes.size();
  const std::string text = header.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  std::string frame(kMagic);
  for (size_t i = 0; i < 4; ++i) frame.push_back(static_cast<char>(text.size() >> (8 * i) & 0xff));
  frame += text;
  frame += bytes;
  return frame;
}

void FrameReader::add(std::string_view data) { buffer_ += data; }

void FrameReader::skip(size_t count) {
  noise_.append(buffer_, 0, std::min(count, kNoiseLimit - noise_.size()));
  buffer_.erase(0, count);
}

std::optional<Frame> FrameReader::next() {
  for (;;) {
    const size_t at = buffer_.find(kMagic);
    if (at == std::string::npos) {
      // The magic may have arrived in part.
      if (buffer_.size() >= kMagic.size()) skip(buffer_.size() - (kMagic.size() - 1));
      return std::nullopt;
    }
    skip(at);
    if (buffer_.size() < kPrefix) return std::nullopt;
    const size_t length = length_at(buffer_);
    if (length > kLargestHeader) {
      skip(kMagic.size());
      continue;
    }
    if (buffer_.size() < kPrefix + length) {
      // Noise that only looks like a frame must not hide the frames behind it: a header begins
      // with a brace.
      if (buffer_.size() > kPrefix && buffer_[kPrefix] != '{') {
        skip(kMagic.size());
        continue;
      }
      return std::nullopt;
    }
    const std::string text = buffer_.substr(kPrefix, length);
    nlohmann::json header = nlohmann::json::parse(text, nullptr, false);
    const bool is_frame = header.is_object() && header.contains("bytes") &&
                          header["bytes"].is_number_unsigned() &&
                          header["bytes"].get<size_t>() <= kLargestBytes;
    if (!is_frame) {
      skip(kMagic.size());
      continue;
    }
    const size_t bytes = header["bytes"].get<size_t>();
    if (buffer_.size() < kPrefix + length + bytes) return std::nullopt;
    Frame frame{std::move(header), buffer_.substr(kPrefix + length, bytes)};
    buffer_.erase(0, kPrefix + length + bytes);
    return frame;
  }
}

std::string FrameReader::take_noise() { return std::exchange(noise_, {}); }

}  // namespace weft::runners
