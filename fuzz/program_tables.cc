// Tables and references in generated bodies.
#include "fuzz/program_builder.h"

namespace weft::fuzz {

using enum module::ValType;

std::optional<uint32_t> Builder::table_of(ValType type) { return pick(scope_.tables, type); }

void Builder::table_get(uint32_t table, unsigned depth) {
  masked(kI32, kTableSize - 1, depth);
  op(0x25, table);
}

void Builder::table_i32(unsigned depth) {
  const ValType type = in_.below(2) ? kFuncRef : kExternRef;
  const uint32_t table = *table_of(type);
  switch (in_.below(4)) {
    case 0:  // table.grow
      expression(type, depth);
      masked(kI32, 3, depth);
      return prefixed(0xFC, 0x0F, {table});
    case 1:  // table.size
      return prefixed(0xFC, 0x10, {table});
    default:  // ref.is_null
      expression(type, depth);
      return op(0xD1);
  }
}

void Builder::table_statement(unsigned depth) {
  static constexpr uint32_t kHalf = kTableSize / 2 - 1;  // an index and a length that fit together
  const ValType type = in_.below(2) ? kFuncRef : kExternRef;
  uint32_t table = *table_of(type);
  // Table 0 mostly keeps the functions, so that calls through it find them.
  if (table == 0 && in_.below(4) != 0) table = *table_of(type);
  const uint32_t first = table == 0 ? 4 : 0;  // there: what is changed lies behind them
  const auto index = [&](uint32_t mask) {
    masked(kI32, mask, depth);
    if (first) i32_const(first), op(0x72);  // or
  };
  switch (in_.below(8)) {
    case 0:
    case 1:
      index(first ? kHalf : kTableSize - 1);
      expression(type, depth);
      return op(0x26, table);
    case 2:
      index(kHalf);
      expression(type, depth);
      masked(kI32, first ? 1 : kHalf, depth);
      return prefixed(0xFC, 0x11, {table});  // table.fill
    case 3:
    case 4: {
      index(kHalf);
      masked(kI32, kHalf, depth);
      masked(kI32, first ? 1 : kHalf, depth);
      return prefixed(0xFC, 0x0E, {table, *table_of(type)});  // table.copy
    }
    case 5:
      return prefixed(0xFC, 0x0D, {in_.below(static_cast<uint32_t>(scope_.elements.size()))});
    default: {  // table.init
      std::vector<uint32_t> found;
      for (uint32_t i = 0; i < scope_.elements.size(); ++i) {
        if (scope_.elements[i].type == type) found.push_back(i);
      }
      const uint32_t segment = one_of(found);
      index(kHalf);
      masked(kI32, 1, depth);
      masked(kI32, 1, depth);
      return prefixed(0xFC, 0x0C, {segment, table});
    }
  }
}

}  // namespace weft::fuzz
