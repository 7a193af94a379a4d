#include "reference/embed/litmus_run.h"

#include <fmt/core.h>

#include "reference/embed/imports.h"
#include "reference/embed/program.h"

namespace weft::embed {
namespace {

// How a thread ended, in a key.
enum : uint64_t { kReturned, kWaiting, kTrapped, kRunning };

uint64_t read_cell(const machine::Memory& memory, const LitmusShape::Cell& cell) {
  uint8_t bytes[8] = {};
  if (!memory.copy_out(cell.address, {bytes, cell.bytes})) return 0;
  uint64_t value = 0;
  for (uint32_t i = 0; i < cell.bytes; i++) value |= uint64_t{bytes[i]} << (8 * i);
  return value;
}

void write_cell(machine::Memory& memory, const LitmusShape::Cell& cell) {
  uint8_t bytes[8];
  for (uint32_t i = 0; i < cell.bytes; i++) bytes[i] = static_cast<uint8_t>(cell.value >> (8 * i));
  (void)memory.copy_in(cell.address, {bytes, cell.bytes});
}

}  // namespace

Expected<std::unique_ptr<LitmusRun>> LitmusRun::make(std::shared_ptr<const module::Module> module,
                                                     LitmusShape shape,
                                                     schedule::Scheduler& scheduler,
                                                     schedule::VirtualOptions options) {
  std::unique_ptr<LitmusRun> made(new LitmusRun(scheduler));
  auto imports = make_imports(*module);
  if (!imports) return tl::unexpected<Error>(imports.error());
  auto resolved = machine::Instance::resolve(*module, *imports);
  if (!resolved) return fail("{}", resolved.error().message);
  options.undo = &made->undo_;
  options.program = program_mark(*module);
  std::vector<std::shared_ptr<machine::Memory>> memories;
  made->run_ = std::make_unique<schedule::VirtualRun>(scheduler, made->clock_, nullptr, options);
  for (size_t t = 0; t < shape.registers.size(); t++) {
    auto instance = machine::Instance::create(module, *resolved);
    if (!instance) return fail("{}", instance.error().message);
    const std::string name = fmt::format("thread{}", t);
    const machine::Func* function = (*instance)->exported_function(name);
    if (!function || function->type->params != std::vector{module::ValType::kI32} ||
        function->type->results.size() != shape.registers[t].size()) {
      return fail("export {}: expected a function with one i32 parameter and {} results", name,
                  shape.registers[t].size());
    }
    if (t == 0 && (*instance)->memory_count() > 0) made->memory_ = (*instance)->shared_memory(0);
    for (uint32_t m = 0; m < (*instance)->memory_count(); m++) {
      memories.push_back((*instance)->shared_memory(m));
    }
    auto agent = std::make_unique<schedule::Agent>();
    agent->keep = *instance;
    agent->entries.push_back({function, {machine::Value::i32(0)}});
    made->run_->add(std::move(agent));
  }
  if (!made->memory_) return fail("a litmus test needs a shared memory");
  for (const auto* cells : {&shape.inits, &shape.observes}) {
    for (const LitmusShape::Cell& cell : *cells) {
      if (!made->memory_->in_bounds(cell.address, cell.bytes)) {
        return fail("{}: address {} is beyond the memory", cell.name, cell.address);
      }
    }
  }
  for (const LitmusShape::Cell& cell : shape.inits) write_cell(*made->memory_, cell);
  for (const auto& memory : memories) made->undo_.add(*memory);
  made->shape_ = std::move(shape);
  return made;
}

bool LitmusRun::next() {
  if (!scheduler_.new_execution()) return false;
  if (!first_) run_->rewind();
  first_ = false;
  clock_ = schedule::VirtualClock{};
  if (run_->run(true).kind == schedule::Ending::Kind::kDiverged) {
    undo_.restore();
    return false;
  }
  values_.clear();
  for (size_t t = 0; t < shape_.registers.size(); t++) {
    const uint64_t how = run_->has_returned(t)  ? kReturned
                         : run_->has_trapped(t) ? kTrapped
                         : run_->was_waiting(t) ? kWaiting
                                                : kRunning;
    values_.push_back(how);
    if (how != kReturned) continue;
    const auto results = run_->agent(t).calls[0]->result_slots();
    values_.insert(values_.end(), results.begin(), results.end());
  }
  for (const LitmusShape::Cell& cell : shape_.observes) {
    values_.push_back(read_cell(*memory_, cell));
  }
  undo_.restore();
  if (outcomes_.count(values_)) outcomes_.describe(text(), run_->choices().token());
  return true;
}

std::string LitmusRun::text() const {
  std::string text, endings[3];
  size_t at = 0;
  for (size_t t = 0; t < shape_.registers.size(); t++) {
    const uint64_t how = values_[at++];
    if (how != kReturned) {
      static constexpr const char* kNames[] = {"waiting", "trap", "running"};
      endings[how - 1] += fmt::format(" {}:{}", t, kNames[how - 1]);
      continue;
    }
    for (const std::string& name : shape_.registers[t]) {
      text += fmt::format(" {}:{}={}", t, name, values_[at++]);
    }
  }
  for (const LitmusShape::Cell& cell : shape_.observes) {
    text += fmt::format(" [{}]={}", cell.name, values_[at++]);
  }
  for (const std::string& ending : endings) text += ending;
  return text.empty() ? "(nothing to see)" : text.substr(1);
}

}  // namespace weft::embed
