#include "fuzz/execution_engines.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "fuzz/wabt_interpreter.h"
#include "reference/machine/instance.h"
#include "reference/machine/thread.h"
#include "reference/module/module.h"

namespace weft::fuzz {
namespace {

using machine::Value;

bool is_nan(const Value& value) {
  return (value.type == module::ValType::kF32 && std::isnan(value.as_f32())) ||
         (value.type == module::ValType::kF64 && std::isnan(value.as_f64()));
}

bool same(const Value& a, const Value& b) {
  return a == b || (a.type == b.type && is_nan(a) && is_nan(b));
}

std::string differing(const std::string& what, const std::vector<Value>& a,
                      const std::vector<Value>& b) {
  if (a.size() != b.size())
    return fmt::format("{}: {} against {} values", what, a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    if (!same(a[i], b[i])) {
      return fmt::format("{} {}: {} against {}", what, i, to_string(a[i]), to_string(b[i]));
    }
  }
  return {};
}

std::string outcome_text(const ObservedCall& call) {
  return call.trapped ? "a trap (" + call.trap + ")" : "no trap";
}

}  // namespace

Observed run_reference(const Program& program, ReferencePolicy policy) {
  Observed seen;
  auto loaded = module::load_module(program.module);
  if (!loaded) {
    seen.refused = fmt::format("at byte {}: {}", loaded.error().offset, loaded.error().message);
    return seen;
  }
  auto instance = machine::Instance::create(*loaded, machine::Imports{});
  if (!instance) {
    seen.refused = instance.error().message;
    return seen;
  }
  for (const ProgramCall& call : program.calls) {
    machine::Thread thread;
    thread.start(*(*instance)->exported_function(call.name), call.arguments);
    machine::Stop stop = machine::Stop::kVisible;
    const bool native = policy == ReferencePolicy::kNative;
    while (stop == machine::Stop::kVisible || stop == machine::Stop::kPerformed) {
      stop = thread.run(native ? machine::Until::kBlocked : machine::Until::kVisible);
      if (stop == machine::Stop::kVisible) stop = thread.perform();
    }
    ObservedCall& outcome = seen.calls.emplace_back();
    outcome.trapped = stop != machine::Stop::kFinished;
    if (outcome.trapped) {
      outcome.trap = stop == machine::Stop::kTrapped ? thread.trap().message() : "no end";
    } else {
      outcome.results = thread.results();
    }
  }
  for (uint32_t i = 0; i < program.globals; ++i)
    seen.globals.push_back((*instance)->global(i).get());
  const machine::Memory& memory = (*instance)->memory(0);
  seen.memory.resize(memory.length());
  if (!memory.copy_out(0, seen.memory)) seen.refused = "the memory is shorter than its length";
  return seen;
}

Observed run_wabt(const Program& program) {
  const auto plain = [](const std::vector<Value>& values) {
    std::vector<WabtValue> out;
    for (const Value& v : values) out.push_back({static_cast<uint8_t>(v.type), v.low});
    return out;
  };
  const auto ours = [](const std::vector<WabtValue>& values) {
    std::vector<Value> out;
    for (const WabtValue& v : values) {
      out.push_back({static_cast<module::ValType>(v.type), v.bits, 0});
    }
    return out;
  };
  std::vector<WabtCall> calls;
  for (const ProgramCall& call : program.calls) {
    calls.push_back({call.name, plain(call.arguments), false, {}, {}});
  }
  WabtRun run = run_in_wabt(program.module, std::move(calls));
  Observed seen;
  seen.refused = std::move(run.refused);
  for (WabtCall& call : run.calls) {
    seen.calls.push_back({call.trapped, std::move(call.trap), ours(call.results)});
  }
  seen.globals = ours(run.globals);
  seen.memory = std::move(run.memory);
  return seen;
}

std::string difference(const Observed& left, const Observed& right) {
  if (left.refused != right.refused) {
    return fmt::format("refused: '{}' against '{}'", left.refused, right.refused);
  }
  for (size_t i = 0; i < std::min(left.calls.size(), right.calls.size()); ++i) {
    const ObservedCall &a = left.calls[i], &b = right.calls[i];
    if (a.trapped != b.trapped) {
      return fmt::format("call {}: {} against {}", i, outcome_text(a), outcome_text(b));
    }
    const std::string results = differing(fmt::format("call {}: result", i), a.results, b.results);
    if (!results.empty()) return results;
  }
  if (left.calls.size() != right.calls.size()) return "another number of calls";
  const std::string globals = differing("global", left.globals, right.globals);
  if (!globals.empty()) return globals;
  if (left.memory.size() != right.memory.size()) {
    return fmt::format("memory: {} against {} bytes", left.memory.size(), right.memory.size());
  }
  for (size_t i = 0; i < left.memory.size(); ++i) {
    if (left.memory[i] != right.memory[i]) {
      return fmt::format("memory byte {}: {} against {}", i, left.memory[i], right.memory[i]);
    }
  }
  return {};
}

std::string compare_execution(std::span<const uint8_t> input) {
  const Program program = generate_program(input);
  const Observed native = run_reference(program, ReferencePolicy::kNative);
  // The generator makes valid modules only.
  if (!native.refused.empty()) return "weft refuses the module: " + native.refused;
  std::string text = difference(native, run_reference(program, ReferencePolicy::kStepping));
  if (!text.empty()) return "native against stepping: " + text;
  text = difference(native, run_wabt(program));
  return text.empty() ? text : "weft against WABT: " + text;
}

}  // namespace weft::fuzz
