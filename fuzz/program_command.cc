#include "fuzz/program_command.h"

#include <random>

#include "fuzz/program_sections.h"
#include "reference/machine/instance.h"
#include "reference/machine/thread.h"

namespace weft::fuzz {
namespace {

using module::ValType;
using enum module::ValType;

// Folds values into the i64 global behind the others.
struct Folder {
  BinaryWriter out;
  uint32_t global;

  void emit(std::initializer_list<unsigned> bytes) { out.append(BinaryWriter(bytes).bytes); }
  // An i64 on the stack.
  void fold() {
    emit({0x23, global, 0x85});  // xor
    out.constant(kI64, 0x100000001B3);
    emit({0x7E, 0x42, 31, 0x89, 0x24, global});  // mul, rotl
  }
  // A value of the type on the stack. Local 0 is a v128.
  void fold(ValType type) {
    switch (type) {
      case kI32:
        emit({0xAD});
        break;
      case kF32:
        emit({0xBC, 0xAD});
        break;
      case kF64:
        emit({0xBD});
        break;
      case kV128:
        emit({0x22, 0, 0xFD, 0x1D, 0});
        fold();
        emit({0x20, 0, 0xFD, 0x1D, 1});
        break;
      case kFuncRef:
      case kExternRef:
        emit({0xD1, 0xAD});
        break;
      case kI64:
        break;
    }
    fold();
  }
};

// Makes all calls, folds what they give and what is left behind; gives the hash.
Bytes everything(const Sections& s) {
  const auto hash = static_cast<uint32_t>(s.scope.globals.size());
  Folder f{{2, 1, 0x7B, 1, 0x7E}, hash};  // locals: a v128, an i64
  for (size_t i = 0; i < s.calls.size(); ++i) {
    const auto body = static_cast<uint32_t>(i % s.bodies);
    for (const machine::Value& value : s.calls[i].arguments) {
      f.out.constant(value.type, value.low, value.high);
    }
    f.emit({0x10, static_cast<uint32_t>(s.scope.functions.size()) + body});
    const auto& results = s.scope.type_of(body).results;
    for (size_t k = results.size(); k-- > 0;) f.fold(results[k]);
  }
  for (uint32_t i = 0; i < hash; ++i) f.emit({0x23, i}), f.fold(s.scope.globals[i]);
  for (uint32_t i = 0; i < s.scope.tables.size(); ++i) {
    f.emit({0xFC, 0x10, i}), f.fold(kI32);
    for (uint32_t k = 0; k < kTableSize; ++k) {
      f.emit({0x41, k, 0x25, i}), f.fold(s.scope.tables[i]);
    }
  }
  // for (local 1 = the size in bytes; local 1 != 0;) fold the i64 at local 1 -= 8
  for (uint32_t i = 0; i < s.scope.memories.size(); ++i) {
    const bool is64 = s.scope.memories[i].is64;
    f.emit({0x3F, i});
    if (!is64) f.emit({0xAD});
    f.emit({0x42, 16, 0x86, 0x21, 1});                         // shl
    f.emit({0x02, 0x40, 0x03, 0x40, 0x20, 1, 0x50, 0x0D, 1});  // block loop eqz br_if 1
    f.emit({0x20, 1, 0x42, 8, 0x7D, 0x22, 1});                 // sub
    if (!is64) f.emit({0xA7});
    f.emit({0x29});  // i64.load
    if (i == 0) f.emit({3, 0});
    if (i != 0) f.emit({0x43, i, 0});
    f.fold(kI64);
    f.emit({0x0C, 0, 0x0B, 0x0B});
  }
  f.emit({0x23, hash, 0x0B});
  return std::move(f.out.bytes);
}

Bytes command(std::span<const uint8_t> input, bool plain, uint64_t expected) {
  ProgramInput in(input);
  Sections s{.in = in, .dialect = Dialect::kWhole, .command = true, .plain = plain};
  s.choose();
  const uint32_t all = s.add({s.hash_type, "all", everything(s)});
  BinaryWriter start{0, 0x10, all};
  start.constant(kI64, expected);
  start.append(BinaryWriter{0x52, 0x04, 0x40, 0x00, 0x0B, 0x0B}.bytes);  // ne, unreachable
  s.add({s.entry_type, "_start", start.bytes});
  return s.assemble({});
}

}  // namespace

std::optional<Bytes> generate_command(std::span<const uint8_t> input, bool plain) {
  const auto loaded = module::load_module(command(input, plain, 0));
  if (!loaded) return {};
  const auto instance = machine::Instance::create(*loaded, machine::Imports{});
  if (!instance) return {};
  machine::Thread thread;
  thread.start(*(*instance)->exported_function("all"), {});
  if (thread.run(machine::Until::kBlocked) != machine::Stop::kFinished) return {};
  return command(input, plain, thread.results()[0].low);
}

Bytes random_input(uint64_t seed, uint64_t number) {
  std::mt19937_64 random(seed * 0x9E3779B97F4A7C15u + number);
  Bytes input(64 + random() % 600);
  for (uint8_t& byte : input) byte = static_cast<uint8_t>(random());
  return input;
}

}  // namespace weft::fuzz
