#include "fuzz/wabt_interpreter.h"

#include <cstring>
#include <utility>

#include "wabt/binary-reader.h"
#include "wabt/error.h"
#include "wabt/interp/binary-reader-interp.h"
#include "wabt/interp/interp.h"
#include "wabt/stream.h"

namespace weft::fuzz {
namespace {

namespace interp = wabt::interp;

template <typename To, typename From>
To bits_as(From from) {
  static_assert(sizeof(To) == sizeof(From), "the same size");
  To to;
  std::memcpy(&to, &from, sizeof to);
  return to;
}

// One run: the store, and the module's instance once it is there.
struct Run {
  interp::Store store;
  std::vector<interp::Foreign::Ptr> externals;  // roots
  interp::RefVec functions;

  explicit Run(const wabt::Features& features) : store(features) {}

  interp::Value to_wabt(const WabtValue& value) {
    switch (value.type) {
      case 0x7E:
        return interp::Value::Make(value.bits);
      case 0x7D:
        return interp::Value::Make(bits_as<float>(static_cast<uint32_t>(value.bits)));
      case 0x7C:
        return interp::Value::Make(bits_as<double>(value.bits));
      case 0x7B: {
        v128 bits;
        bits.set_u64(0, value.bits);
        bits.set_u64(1, value.high);
        return interp::Value::Make(bits);
      }
      case 0x70:
        return interp::Value::Make(interp::Ref::Null);
      case 0x6F:
        if (value.bits == 0) return interp::Value::Make(interp::Ref::Null);
        externals.push_back(interp::Foreign::New(store, reinterpret_cast<void*>(value.bits)));
        return interp::Value::Make(externals.back().ref());
      default:
        return interp::Value::Make(static_cast<uint32_t>(value.bits));
    }
  }

  WabtValue reference(interp::Ref ref, bool function) {
    const uint8_t type = function ? 0x70 : 0x6F;
    if (ref == interp::Ref::Null) return {type, 0, 0};
    if (!function) {
      return {type, reinterpret_cast<uintptr_t>(store.UnsafeGet<interp::Foreign>(ref)->ptr()), 0};
    }
    uint64_t index = 0;
    while (functions[index] != ref) ++index;
    return {type, index + 1, 0};
  }

  WabtValue from_wabt(const interp::Value& value, wabt::Type type) {
    switch (type) {
      case wabt::Type::I64:
        return {0x7E, value.Get<uint64_t>(), 0};
      case wabt::Type::F32:
        return {0x7D, bits_as<uint32_t>(value.Get<float>()), 0};
      case wabt::Type::F64:
        return {0x7C, bits_as<uint64_t>(value.Get<double>()), 0};
      case wabt::Type::V128: {
        const v128 bits = value.Get<v128>();
        return {0x7B, bits.u64(0), bits.u64(1)};
      }
      case wabt::Type::FuncRef:
      case wabt::Type::ExternRef:
        return reference(value.Get<interp::Ref>(), type == wabt::Type::FuncRef);
      default:
        return {0x7F, value.Get<uint32_t>(), 0};
    }
  }
};

// Takes WABT's trace apart: a line an instruction, "#0.    8: V:1  | i32.const 640".
class TraceReader : public wabt::Stream {
 public:
  explicit TraceReader(WabtTrace& trace) : trace_(trace) {}

 protected:
  wabt::Result WriteDataImpl(size_t, const void* data, size_t size) override {
    line_.append(static_cast<const char*>(data), size);
    for (size_t end; (end = line_.find('\n')) != line_.npos; line_.erase(0, end + 1)) {
      const size_t begin = line_.find("| ");
      if (begin == line_.npos || begin > end) continue;
      const size_t stop = line_.find_first_of(" \n", begin + 2);
      trace_.names.insert(line_.substr(begin + 2, stop - begin - 2));
      ++trace_.instructions;
    }
    return wabt::Result::Ok;
  }
  wabt::Result MoveDataImpl(size_t, size_t, size_t) override { return wabt::Result::Error; }
  wabt::Result TruncateImpl(size_t) override { return wabt::Result::Error; }

 private:
  WabtTrace& trace_;
  std::string line_;
};

}  // namespace

WabtRun run_in_wabt(const std::vector<uint8_t>& module, std::vector<WabtCall> calls,
                    uint32_t (*host)(uint32_t), WabtTrace* trace) {
  WabtRun seen;
  wabt::Features features;
  features.enable_threads();
  features.enable_tail_call();
  features.enable_memory64();
  features.enable_multi_memory();
  features.enable_extended_const();
  wabt::Errors errors;
  interp::ModuleDesc description;
  const wabt::ReadBinaryOptions options(features, nullptr, false, true, true);
  if (wabt::Failed(interp::ReadBinaryInterp("program", module.data(), module.size(), options,
                                            &errors, &description))) {
    seen.refused = errors.empty() ? "malformed" : errors.front().message;
    return seen;
  }
  Run run(features);
  interp::Store& store = run.store;
  const auto loaded = interp::Module::New(store, std::move(description));
  interp::RefVec imports;
  for (size_t i = 0; i < loaded->desc().imports.size(); ++i) {
    const interp::FuncType type({wabt::Type::I32}, {wabt::Type::I32});
    const auto call = [host](interp::Thread&, const interp::Values& in, interp::Values& out,
                             interp::Trap::Ptr*) {
      out[0] = interp::Value::Make(host(in[0].Get<uint32_t>()));
      return wabt::Result::Ok;
    };
    imports.push_back(interp::HostFunc::New(store, type, call).ref());
  }
  interp::Trap::Ptr trap;
  const auto instance = interp::Instance::Instantiate(store, loaded.ref(), imports, &trap);
  if (!instance) {
    seen.start_trapped = static_cast<bool>(trap);
    seen.refused = trap ? trap->message() : "no instance";
    return seen;
  }
  run.functions = instance->funcs();
  const auto& exports = loaded->desc().exports;
  for (WabtCall& call : calls) {
    size_t index = 0;
    while (exports[index].type.name != call.name) ++index;
    const auto function = store.UnsafeGet<interp::Func>(instance->exports()[index]);
    interp::Values arguments, results;
    for (const WabtValue& argument : call.arguments) arguments.push_back(run.to_wabt(argument));
    interp::Trap::Ptr call_trap;
    if (trace) {
      TraceReader reader(*trace);
      call.trapped = wabt::Failed(function->Call(store, arguments, results, &call_trap, &reader));
    } else {
      call.trapped = wabt::Failed(function->Call(store, arguments, results, &call_trap));
    }
    if (call.trapped) {
      call.trap = call_trap ? call_trap->message() : "failed";
      continue;
    }
    for (size_t i = 0; i < results.size(); ++i) {
      call.results.push_back(run.from_wabt(results[i], function->type().results[i]));
    }
  }
  seen.calls = std::move(calls);
  for (const interp::Ref ref : instance->globals()) {
    const auto global = store.UnsafeGet<interp::Global>(ref);
    seen.globals.push_back(run.from_wabt(global->Get(), global->type().type));
  }
  for (const interp::Ref ref : instance->tables()) {
    const auto table = store.UnsafeGet<interp::Table>(ref);
    std::vector<WabtValue>& elements = seen.tables.emplace_back();
    const bool functions = table->type().element == wabt::Type::FuncRef;
    for (const interp::Ref element : table->elements()) {
      elements.push_back(run.reference(element, functions));
    }
  }
  for (const interp::Ref ref : instance->memories()) {
    const auto memory = store.UnsafeGet<interp::Memory>(ref);
    const uint8_t* bytes = memory->UnsafeData();
    seen.memories.emplace_back(bytes, bytes + memory->ByteSize());
  }
  return seen;
}

}  // namespace weft::fuzz
