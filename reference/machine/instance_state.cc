// An instance's state as a value, and back (InstanceState).
#include <algorithm>

#include "reference/machine/instance.h"

namespace weft::machine {
namespace {

std::vector<uint8_t> drops(const std::atomic<uint8_t>* flags, size_t count) {
  std::vector<uint8_t> values(count);
  for (size_t i = 0; i < count; ++i) values[i] = flags[i].load(std::memory_order_relaxed);
  return values;
}

void put_drops_back(std::atomic<uint8_t>* flags, const std::vector<uint8_t>& values) {
  for (size_t i = 0; i < values.size(); ++i) flags[i].store(values[i], std::memory_order_relaxed);
}

}  // namespace

InstanceState Instance::state() const {
  InstanceState state;
  for (const auto& global : globals_) {
    const Value value = global->get();
    state.globals.push_back({value.low, value.high});
  }
  for (const auto& table : tables_) {
    auto& elements = state.tables.emplace_back(table->size());
    for (uint64_t i = 0; i < elements.size(); ++i) elements[i] = table->get(i);
  }
  state.data_dropped = drops(data_dropped_.get(), module_->data.size());
  state.elem_dropped = drops(elem_dropped_.get(), module_->elements.size());
  return state;
}

void Instance::put_back(const InstanceState& state) {
  for (size_t i = 0; i < globals_.size(); ++i) {
    globals_[i]->set(state.globals[i].low, state.globals[i].high);
  }
  for (size_t i = 0; i < tables_.size(); ++i) tables_[i]->put_back(state.tables[i]);
  put_drops_back(data_dropped_.get(), state.data_dropped);
  put_drops_back(elem_dropped_.get(), state.elem_dropped);
}

void Instance::write_data_again(const BeforeWrite& before_write) {
  for (uint32_t i = 0; i < module_->data.size(); ++i) {
    if (module_->data[i].mode != module::SegmentMode::kActive) continue;
    const uint8_t dropped = data_dropped_[i].exchange(0, std::memory_order_relaxed);
    (void)apply_data(i, before_write);
    data_dropped_[i].store(dropped, std::memory_order_relaxed);
  }
}

uint32_t Instance::index_of(const Memory& memory) const {
  const auto found = std::find_if(memories_.begin(), memories_.end(),
                                  [&](const auto& one) { return one.get() == &memory; });
  return static_cast<uint32_t>(found - memories_.begin());
}

bool Instance::defines_memory() const {
  size_t imported = 0;
  for (const module::Import& import : module_->imports) {
    imported += import.kind == module::ExternKind::kMemory;
  }
  return memories_.size() > imported;
}

}  // namespace weft::machine
