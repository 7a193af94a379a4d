#include "reference/wasi/call.h"

namespace weft::wasi {
namespace {

// Well-formed UTF-8 without surrogates and overlong forms (preview1: paths are strings).
bool is_utf8(const std::string& text) {
  const auto* p = reinterpret_cast<const uint8_t*>(text.data());
  const auto* const end = p + text.size();
  while (p < end) {
    const uint8_t lead = *p++;
    if (lead < 0x80) continue;
    const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    if (lead < 0xC2 || lead > 0xF4 || end - p < more) return false;
    uint32_t code = lead & (0x3F >> more);
    for (int i = 0; i < more; i++) {
      if ((*p & 0xC0) != 0x80) return false;
      code = code << 6 | (*p++ & 0x3F);
    }
    if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return false;
    if ((more == 2 && code < 0x800) || (more == 3 && code < 0x10000)) return false;
  }
  return true;
}

constexpr uint32_t kLongestPath = 4096;

}  // namespace

Errno Call::descriptor(size_t i, uint64_t rights, std::shared_ptr<Descriptor>& found) const {
  found = process.fds().get(u32(i));
  if (!found) return Errno::badf;
  return (found->rights_base & rights) == rights ? Errno::success : Errno::notcapable;
}

Errno Call::path(size_t i, std::string& text) const {
  const uint32_t address = u32(i);
  const uint32_t length = u32(i + 1);
  if (!memory.contains(address, length)) return Errno::fault;
  if (length >= kLongestPath) return Errno::nametoolong;
  text.resize(length);
  if (!memory.read(address, text.data(), length)) return Errno::fault;
  if (text.find('\0') != std::string::npos) return Errno::inval;
  return is_utf8(text) ? Errno::success : Errno::ilseq;
}

}  // namespace weft::wasi
