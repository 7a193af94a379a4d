// Blocks, branches and calls of generated bodies.
#include "fuzz/program_builder.h"

namespace weft::fuzz {

using enum module::ValType;

// Burns fuel. Where none is left the function ends: by a trap, or, forgiving, with what leaves
// give.
void Builder::burn(int32_t amount, bool forgiving) {
  op(0x23, kFuelGlobal);
  out_.constant(kI32, static_cast<uint32_t>(amount));
  op(0x6B);
  op(0x24, kFuelGlobal);
  op(0x23, kFuelGlobal);
  i32_const(0);
  op(0x48);  // i32.lt_s
  op(0x04), out_.byte(0x40);
  if (forgiving) {
    for (ValType type : type_.results) out_.constant(type, 0);
    op(0x0F);
  } else {
    op(0x00);
  }
  op(0x0B);
}

void Builder::fuel_left() {
  op(0x23, kFuelGlobal);
  out_.constant(kI32, kLoopFuel);
  op(0x4A);  // i32.gt_s
}

Builder::Shape Builder::shape(std::optional<ValType> wanted) {
  std::vector<uint32_t> found;
  if (in_.below(3) == 0) {
    for (uint32_t i = 0; i < scope_.types.size(); ++i) {
      const Types& results = scope_.types[i].results;
      if (!wanted || std::find(results.begin(), results.end(), *wanted) != results.end()) {
        found.push_back(i);
      }
    }
  }
  if (!found.empty()) {
    const uint32_t index = one_of(found);
    return {scope_.types[index].params, scope_.types[index].results, index};
  }
  if (!wanted) return {{}, {}, -64};  // 0x40
  return {{}, {*wanted}, static_cast<int64_t>(*wanted) - 0x80};
}

void Builder::take(const Types& types) {
  for (size_t i = types.size(); i-- > 0;) {
    in_.below(4) == 0 ? op(0x1A) : op(0x21, *pick(locals_, types[i]));
  }
}

void Builder::keep(const Types& types, std::optional<ValType> wanted) {
  bool kept = false;
  for (size_t i = types.size(); i-- > 0;) {
    if (wanted && !kept && types[i] == *wanted) {
      if (i == 0) return;
      op(0x21, scratch(*wanted));
      kept = true;
    } else {
      op(0x1A);
    }
  }
  if (wanted) op(0x20, scratch(*wanted));
}

void Builder::structured(unsigned code, std::optional<ValType> wanted, unsigned depth) {
  const Shape shape = this->shape(wanted);
  const bool loop = code == 0x03;
  expressions(shape.params, depth);
  if (code == 0x04) expression(kI32, depth);
  op(code);
  out_.signed_leb(shape.encoded);
  labels_.push_back({loop ? shape.params : shape.results, loop});
  if (loop) burn(1, !in_.wild());
  take(shape.params);
  statements(depth);
  if (loop) {
    expressions(shape.params, depth);
    expression(kI32, depth);
    fuel_left();
    op(0x71);  // i32.and
    op(0x0D, 0);
    keep(shape.params, {});
  }
  expressions(shape.results, depth);
  // An if whose branches leave what it is given needs no else; what it lacks is the same values.
  if (code == 0x04 && (shape.params != shape.results || in_.below(2) == 0)) {
    op(0x05);
    take(shape.params);
    statements(depth);
    expressions(shape.results, depth);
  } else if (code == 0x02) {
    expression(kI32, depth);
    op(0x0D, 0);
  }
  op(0x0B);
  labels_.pop_back();
  keep(shape.results, wanted);
}

void Builder::branch(unsigned depth) {
  if (labels_.empty()) return;
  const uint32_t target = in_.below(static_cast<uint32_t>(labels_.size()));
  const Label label = labels_[target];
  expressions(label.types, depth);
  expression(kI32, depth);
  if (label.loop) fuel_left(), op(0x71);
  op(0x0D, static_cast<uint32_t>(labels_.size()) - 1 - target);
  keep(label.types, {});
}

// br and br_table end the block around them, which stands here for that. Loops are targets rarely:
// they would spin until the fuel is gone.
void Builder::jump(unsigned depth) {
  op(0x02), out_.byte(0x40);
  labels_.push_back({{}, false});
  const Label label = labels_[in_.below(static_cast<uint32_t>(labels_.size()))];
  const bool loops = in_.wild();
  std::vector<uint32_t> same;
  for (size_t i = 0; i < labels_.size(); ++i) {
    if (labels_[i].types == label.types && (loops || !labels_[i].loop)) {
      same.push_back(static_cast<uint32_t>(labels_.size() - 1 - i));
    }
  }
  const uint32_t entries = in_.below(5);
  if (!same.empty()) {
    expressions(label.types, depth);
    if (entries == 4) {
      op(0x0C, one_of(same));
    } else {
      expression(kI32, depth);
      op(0x0E, entries);
      for (uint32_t i = 0; i <= entries; ++i) out_.unsigned_leb(one_of(same));
    }
  }
  op(0x0B);
  labels_.pop_back();
}

// Out of the function, where a condition holds: by return, or by a call in its place.
void Builder::leave(unsigned depth) {
  expression(kI32, depth);
  op(0x04), out_.byte(0x40);
  labels_.push_back({{}, false});
  if (in_.below(2) == 0) {
    expressions(type_.results, depth);
    op(0x0F);
  } else {
    tail_call(depth);
  }
  op(0x0B);
  labels_.pop_back();
}

// Arguments, and of an indirect call the index of the element. The type to call it by.
uint32_t Builder::call_operands(uint32_t callee, bool indirect, unsigned depth, uint32_t& table) {
  uint32_t type = scope_.functions[callee];
  if (indirect && in_.wild()) type = in_.below(static_cast<uint32_t>(scope_.types.size()));
  // Another type than wanted traps always or not at all: results must be the same.
  if (scope_.types[type].results != scope_.type_of(callee).results) {
    type = scope_.functions[callee];
  }
  expressions(scope_.types[type].params, depth);
  if (indirect) {
    table = in_.below(8) == 0 ? *table_of(kFuncRef) : 0;
    if (in_.wild()) {
      expression(kI32, depth);
      if (!in_.wild()) i32_const(15), op(0x71);
    } else {
      i32_const(callee);
    }
  }
  return type;
}

bool Builder::call(std::optional<ValType> wanted, unsigned depth, Types& results) {
  const bool indirect = in_.below(2) != 0;
  std::vector<uint32_t> found;
  const size_t end = indirect ? scope_.functions.size() : index_;
  for (uint32_t i = 0; i < end; ++i) {
    const Types& given = scope_.type_of(i).results;
    if (!wanted || std::find(given.begin(), given.end(), *wanted) != given.end()) {
      found.push_back(i);
    }
  }
  if (found.empty()) return false;
  const uint32_t callee = one_of(found);
  uint32_t table = 0;
  const uint32_t type = call_operands(callee, indirect, depth, table);
  indirect ? op(0x11, type) : op(0x10, callee);
  if (indirect) out_.unsigned_leb(table);
  results = scope_.types[type].results;
  return true;
}

void Builder::tail_call(unsigned depth) {
  const bool indirect = in_.below(2) != 0;
  std::vector<uint32_t> found;  // at least this function itself
  for (uint32_t i = 0; i < scope_.functions.size(); ++i) {
    if (scope_.type_of(i).results == type_.results) found.push_back(i);
  }
  const uint32_t callee = one_of(found);
  uint32_t table = 0;
  const uint32_t type = call_operands(callee, indirect, depth, table);
  const unsigned tail = dialect_ == Dialect::kWhole ? 2 : 0;
  indirect ? op(0x11 + tail, type) : op(0x10 + tail, callee);
  if (indirect) out_.unsigned_leb(table);
  if (!tail) op(0x0F);
}

}  // namespace weft::fuzz
