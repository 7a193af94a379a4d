#include "fuzz/wabt_interpreter.h"

#include <cstring>
#include <utility>

#include "wabt/binary-reader.h"
#include "wabt/error.h"
#include "wabt/interp/binary-reader-interp.h"
#include "wabt/interp/interp.h"

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

interp::Value to_wabt(const WabtValue& value) {
  switch (value.type) {
    case 0x7E:
      return interp::Value::Make(value.bits);
    case 0x7D:
      return interp::Value::Make(bits_as<float>(static_cast<uint32_t>(value.bits)));
    case 0x7C:
      return interp::Value::Make(bits_as<double>(value.bits));
    default:
      return interp::Value::Make(static_cast<uint32_t>(value.bits));
  }
}

WabtValue from_wabt(const interp::Value& value, wabt::Type type) {
  switch (type) {
    case wabt::Type::I64:
      return {0x7E, value.Get<uint64_t>()};
    case wabt::Type::F32:
      return {0x7D, bits_as<uint32_t>(value.Get<float>())};
    case wabt::Type::F64:
      return {0x7C, bits_as<uint64_t>(value.Get<double>())};
    default:
      return {0x7F, value.Get<uint32_t>()};
  }
}

}  // namespace

WabtRun run_in_wabt(const std::vector<uint8_t>& module, std::vector<WabtCall> calls) {
  WabtRun seen;
  wabt::Features features;
  features.enable_threads();
  wabt::Errors errors;
  interp::ModuleDesc description;
  const wabt::ReadBinaryOptions options(features, nullptr, false, true, true);
  if (wabt::Failed(interp::ReadBinaryInterp("program", module.data(), module.size(), options,
                                            &errors, &description))) {
    seen.refused = errors.empty() ? "malformed" : errors.front().message;
    return seen;
  }
  interp::Store store(features);
  const auto loaded = interp::Module::New(store, std::move(description));
  interp::Trap::Ptr trap;
  const auto instance = interp::Instance::Instantiate(store, loaded.ref(), {}, &trap);
  if (!instance) {
    seen.refused = trap ? trap->message() : "no instance";
    return seen;
  }
  const auto& exports = loaded->desc().exports;
  for (WabtCall& call : calls) {
    size_t index = 0;
    while (exports[index].type.name != call.name) ++index;
    const auto function = store.UnsafeGet<interp::Func>(instance->exports()[index]);
    interp::Values arguments, results;
    for (const WabtValue& argument : call.arguments) arguments.push_back(to_wabt(argument));
    interp::Trap::Ptr call_trap;
    call.trapped = wabt::Failed(function->Call(store, arguments, results, &call_trap));
    if (call.trapped) {
      call.trap = call_trap ? call_trap->message() : "failed";
      continue;
    }
    for (size_t i = 0; i < results.size(); ++i) {
      call.results.push_back(from_wabt(results[i], function->type().results[i]));
    }
  }
  seen.calls = std::move(calls);
  for (const interp::Ref ref : instance->globals()) {
    const auto global = store.UnsafeGet<interp::Global>(ref);
    seen.globals.push_back(from_wabt(global->Get(), global->type().type));
  }
  const auto memory = store.UnsafeGet<interp::Memory>(instance->memories()[0]);
  const uint8_t* bytes = memory->UnsafeData();
  seen.memory.assign(bytes, bytes + memory->ByteSize());
  return seen;
}

}  // namespace weft::fuzz
