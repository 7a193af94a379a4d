#include "fuzz/execution_engines.h"

#include <fmt/core.h>

#include <algorithm>

#include "reference/machine/instance.h"
#include "reference/machine/thread.h"
#include "reference/module/module.h"

namespace weft::fuzz {
namespace {

using machine::Value;
using module::ValType;

std::string differing(const std::string& what, const std::vector<Value>& a,
                      const std::vector<Value>& b) {
  if (a.size() != b.size())
    return fmt::format("{}: {} against {} values", what, a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i]) {
      return fmt::format("{} {}: {} ({:#x}) against {} ({:#x})", what, i, to_string(a[i]), a[i].low,
                         to_string(b[i]), b[i].low);
    }
  }
  return {};
}

std::string outcome_text(const ObservedCall& call) {
  return call.trapped ? "a trap (" + call.trap + ")" : "no trap";
}

// One of the words between '|' of the one is one of the other.
bool same_trap(const std::string& a, const std::string& b) {
  if (a == b) return true;
  const auto within = [](const std::string& one, const std::string& many) {
    return ("|" + many + "|").find("|" + one + "|") != std::string::npos;
  };
  return within(a, b) || within(b, a);
}

Value comparable(const Value& value) {
  if (value.type != ValType::kFuncRef || value.is_null()) return value;
  const auto* function = reinterpret_cast<const machine::Func*>(value.low);
  return {value.type, uint64_t{function->index} + 1, 0};
}

// What the reference runs a program with. The limit of its stack only makes `deep` short.
struct ReferenceRun {
  ReferencePolicy policy;
  machine::Thread thread{nullptr, machine::ThreadLimits{size_t{512} << 10}};
  uint32_t stops = 0;

  void call(const machine::Func& function, const std::vector<Value>& arguments, ObservedCall& out) {
    thread.start(function, arguments);
    machine::Stop stop = machine::Stop::kPerformed;
    while (stop != machine::Stop::kFinished && stop != machine::Stop::kTrapped) {
      if (stop == machine::Stop::kWaiting) {
        thread.finish_wait();  // nobody else is there: its time passes
      } else if (stop == machine::Stop::kHostCall) {
        const machine::HostCall& host = thread.host_call();
        host.results[0] = host_mix(static_cast<uint32_t>(host.arguments[0]));
      }
      stop = stop == machine::Stop::kVisible && ++stops % 2 == 0
                 ? thread.perform()
                 : thread.run(policy == ReferencePolicy::kNative ? machine::Until::kBlocked
                                                                 : machine::Until::kVisible);
    }
    out.trapped = stop == machine::Stop::kTrapped;
    if (out.trapped) {
      out.trap = thread.trap().message();
      return;
    }
    for (const Value& value : thread.results()) out.results.push_back(comparable(value));
  }
};

// In the specification's words. An access that WABT calls an "invalid atomic access" may be either;
// stands_in: an `unreachable` may stand for what the generator says.
std::string trap_of_wabt(const std::string& text, bool stands_in) {
  static constexpr const char* kWords[][2] = {
      {"out of bounds memory access", "out of bounds memory access"},
      {"out of bounds table access", "out of bounds table access"},
      {"invalid atomic access", "unaligned atomic|out of bounds memory access"},
      {"undefined table index", "undefined element"},
      {"uninitialized table element", "uninitialized element"},
      {"indirect call signature mismatch", "indirect call type mismatch"},
  };
  for (const auto& [theirs, words] : kWords) {
    if (text.starts_with(theirs)) return words;
  }
  if (!text.starts_with("unreachable")) return text;
  return stands_in ? "unreachable|expected shared memory|out of bounds memory access|"
                     "unaligned atomic"
                   : "unreachable";
}

Observed refusal(const module::ModuleError& error) {
  Observed seen;
  seen.refused = fmt::format("at byte {}: {}", error.offset, error.message);
  return seen;
}

Observed run_loaded(const Program& program, const std::shared_ptr<const module::Module>& loaded,
                    ReferencePolicy policy) {
  Observed seen;
  machine::Imports imports;
  const module::FuncType type{{ValType::kI32}, {ValType::kI32}};
  imports.define(kHostModule, kHostName,
                 machine::host_function({kHostModule, kHostName, type, 0, nullptr}));
  auto created = machine::Instance::create(loaded, imports);
  if (!created) {
    seen.refused = created.error().message;
    return seen;
  }
  machine::Instance& instance = **created;
  ReferenceRun run{policy};
  if (const machine::Func* start = instance.start()) {
    ObservedCall outcome;
    run.call(*start, {}, outcome);
    seen.start_trap = outcome.trap;
    if (outcome.trapped) return seen;
  }
  for (const ProgramCall& call : program.calls) {
    run.call(*instance.exported_function(call.name), call.arguments, seen.calls.emplace_back());
  }
  for (uint32_t i = 0; i < program.globals; ++i) {
    seen.globals.push_back(comparable(instance.global(i).get()));
  }
  for (uint32_t i = 0; i < program.tables; ++i) {
    const machine::Table& table = instance.table(i);
    std::vector<Value>& elements = seen.tables.emplace_back();
    for (uint64_t k = 0; k < table.size(); ++k) {
      elements.push_back(comparable({table.type().element, table.get(k), 0}));
    }
  }
  for (uint32_t i = 0; i < program.memories; ++i) {
    const machine::Memory& memory = instance.memory(i);
    seen.memories.emplace_back(memory.base(), memory.base() + memory.length());
  }
  return seen;
}

}  // namespace

Observed run_reference(const Program& program, ReferencePolicy policy) {
  auto loaded = module::load_module(program.module);
  if (loaded) return run_loaded(program, *loaded, policy);
  return refusal(loaded.error());
}

Observed run_wabt(const Program& program, WabtTrace* trace) {
  const auto plain = [](const std::vector<Value>& values) {
    std::vector<WabtValue> out;
    for (const Value& v : values) out.push_back({static_cast<uint8_t>(v.type), v.low, v.high});
    return out;
  };
  const auto ours = [](const std::vector<WabtValue>& values) {
    std::vector<Value> out;
    for (const WabtValue& v : values) {
      out.push_back({static_cast<ValType>(v.type), v.bits, v.high});
    }
    return out;
  };
  std::vector<WabtCall> calls;
  for (const ProgramCall& call : program.calls) {
    calls.push_back({call.name, plain(call.arguments), false, {}, {}});
  }
  WabtRun run = run_in_wabt(program.for_wabt, std::move(calls), host_mix, trace);
  Observed seen;
  if (run.start_trapped) {
    seen.start_trap = trap_of_wabt(run.refused, program.stands_in);
    return seen;
  }
  seen.refused = std::move(run.refused);
  for (WabtCall& call : run.calls) {
    seen.calls.push_back(
        {call.trapped, trap_of_wabt(call.trap, program.stands_in), ours(call.results)});
  }
  seen.globals = ours(run.globals);
  for (const auto& table : run.tables) seen.tables.push_back(ours(table));
  seen.memories = std::move(run.memories);
  return seen;
}

std::string difference(const Observed& left, const Observed& right) {
  if (left.refused != right.refused) {
    return fmt::format("refused: '{}' against '{}'", left.refused, right.refused);
  }
  if (!same_trap(left.start_trap, right.start_trap)) {
    return fmt::format("start: '{}' against '{}'", left.start_trap, right.start_trap);
  }
  if (left.calls.size() != right.calls.size()) return "another number of calls";
  for (size_t i = 0; i < left.calls.size(); ++i) {
    const ObservedCall &a = left.calls[i], &b = right.calls[i];
    if (a.trapped != b.trapped || !same_trap(a.trap, b.trap)) {
      return fmt::format("call {}: {} against {}", i, outcome_text(a), outcome_text(b));
    }
    const std::string results = differing(fmt::format("call {}: result", i), a.results, b.results);
    if (!results.empty()) return results;
  }
  const std::string globals = differing("global", left.globals, right.globals);
  if (!globals.empty()) return globals;
  if (left.tables.size() != right.tables.size()) return "another number of tables";
  for (size_t i = 0; i < left.tables.size(); ++i) {
    const std::string elements =
        differing(fmt::format("table {}: element", i), left.tables[i], right.tables[i]);
    if (!elements.empty()) return elements;
  }
  if (left.memories.size() != right.memories.size()) return "another number of memories";
  for (size_t i = 0; i < left.memories.size(); ++i) {
    const Bytes &a = left.memories[i], &b = right.memories[i];
    if (a.size() != b.size()) {
      return fmt::format("memory {}: {} against {} bytes", i, a.size(), b.size());
    }
    if (a == b) continue;
    const auto at = std::mismatch(a.begin(), a.end(), b.begin());
    return fmt::format("memory {} byte {}: {} against {}", i, at.first - a.begin(), *at.first,
                       *at.second);
  }
  return {};
}

std::string compare_execution(std::span<const uint8_t> input) {
  const Program program = generate_program(input);
  auto loaded = module::load_module(program.module);
  // The generator makes valid modules only.
  if (!loaded) return "weft refuses the module: " + refusal(loaded.error()).refused;
  const Observed native = run_loaded(program, *loaded, ReferencePolicy::kNative);
  if (!native.refused.empty()) return "weft does not instantiate: " + native.refused;
  std::string text = difference(native, run_loaded(program, *loaded, ReferencePolicy::kStepping));
  if (!text.empty()) return "native against stepping: " + text;
  text = difference(native, run_wabt(program));
  return text.empty() ? text : "weft against WABT: " + text;
}

}  // namespace weft::fuzz
