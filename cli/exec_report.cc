#include "cli/exec_report.h"

#include <fmt/core.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "reference/base/files.h"

namespace weft::cli {

using Kind = embed::RunResult::Kind;

namespace {

std::string number(const machine::Value& value) {
  using module::ValType;
  switch (value.type) {
    case ValType::kI32:
      return fmt::format("{}", static_cast<int32_t>(value.as_i32()));
    case ValType::kI64:
      return fmt::format("{}", static_cast<int64_t>(value.as_i64()));
    case ValType::kF32:
      return fmt::format("{}", value.as_f32());
    case ValType::kF64:
      return fmt::format("{}", value.as_f64());
    default:
      return machine::to_string(value);
  }
}

}  // namespace

void print_result(const std::string& module, const embed::RunResult& result) {
  switch (result.kind) {
    case Kind::kExit:
      for (const machine::Value& value : result.results) fmt::print("{}\n", number(value));
      break;
    case Kind::kTrap:
      fmt::print(stderr, "weft: {}: trap: {}\n", module, result.message);
      if (result.stage.empty() && result.function != "instantiation") {
        fmt::print(stderr, "weft:   in {} (function {}), offset 0x{:x}, thread {}\n",
                   result.function, result.function_index, result.offset, result.agent);
      }
      break;
    case Kind::kReject:
      if (result.stage == "link" || result.offset == 0) {
        fmt::print(stderr, "weft: {}: {}: {}\n", module, result.stage, result.message);
      } else {
        fmt::print(stderr, "weft: {}: {} at offset 0x{:x}: {}\n", module, result.stage,
                   result.offset, result.message);
      }
      break;
    case Kind::kFailed:
      fmt::print(stderr, "weft: {}\n", result.message);
      break;
    case Kind::kDeadlock:
      fmt::print(stderr, "weft: {}: deadlock\n", module);
      for (const std::string& line : result.report) fmt::print(stderr, "weft:   {}\n", line);
      break;
    case Kind::kLimit:
      fmt::print(stderr, "weft: {}: step limit reached\n", module);
      break;
  }
  std::fflush(stdout);
}

int exit_code(const embed::RunResult& result) {
  switch (result.kind) {
    case Kind::kExit:
      return static_cast<int>(result.code & 255);
    case Kind::kTrap:
      return 134;
    case Kind::kReject:
    case Kind::kFailed:
      return 2;
    case Kind::kDeadlock:
    case Kind::kLimit:
      return 126;
  }
  return 2;
}

Expected<void> write_status(const std::string& path, const embed::RunResult& result) {
  using Replace = nlohmann::json::error_handler_t;  // a path need not be UTF-8
  nlohmann::ordered_json status;
  switch (result.kind) {
    case Kind::kExit:
      status["exit"] = result.code;
      break;
    case Kind::kTrap:
      status["trap"] = result.message;
      status["function"] = result.function;
      status["index"] = result.function_index;
      status["offset"] = result.offset;
      status["thread"] = result.agent;
      break;
    case Kind::kReject:
      status["reject"] = result.stage;
      status["offset"] = result.offset;
      status["message"] = result.message;
      break;
    case Kind::kFailed:
      status["failed"] = result.message;
      break;
    case Kind::kDeadlock:
      status["deadlock"] = result.report;
      break;
    case Kind::kLimit:
      status["limit"] = true;
      break;
  }
  return write_file(path, status.dump(-1, ' ', false, Replace::replace) + "\n");
}

}  // namespace weft::cli
