// Names of instructions and what stands behind them in text (core spec, text/instructions).
#include <bit>
#include <unordered_map>

#include "reference/module/opcode.h"
#include "reference/module/text/context.h"
#include "reference/module/text/module_text.h"

namespace weft::module::text {
namespace {

const std::unordered_map<std::string_view, const OpcodeInfo*>& names() {
  static const auto map = [] {
    std::unordered_map<std::string_view, const OpcodeInfo*> out;
    for (const OpcodeInfo& info : opcodes()) {
      if (info.name != "select_t") out.emplace(info.name, &info);
    }
    return out;
  }();
  return map;
}

// Words of proposals that weft does not take, by their beginnings.
struct Refused {
  std::string_view start, feature;
};
constexpr Refused kRefused[] = {
    {"struct.", "GC"},
    {"array.", "GC"},
    {"i31.", "GC"},
    {"ref.i31", "GC"},
    {"ref.eq", "GC"},
    {"ref.test", "GC"},
    {"ref.cast", "GC"},
    {"br_on_cast", "GC"},
    {"any.convert", "GC"},
    {"extern.convert", "GC"},
    {"call_ref", "typed function references"},
    {"return_call_ref", "typed function references"},
    {"ref.as_non_null", "typed function references"},
    {"br_on_", "typed function references"},
    {"throw", "exception handling"},
    {"try", "exception handling"},
    {"catch", "exception handling"},
    {"rethrow", "exception handling"},
    {"delegate", "exception handling"},
    {"i64.add128", "wide arithmetic"},
    {"i64.sub128", "wide arithmetic"},
    {"i64.mul_wide", "wide arithmetic"},
};

void memarg(const OpcodeInfo& info, Cursor& in, Context& context, Bytes& out) {
  // A number alone before the lane is the lane, not a memory.
  const bool lane = info.immediate == Immediate::kMemArgLane;
  const auto more = [&](size_t ahead) {
    const Token& token = in.peek(ahead);
    return token.kind == TokenKind::kWord &&
           (token.text.starts_with("offset=") || token.text.starts_with("align=") ||
            (token.text[0] >= '0' && token.text[0] <= '9'));
  };
  uint32_t memory = 0;
  if (in.is(TokenKind::kId) || (in.is_nat() && (!lane || more(1)))) {
    memory = context.memories.index(in);
  }
  uint64_t offset = 0, align = info.argument;
  const auto value = [&](std::string_view key, unsigned bits) {
    const std::string_view text = in.word().substr(key.size());
    return in.number(parse_nat(text, bits));
  };
  const auto comes = [&](std::string_view key) {
    return in.is(TokenKind::kWord) && in.peek().text.starts_with(key);
  };
  if (comes("offset=")) offset = value("offset=", 64);
  if (comes("align=")) {
    const Cursor at = in;
    const uint64_t bytes = value("align=", 64);
    if (!std::has_single_bit(bytes)) at.fail("alignment must be a power of two");
    align = static_cast<uint64_t>(std::countr_zero(bytes));
  }
  append_leb(out, align | (memory ? 0x40 : 0));
  if (memory) append_leb(out, memory);
  append_leb(out, offset);
}

uint32_t label(Cursor& in, const std::vector<std::string_view>& labels) {
  if (!in.is(TokenKind::kId)) return static_cast<uint32_t>(in.nat(32));
  for (size_t depth = 0; depth < labels.size(); ++depth) {
    if (labels[labels.size() - 1 - depth] == in.peek().text) {
      in.next();
      return static_cast<uint32_t>(depth);
    }
  }
  in.fail(fmt::format("unknown label {}", in.peek().text));
}

void fixed(Bytes& out, uint64_t value, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i) out.push_back(static_cast<uint8_t>(value >> (8 * i)));
}

void heap_type(Cursor& in, Bytes& out) {
  if (in.take_word("func")) return out.push_back(0x70);
  if (in.take_word("extern")) return out.push_back(0x6F);
  if (in.is(TokenKind::kId) || in.is_nat()) in.refuse("typed function references", "ref.null");
  if (in.is_word("exn")) in.refuse("exception handling", "ref.null exn");
  if (in.is(TokenKind::kWord)) in.refuse("GC", fmt::format("ref.null {}", in.peek().text));
  in.unexpected();
}

// One index of each space: text order, second first in the binary if `swapped`. With one index it
// is that of `second`.
void optional_pair(Cursor& in, const Space& first, const Space& second, bool swapped, Bytes& out) {
  uint32_t a = 0, b = 0;
  const Token& after = in.peek(1);
  const bool two = first.comes(in) &&
                   (after.kind == TokenKind::kId || (after.kind == TokenKind::kWord &&
                                                     after.text[0] >= '0' && after.text[0] <= '9'));
  if (two) a = first.index(in);
  b = second.index(in);
  append_leb(out, swapped ? b : a);
  append_leb(out, swapped ? a : b);
}

}  // namespace

Bytes v128_literal(Cursor& in) {
  Bytes out;
  for (const LaneShape& shape : kLaneShapes) {
    if (!in.take_word(shape.name)) continue;
    for (unsigned i = 0; i < shape.lanes; ++i) {
      const uint64_t bits = !shape.is_float    ? in.integer(shape.bits)
                            : shape.bits == 32 ? in.f32()
                                               : in.f64();
      fixed(out, bits, shape.bits / 8);
    }
    return out;
  }
  in.unexpected();
}

const OpcodeInfo& find_instruction(Cursor& in) {
  const Cursor at = in;
  const std::string_view word = in.word();
  const auto found = names().find(word);
  if (found != names().end()) return *found->second;
  for (const Refused& one : kRefused) {
    if (word.starts_with(one.start)) at.refuse(one.feature, word);
  }
  if (word.find("relaxed_") != std::string_view::npos) at.refuse("relaxed SIMD", word);
  at.fail(fmt::format("unknown operator {}", word));
}

void block_type(Cursor& in, Context& context, Bytes& out) {
  Cursor ahead = in;
  if (!in.is_list("type")) {
    const FuncType type = function_type(ahead, nullptr);
    if (type.params.empty() && type.results.size() <= 1) {
      in = ahead;
      out.push_back(type.results.empty() ? uint8_t{0x40} : static_cast<uint8_t>(type.results[0]));
      return;
    }
  }
  append_signed_leb(out, type_use(in, context, false).type);
}

void immediates(const OpcodeInfo& info, Cursor& in, Context& context, const Space& locals,
                const std::vector<std::string_view>& labels, Bytes& out) {
  switch (info.immediate) {
    case Immediate::kNone:
    case Immediate::kBlock:
      break;
    case Immediate::kLabel:
      append_leb(out, label(in, labels));
      break;
    case Immediate::kLabelTable: {
      std::vector<uint32_t> targets;
      do {
        targets.push_back(label(in, labels));
      } while (in.is(TokenKind::kId) || in.is_nat());
      append_leb(out, targets.size() - 1);
      for (uint32_t target : targets) append_leb(out, target);
      break;
    }
    case Immediate::kFunction:
    case Immediate::kRefFunc:
      append_leb(out, context.functions.index(in));
      break;
    case Immediate::kCallIndirect: {
      const uint32_t table = context.tables.index_or_zero(in);
      append_leb(out, type_use(in, context, false).type);
      append_leb(out, table);
      break;
    }
    case Immediate::kSelectTypes: {
      const FuncType type = function_type(in, nullptr);
      append_leb(out, type.results.size());
      for (ValType one : type.results) out.push_back(static_cast<uint8_t>(one));
      break;
    }
    case Immediate::kLocal:
      append_leb(out, locals.index(in));
      break;
    case Immediate::kGlobal:
      append_leb(out, context.globals.index(in));
      break;
    case Immediate::kTable:
      append_leb(out, context.tables.index_or_zero(in));
      break;
    case Immediate::kMemArg:
    case Immediate::kAtomicArg:
      memarg(info, in, context, out);
      break;
    case Immediate::kMemArgLane:
      memarg(info, in, context, out);
      out.push_back(static_cast<uint8_t>(in.nat(8)));
      break;
    case Immediate::kMemory:
      append_leb(out, context.memories.index_or_zero(in));
      break;
    case Immediate::kMemoryMemory:
    case Immediate::kTableTable: {
      const Space& space =
          info.immediate == Immediate::kMemoryMemory ? context.memories : context.tables;
      if (!space.comes(in)) {
        append(out, {0, 0});
      } else {
        append_leb(out, space.index(in));
        append_leb(out, space.index(in));
      }
      break;
    }
    case Immediate::kDataMemory:
      context.uses_data_count = true;
      optional_pair(in, context.memories, context.data, true, out);
      break;
    case Immediate::kData:
      context.uses_data_count = true;
      append_leb(out, context.data.index(in));
      break;
    case Immediate::kElemTable:
      optional_pair(in, context.tables, context.elements, true, out);
      break;
    case Immediate::kElem:
      append_leb(out, context.elements.index(in));
      break;
    case Immediate::kI32:
      append_signed_leb(out, static_cast<int32_t>(in.integer(32)));
      break;
    case Immediate::kI64:
      append_signed_leb(out, static_cast<int64_t>(in.integer(64)));
      break;
    case Immediate::kF32:
      fixed(out, in.f32(), 4);
      break;
    case Immediate::kF64:
      fixed(out, in.f64(), 8);
      break;
    case Immediate::kV128:
      append(out, v128_literal(in));
      break;
    case Immediate::kShuffle:
      for (int i = 0; i < 16; ++i) out.push_back(static_cast<uint8_t>(in.nat(8)));
      break;
    case Immediate::kLane:
      out.push_back(static_cast<uint8_t>(in.nat(8)));
      break;
    case Immediate::kRefType:
      heap_type(in, out);
      break;
    case Immediate::kFence:
      out.push_back(0x00);
      break;
  }
}

}  // namespace weft::module::text
