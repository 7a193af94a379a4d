#include "reference/embed/trace.h"

#include <fmt/core.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "reference/embed/program.h"

namespace weft::embed {

using machine::VisibleKind;

namespace {

const char* step_name(schedule::Step::Kind kind) {
  using Kind = schedule::Step::Kind;
  switch (kind) {
    case Kind::kOperation:
      return "operation";
    case Kind::kExpire:
      return "expire";
    case Kind::kRetry:
      return "retry";
    case Kind::kReturn:
      return "return";
    case Kind::kTrap:
      return "trap";
    case Kind::kCompute:
      return "compute";
  }
  return "";
}

std::string hex(const std::vector<uint8_t>& bytes) {
  std::string text;
  for (const uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

// A value as one number, a v128 as two: the low half first.
nlohmann::ordered_json value(uint64_t low, uint64_t high, bool is_v128) {
  if (!is_v128) return low;
  return nlohmann::ordered_json::array({low, high});
}

void add_operation(nlohmann::ordered_json& line, const schedule::Step& step) {
  const machine::VisibleOp& op = step.operation;
  line["op"] = machine::name_of(op.kind);
  if (op.kind == VisibleKind::kHostCall) {
    if (op.host) line["name"] = op.host->name;
  }
  const machine::Instance* const instance = step.place.instance;
  const bool many = instance && instance->memory_count() > 1;
  if (op.memory) {
    if (many) line["memory"] = instance->index_of(*op.memory);
    line["address"] = op.address;
    if (op.width != 0) line["width"] = op.width;
  }
  switch (op.kind) {
    case VisibleKind::kRmw:
      line["rmw"] = machine::name_of(op.rmw);
      line["operands"] = {op.operands[0]};
      break;
    case VisibleKind::kCmpxchg:
      line["operands"] = {op.operands[0], op.operands[1]};
      break;
    case VisibleKind::kWait:
      line["operands"] = {op.operands[0]};
      line["timeout"] = static_cast<int64_t>(op.operands[1]);
      break;
    case VisibleKind::kStore:
      line["operands"] = {op.operands[0]};
      if (op.width == 16) line["operands"] = {op.operands[0], op.operands[1]};
      break;
    case VisibleKind::kNotify:
    case VisibleKind::kGrow:
    case VisibleKind::kFill:
    case VisibleKind::kInit:
      line["operands"] = {op.operands[0]};
      break;
    case VisibleKind::kCopy:
      if (many) line["from_memory"] = instance->index_of(*op.source);
      line["from"] = op.source_address;
      break;
    case VisibleKind::kGlobalGet:
    case VisibleKind::kGlobalSet:
      line["global"] = op.index;
      if (op.kind == VisibleKind::kGlobalSet) {
        line["operands"] = {op.operands[0]};
        if (op.width == 16) line["operands"] = {op.operands[0], op.operands[1]};
      }
      break;
    case VisibleKind::kTableSize:
    case VisibleKind::kTableGrow:
      line["table"] = op.index;
      if (op.kind == VisibleKind::kTableGrow) line["operands"] = {op.operands[0]};
      break;
    case VisibleKind::kTableGet:
    case VisibleKind::kTableSet:
      line["table"] = op.index;
      line["address"] = op.address;
      break;
    case VisibleKind::kTableCopy:
    case VisibleKind::kTableInit:
    case VisibleKind::kTableFill:
      line["table"] = op.index;
      line["address"] = op.address;
      line["width"] = op.width;
      if (op.kind != VisibleKind::kTableFill) line["from"] = op.source_address;
      break;
    case VisibleKind::kElemDrop:
    case VisibleKind::kDataDrop:
      line["segment"] = op.index;
      break;
    default:
      break;
  }
  if (op.kind == VisibleKind::kLoad || op.kind == VisibleKind::kStore) {
    line["mode"] = op.mode == machine::AccessMode::kSeqCst ? "seqcst" : "plain";
  }
}

}  // namespace

std::string trace_line(const schedule::Step& step) {
  nlohmann::ordered_json line;
  line["step"] = step.number;
  line["time"] = step.time;
  line["thread"] = step.agent->number;
  if (step.kind == schedule::Step::Kind::kOperation) {
    add_operation(line, step);
  } else {
    line["op"] = step_name(step.kind);
  }
  if (step.has_result) {
    line["result"] = value(step.result, step.result_high, step.operation.result_width == 16);
  }
  if (step.waits) line["waits"] = true;
  for (const schedule::Step::Write& write : step.writes) {
    line["writes"].push_back(
        nlohmann::ordered_json{{"address", write.address}, {"bytes", hex(write.bytes)}});
  }
  if (step.place.instance) {
    line["function"] = function_name(step.place.instance->module(), step.place.function);
    line["index"] = step.place.function;
    line["offset"] = step.place.offset;
  }
  return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Expected<std::unique_ptr<TraceWriter>> TraceWriter::open(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "w");
  if (!file) return fail("{}: {}; expected a file that can be written", path, std::strerror(errno));
  return std::unique_ptr<TraceWriter>(new TraceWriter(file, path));
}

TraceWriter::~TraceWriter() { std::fclose(file_); }

void TraceWriter::on_step(const schedule::Step& step) {
  const std::string line = trace_line(step) + "\n";
  if (error_ != 0) return;
  if (std::fwrite(line.data(), 1, line.size(), file_) != line.size()) error_ = errno;
}

Expected<void> TraceWriter::finish() {
  if (error_ == 0 && std::fflush(file_) != 0) error_ = errno;
  if (error_ != 0) return fail("{}: cannot be written: {}", path_, std::strerror(error_));
  return {};
}

}  // namespace weft::embed
