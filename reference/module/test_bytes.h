// Builds binary modules byte by byte, for tests of the reader. Knows no reader: it writes whatever
// it is told to, well-formed or not.
#pragma once

#include <initializer_list>
#include <string_view>
#include <utility>

#include "reference/base/files.h"

namespace weft::module::testing {

inline Bytes operator+(Bytes left, const Bytes& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

// Unsigned LEB128 in the shortest form, or padded to `length` bytes.
inline Bytes leb(uint64_t value, size_t length = 0) {
  Bytes out;
  do {
    out.push_back(static_cast<uint8_t>(value & 0x7F));
    value >>= 7;
    if (value != 0 || out.size() < length) out.back() |= 0x80;
  } while (value != 0 || out.size() < length);
  return out;
}

inline Bytes text(std::string_view s) { return leb(s.size()) + Bytes(s.begin(), s.end()); }

inline Bytes section(uint8_t id, const Bytes& content) {
  return Bytes{id} + leb(content.size()) + content;
}

inline Bytes module_of(std::initializer_list<Bytes> sections) {
  Bytes out{0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00};
  for (const Bytes& one : sections) out = std::move(out) + one;
  return out;
}

// What most tests need: one function () -> () without locals, perhaps one memory.
struct OneFunction {
  Bytes body;          // without the final end
  Bytes memory = {};   // limits with their flags; empty: no memory
  Bytes table = {};    // table type; empty: no table
  Bytes results = {};  // value types
  Bytes locals = {0x00};
  Bytes more = {};  // sections between memory and code
  operator Bytes() const {
    const Bytes code = locals + body + Bytes{0x0B};
    return module_of({section(1, Bytes{0x01, 0x60, 0x00} + leb(results.size()) + results),
                      section(3, {0x01, 0x00}),
                      table.empty() ? Bytes{} : section(4, Bytes{0x01} + table),
                      memory.empty() ? Bytes{} : section(5, Bytes{0x01} + memory), more,
                      section(10, Bytes{0x01} + leb(code.size()) + code)});
  }
};

}  // namespace weft::module::testing
