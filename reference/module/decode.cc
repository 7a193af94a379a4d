// Sections of a module (core spec, binary/modules).
#include "reference/module/decode.h"

#include <fmt/core.h>

#include <algorithm>

namespace weft::module {
namespace {

// Implementation limits. The format allows 2^32 - 1 locals; without a limit for the whole module a
// small binary could ask for gigabytes. Parameters and results as in the JavaScript API.
constexpr uint64_t kMostLocals = 50'000;
constexpr uint64_t kMostLocalsOfModule = 50'000'000;
constexpr size_t kMostParameters = 1'000;

class Decoder {
 public:
  Decoder(Bytes binary, const Language& language) {
    module_.binary = std::move(binary);
    module_.language = language;
  }

  tl::expected<Module, ModuleError> run() {
    const std::span<const uint8_t> bytes(module_.binary);
    Reader in(bytes, 0, bytes.size());
    header(in);
    int last = 0;
    while (!in.failed() && !in.done()) {
      const size_t start = in.offset();
      const uint8_t id = in.byte();
      const uint32_t size = in.u32();
      if (in.failed()) break;
      if (size > in.left()) {
        in.fail("length out of bounds", start);
        break;
      }
      Reader body = in.sub(size);
      if (id == 0) {
        custom(body);
      } else {
        const int order = order_of(id);
        if (id == 13) {
          in.refuse("exception handling", "tag section", start);
        } else if (order == 0) {
          in.fail("malformed section id", start);
        } else if (order <= last) {
          in.fail("unexpected content after last section", start);
        } else {
          last = order;
          section(id, body);
          if (!body.failed() && !body.done()) body.fail("section size mismatch");
        }
      }
      in.adopt(body);
    }
    if (!in.failed()) finish(in);
    if (in.failed()) return tl::unexpected(in.error());
    if (refused_) return tl::unexpected(*refused_);
    return std::move(module_);
  }

 private:
  // Remembered while decoding goes on: a malformed module is malformed first.
  void limit(const char* what, uint64_t found, uint64_t most, size_t at) {
    if (refused_) return;
    refused_ = ModuleError{"validate", at,
                           fmt::format("{} {}, weft takes at most {}", found, what, most), true};
  }

  void header(Reader& in) {
    static constexpr uint8_t kMagic[] = {0x00, 0x61, 0x73, 0x6D};
    static constexpr uint8_t kVersion[] = {0x01, 0x00, 0x00, 0x00};
    const Bytes& b = module_.binary;
    if (b.size() < 4) return in.fail("unexpected end", b.size());
    if (!std::equal(kMagic, kMagic + 4, b.begin())) {
      return in.fail("magic header not detected", 0);
    }
    if (b.size() < 8) return in.fail("unexpected end", b.size());
    if (!std::equal(kVersion, kVersion + 4, b.begin() + 4)) {
      return in.fail("unknown binary version", 4);
    }
    in.skip(8);
  }

  // Place of a section among the others; 0: no such section.
  static int order_of(uint8_t id) {
    static constexpr uint8_t kOrder[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 10, 11};
    const auto* found = std::find(std::begin(kOrder), std::end(kOrder), id);
    return found == std::end(kOrder) ? 0 : static_cast<int>(found - kOrder) + 1;
  }

  void section(uint8_t id, Reader& in) {
    switch (id) {
      case 1:
        return types(in);
      case 2:
        return imports(in);
      case 3:
        return functions(in);
      case 4:
        return tables(in);
      case 5:
        return memories(in);
      case 6:
        return globals(in);
      case 7:
        return exports(in);
      case 8:
        module_.start = in.u32();
        return;
      case 9:
        return elements(in);
      case 10:
        return code(in);
      case 11:
        return data(in);
      case 12:
        module_.data_count = in.u32();
        return;
    }
  }

  // A custom section must have a name; what else is in it is its own affair. Function names are
  // taken where the name section is well-formed.
  void custom(Reader& in) {
    const std::string name = in.name();
    if (in.failed() || name != "name") return;
    Reader names = in;
    while (!names.failed() && !names.done()) {
      const uint8_t id = names.byte();
      Reader part = names.sub(names.u32());
      if (names.failed() || id != 1) continue;
      for (uint32_t n = part.count(); n > 0 && !part.failed(); --n) {
        const uint32_t index = part.u32();
        std::string text = part.name();
        if (part.failed() || index >= module_.function_types.size()) break;
        if (module_.function_names.size() <= index) module_.function_names.resize(index + 1);
        module_.function_names[index] = std::move(text);
      }
    }
  }

  void types(Reader& in) {
    for (uint32_t n = in.count(); n > 0 && !in.failed(); --n) {
      const size_t start = in.offset();
      const uint8_t form = in.byte();
      if (in.failed()) return;
      if (form == 0x4E || form == 0x4F || form == 0x50 || form == 0x5E || form == 0x5F) {
        return in.refuse("GC", "type definition", start);
      }
      if (form != 0x60) return in.fail("integer representation too long", start);
      FuncType type;
      for (uint32_t k = in.count(); k > 0 && !in.failed(); --k) {
        type.params.push_back(read_value_type(in));
      }
      for (uint32_t k = in.count(); k > 0 && !in.failed(); --k) {
        type.results.push_back(read_value_type(in));
      }
      const size_t most = std::max(type.params.size(), type.results.size());
      if (most > kMostParameters) limit("parameters or results", most, kMostParameters, start);
      module_.types.push_back(std::move(type));
    }
  }

  // Flags are one byte: bit 0 a maximum, bit 1 shared, bit 2 64-bit addresses. A shared memory
  // without a maximum (0x02, 0x06) is decoded and refused by the validator.
  Limits limits(Reader& in, bool table) {
    Limits out;
    const size_t start = in.offset();
    const uint8_t flags = in.byte();
    if (in.failed()) return out;
    const bool memory64 = module_.language.memory64;
    if (flags > (memory64 ? 7 : 3)) {
      in.fail(flags & 0x80 ? "integer representation too long" : "malformed limits flags", start);
      return out;
    }
    if (table && (flags & 2)) {
      in.fail("tables cannot be shared (yet)", start);
      return out;
    }
    if (table && (flags & 4)) {
      in.refuse("memory64's table64", "a table with 64-bit indices", start);
      return out;
    }
    out.shared = flags & 2;
    out.is64 = flags & 4;
    // With memory64 the numbers are u64 whatever the address type; their range is validation.
    out.min = memory64 ? in.u64() : in.u32();
    if (flags & 1) out.max = memory64 ? in.u64() : in.u32();
    return out;
  }

  TableType table_type(Reader& in) {
    TableType type;
    type.element = read_reference_type(in);
    if (!in.failed()) type.limits = limits(in, true);
    return type;
  }

  GlobalType global_type(Reader& in) {
    GlobalType type;
    type.type = read_value_type(in);
    const size_t start = in.offset();
    const uint8_t mutability = in.byte();
    if (!in.failed() && mutability > 1) in.fail("malformed mutability", start);
    type.is_mutable = mutability == 1;
    return type;
  }

  void imports(Reader& in) {
    for (uint32_t n = in.count(); n > 0 && !in.failed(); --n) {
      Import import;
      import.module = in.name();
      import.name = in.name();
      const size_t start = in.offset();
      const uint8_t kind = in.byte();
      if (in.failed()) return;
      switch (kind) {
        case 0:
          import.type_index = in.u32();
          module_.function_types.push_back(import.type_index);
          ++module_.imported_functions;
          break;
        case 1:
          import.table = table_type(in);
          module_.tables.push_back(import.table);
          ++module_.imported_tables;
          break;
        case 2:
          import.memory.limits = limits(in, false);
          module_.memories.push_back(import.memory);
          ++module_.imported_memories;
          break;
        case 3:
          import.global = global_type(in);
          module_.globals.push_back(import.global);
          ++module_.imported_globals;
          break;
        case 4:
          return in.refuse("exception handling", "tag import", start);
        default:
          return in.fail("malformed import kind", start);
      }
      import.kind = static_cast<ExternKind>(kind);
      module_.imports.push_back(std::move(import));
    }
  }

  void functions(Reader& in) {
    for (uint32_t n = in.count(); n > 0 && !in.failed(); --n) {
      Function function;
      function.type_index = in.u32();
      module_.function_types.push_back(function.type_index);
      module_.functions.push_back(std::move(function));
    }
  }

  void tables(Reader& in) {
    for (uint32_t n = in.count(); n > 0 && !in.failed(); --n) {
      if (in.peek() == 0x40) {
        return in.refuse("typed function references", "table initialiser", in.offset());
      }
      module_.tables.push_back(table_type(in));
    }
  }

  void memories(Reader& in) {
    for (uint32_t n = in.count(); n > 0 && !in.failed(); --n) {
      module_.memories.push_back({limits(in, false)});
    }
  }

  // The instructions up to the `end` of a constant expression; which are constant is validation.
  ConstExpr expression(Reader& in) {
    ConstExpr out;
    out.begin = static_cast<uint32_t>(in.offset());
    walk(in);
    out.end = static_cast<uint32_t>(in.offset());
    return out;
  }

  // Instructions up to the `end` that closes the outermost level.
  void walk(Reader& in) {
    uint64_t depth = 0;
    std::vector<bool> has_else;  // of the open blocks: an `else` may still come
    while (!in.failed()) {
      const size_t start = in.offset();
      const Instruction one = read_instruction(in, module_);
      if (in.failed()) return;
      if (one.info->prefix == 0) {
        switch (one.info->code) {
          case 0x02:
          case 0x03:
          case 0x04:
            ++depth;
            has_else.push_back(one.info->code == 0x04);
            break;
          case 0x05:
            if (has_else.empty() || !has_else.back()) {
              return in.fail("END opcode expected", start);
            }
            has_else.back() = false;
            break;
          case 0x0B:
            if (depth == 0) return;
            --depth;
            has_else.pop_back();
            break;
        }
      } else if (one.info->prefix == 0xFC && (one.info->code == 8 || one.info->code == 9)) {
        if (!module_.data_count && !needs_data_count_) needs_data_count_ = start;
      }
    }
  }

  void globals(Reader& in) {
    for (uint32_t n = in.count(); n > 0 && !in.failed(); --n) {
      Global global;
      global.type = global_type(in);
      if (in.failed()) return;
      global.init = expression(in);
      module_.globals.push_back(global.type);
      module_.defined_globals.push_back(global);
    }
  }

  void exports(Reader& in) {
    for (uint32_t n = in.count(); n > 0 && !in.failed(); --n) {
      Export out;
      out.name = in.name();
      const size_t start = in.offset();
      const uint8_t kind = in.byte();
      if (in.failed()) return;
      if (kind == 4) return in.refuse("exception handling", "tag export", start);
      if (kind > 4) return in.fail("malformed export kind", start);
      out.kind = static_cast<ExternKind>(kind);
      out.index = in.u32();
      module_.exports.push_back(std::move(out));
    }
  }

  // Flags 0 to 7: bit 0 passive or declarative, bit 1 an explicit table (or declarative), bit 2
  // expressions instead of function indices.
  void elements(Reader& in) {
    for (uint32_t n = in.count(); n > 0 && !in.failed(); --n) {
      const size_t start = in.offset();
      const uint32_t flags = in.u32();
      if (in.failed()) return;
      if (flags > 7) return in.fail("malformed elements segment kind", start);
      ElementSegment segment;
      segment.mode = !(flags & 1)  ? SegmentMode::kActive
                     : (flags & 2) ? SegmentMode::kDeclarative
                                   : SegmentMode::kPassive;
      if (segment.mode == SegmentMode::kActive) {
        if (flags & 2) segment.table = in.u32();
        segment.offset = expression(in);
      }
      if (flags & 3) {
        if (flags & 4) {
          segment.type = read_reference_type(in);
        } else {
          const size_t at = in.offset();
          if (in.byte() != 0 && !in.failed()) in.fail("malformed element kind", at);
        }
      }
      if (in.failed()) return;
      for (uint32_t k = in.count(); k > 0 && !in.failed(); --k) {
        if (flags & 4) {
          segment.expressions.push_back(expression(in));
        } else {
          segment.functions.push_back(in.u32());
        }
      }
      module_.elements.push_back(std::move(segment));
    }
  }

  void code(Reader& in) {
    const size_t start = in.offset();
    const uint32_t n = in.count();
    if (in.failed()) return;
    if (n != module_.functions.size()) {
      return in.fail("function and code section have inconsistent lengths", start);
    }
    has_code_ = true;
    for (uint32_t i = 0; i < n && !in.failed(); ++i) {
      const size_t at = in.offset();
      const uint32_t size = in.u32();
      if (in.failed()) return;
      if (size > in.left()) return in.fail("unexpected end", at);
      Reader body = in.sub(size);
      function_body(body, module_.functions[i]);
      in.adopt(body);
    }
  }

  void function_body(Reader& in, Function& function) {
    uint64_t total = 0;
    const size_t start = in.offset();
    for (uint32_t n = in.count(); n > 0 && !in.failed(); --n) {
      const uint32_t count = in.u32();
      const ValType type = read_value_type(in);
      if (in.failed()) return;
      total += count;
      if (total > 0xFFFFFFFF) return in.fail("too many locals", start);
      if (total <= kMostLocals && locals_ + total <= kMostLocalsOfModule) {
        function.locals.insert(function.locals.end(), count, type);
      }
    }
    if (in.failed()) return;
    locals_ += total;
    if (total > kMostLocals) limit("locals of a function", total, kMostLocals, start);
    if (locals_ > kMostLocalsOfModule) {
      limit("locals of a module", locals_, kMostLocalsOfModule, start);
    }
    function.begin = static_cast<uint32_t>(in.offset());
    walk(in);
    function.end = static_cast<uint32_t>(in.offset());
    if (!in.failed() && !in.done()) in.fail("END opcode expected");
  }

  void data(Reader& in) {
    const size_t start = in.offset();
    const uint32_t n = in.count();
    if (in.failed()) return;
    if (module_.data_count && *module_.data_count != n) {
      return in.fail("data count and data section have inconsistent lengths", start);
    }
    has_data_ = true;
    for (uint32_t i = 0; i < n && !in.failed(); ++i) {
      const size_t at = in.offset();
      const uint32_t flags = in.u32();
      if (in.failed()) return;
      if (flags > 2) return in.fail("malformed data segment kind", at);
      DataSegment segment;
      if (flags != 1) {
        segment.mode = SegmentMode::kActive;
        if (flags == 2) segment.memory = in.u32();
        segment.offset = expression(in);
      }
      const size_t length_at = in.offset();
      const uint32_t size = in.u32();
      if (in.failed()) return;
      if (size > in.left()) return in.fail("unexpected end", length_at);
      segment.begin = static_cast<uint32_t>(in.offset());
      in.skip(size);
      segment.end = static_cast<uint32_t>(in.offset());
      module_.data.push_back(segment);
    }
  }

  void finish(Reader& in) {
    const size_t end = module_.binary.size();
    if (!has_code_ && !module_.functions.empty()) {
      return in.fail("function and code section have inconsistent lengths", end);
    }
    if (!has_data_ && module_.data_count.value_or(0) != 0) {
      return in.fail("data count and data section have inconsistent lengths", end);
    }
    if (needs_data_count_) return in.fail("data count section required", *needs_data_count_);
  }

  Module module_;
  bool has_code_ = false, has_data_ = false;
  uint64_t locals_ = 0;  // of all functions so far
  std::optional<size_t> needs_data_count_;
  std::optional<ModuleError> refused_;
};

}  // namespace

tl::expected<Module, ModuleError> decode(Bytes binary, const Language& language) {
  if (binary.size() > 0x7FFFFFFF) {
    return tl::unexpected(ModuleError{"decode", 0, "module is larger than 2 GiB", true});
  }
  return Decoder(std::move(binary), language).run();
}

}  // namespace weft::module
