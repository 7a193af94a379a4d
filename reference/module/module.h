// A decoded WebAssembly module: immutable after validation, shared by all instances of it.
// Knows no execution. Names and numbers are those of the core specification (syntax, binary).
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "reference/base/expected.h"
#include "reference/base/files.h"

namespace weft::module {

// Value types, numbered as in the binary format (core spec, binary/types).
enum class ValType : uint8_t {
  kI32 = 0x7F,
  kI64 = 0x7E,
  kF32 = 0x7D,
  kF64 = 0x7C,
  kV128 = 0x7B,
  kFuncRef = 0x70,
  kExternRef = 0x6F,
};

struct FuncType {
  std::vector<ValType> params, results;
  bool operator==(const FuncType&) const = default;
};

// In pages for memories, in elements for tables.
struct Limits {
  uint64_t min = 0;
  std::optional<uint64_t> max;
  bool shared = false;  // threads proposal; memories only, and only with a maximum
  bool is64 = false;    // memory64: addresses and sizes are i64
};

struct TableType {
  ValType element = ValType::kFuncRef;
  Limits limits;
};
struct MemoryType {
  Limits limits;
};
struct GlobalType {
  ValType type = ValType::kI32;
  bool is_mutable = false;
};

enum class ExternKind : uint8_t { kFunc = 0, kTable = 1, kMemory = 2, kGlobal = 3 };

struct Import {
  std::string module, name;
  ExternKind kind = ExternKind::kFunc;
  uint32_t type_index = 0;  // kFunc: into Module::types
  TableType table;          // kTable
  MemoryType memory;        // kMemory
  GlobalType global;        // kGlobal
};

struct Export {
  std::string name;
  ExternKind kind = ExternKind::kFunc;
  uint32_t index = 0;
};

// A constant expression: a range of Module::binary, its final `end` included; validated, evaluated
// at instantiation by the machine.
struct ConstExpr {
  uint32_t begin = 0, end = 0;
};

enum class SegmentMode : uint8_t { kActive, kPassive, kDeclarative };

struct ElementSegment {
  SegmentMode mode = SegmentMode::kPassive;
  uint32_t table = 0;  // kActive
  ConstExpr offset;    // kActive
  ValType type = ValType::kFuncRef;
  // One of both is used: plain function indices, or an expression for each element.
  std::vector<uint32_t> functions;
  std::vector<ConstExpr> expressions;
  size_t size() const { return functions.empty() ? expressions.size() : functions.size(); }
};

struct DataSegment {
  SegmentMode mode = SegmentMode::kPassive;
  uint32_t memory = 0;
  ConstExpr offset;
  uint32_t begin = 0, end = 0;  // the bytes, as a range of Module::binary
};

struct Global {
  GlobalType type;
  ConstExpr init;
};

// A function that the module defines. `begin` is behind the local declarations, `end` behind the
// final `end` opcode; both are offsets into Module::binary.
struct Function {
  uint32_t type_index = 0;
  std::vector<ValType> locals;  // without the parameters, expanded
  uint32_t begin = 0, end = 0;
};

// Compact internal code of all functions (reference/module/code.h): made from validated bodies.
struct Code;

// The language that a module is read in. The default is all that weft takes; the switches are where
// later parts of the language change what was malformed or invalid before.
struct Language {
  // Off: limits and offsets are u32, as before memory64; limits flags are 0x00, 0x01, 0x03.
  bool memory64 = true;
  // Off: at most one memory, and where its index would stand, a zero byte.
  bool multi_memory = true;
  // Off: constant expressions read imported globals only; on: any earlier immutable one (3.0).
  bool defined_globals_in_constants = true;

  // WebAssembly 2.0 and the threads proposal, as its scripts know them.
  static Language threads() { return {false, false, false}; }
};

struct Module {
  Bytes binary;
  Language language;
  std::vector<FuncType> types;
  std::vector<Import> imports;
  std::vector<Function> functions;   // defined ones; index space: imports first
  std::vector<TableType> tables;     // imported ones first
  std::vector<MemoryType> memories;  // imported ones first
  std::vector<GlobalType> globals;   // types; imported ones first
  std::vector<Global> defined_globals;
  std::vector<Export> exports;
  std::optional<uint32_t> start;
  std::vector<ElementSegment> elements;
  std::vector<DataSegment> data;
  std::optional<uint32_t> data_count;
  std::vector<std::string> function_names;  // from the name section; may be empty or short

  uint32_t imported_functions = 0, imported_tables = 0, imported_memories = 0, imported_globals = 0;
  std::vector<uint32_t> function_types;  // type index of every function, imported ones first
  std::vector<bool> declared_functions;  // may be named by ref.func in a body (C.refs)

  std::shared_ptr<const Code> code;  // of all defined functions, see lower.h

  const FuncType& type_of_function(uint32_t index) const { return types[function_types[index]]; }
};

// Where and why a module was refused. `stage` is "decode" (malformed) or "validate" (invalid).
struct ModuleError {
  std::string stage;
  uint64_t offset = 0;  // byte offset into the module
  std::string message;  // in the words of the specification's scripts where they have some
  // Set when the module may well be good: it needs a proposal that weft does not take, which the
  // message names ("... is not supported"), or exceeds a limit of ours ("weft takes at most ...").
  bool refused = false;
};

// Bytes to a validated module, internal code included (decode.h, validate.h, lower.h do the parts).
// Thread-safe; what it returns is immutable and may be shared by any number of OS threads.
tl::expected<std::shared_ptr<const Module>, ModuleError> load_module(Bytes binary,
                                                                     const Language& language = {});

}  // namespace weft::module
