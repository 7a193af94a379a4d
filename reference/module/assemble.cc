#include "reference/module/assemble.h"

#include <map>
#include <memory>

#include "reference/module/decode.h"
#include "reference/module/text/module_text.h"
#include "wabt/apply-names.h"
#include "wabt/binary-reader-ir.h"
#include "wabt/binary-reader.h"
#include "wabt/binary-writer.h"
#include "wabt/cast.h"
#include "wabt/error.h"
#include "wabt/feature.h"
#include "wabt/generate-names.h"
#include "wabt/ir.h"
#include "wabt/resolve-names.h"
#include "wabt/stream.h"
#include "wabt/wast-lexer.h"
#include "wabt/wast-parser.h"
#include "wabt/wat-writer.h"

namespace weft::module {
namespace {

wabt::Features all_features() {
  wabt::Features features;
  features.EnableAll();
  features.disable_exceptions();
  features.disable_gc();
  features.disable_function_references();
  return features;
}

Error render(const wabt::Errors& errors, const std::string& name, const char* what) {
  if (errors.empty()) return Error{fmt::format("{}: {}", name, what)};
  const wabt::Error& first = errors.front();
  return Error{
      fmt::format("{}:{}:{}: {}", name, first.loc.line, first.loc.first_column, first.message)};
}

// Text of ours only: WABT 1.0.32 aborts on some texts and overflows its stack on deep ones.
Expected<std::unique_ptr<wabt::Module>> parse(std::string_view wat, const std::string& name) {
  wabt::Errors errors;
  auto lexer = wabt::WastLexer::CreateBufferLexer(name, wat.data(), wat.size(), &errors);
  std::unique_ptr<wabt::Module> module;
  wabt::WastParseOptions options(all_features());
  if (wabt::Failed(wabt::ParseWatModule(lexer.get(), &module, &errors, &options)) || !module) {
    return tl::unexpected(render(errors, name, "is not a module in the text format"));
  }
  return module;
}

// Why WABT's tree, which it walks by recursion, must not be made of these bytes; or nothing. An
// invalid module passes: a test may be about it.
std::optional<std::string> unfit_for_wabt(const Bytes& wasm) {
  constexpr size_t kDeepest = 4'000;
  const auto decoded = decode(wasm);
  if (!decoded) {
    return fmt::format("{} (byte {})", decoded.error().message, decoded.error().offset);
  }
  for (const Function& function : decoded->functions) {
    Reader in(decoded->binary, function.begin, function.end);
    size_t depth = 0;
    while (!in.done() && !in.failed()) {
      const Instruction one = read_instruction(in, *decoded);
      if (in.failed()) break;
      if (one.info->immediate == Immediate::kBlock) ++depth;
      if (one.info->name == "end" && depth > 0) --depth;
      if (depth > kDeepest) {
        return fmt::format("more than {} nested blocks cannot be linked (byte {})", kDeepest,
                           one.offset);
      }
    }
  }
  return std::nullopt;
}

Expected<std::unique_ptr<wabt::Module>> read_tree(std::span<const uint8_t> wasm,
                                                  const std::string& name) {
  wabt::Errors errors;
  auto module = std::make_unique<wabt::Module>();
  wabt::ReadBinaryOptions options(all_features(), nullptr, /*read_debug_names=*/true,
                                  /*stop_on_first_error=*/true, /*fail_on_custom_section=*/false);
  if (wabt::Failed(wabt::ReadBinaryIr(name.c_str(), wasm.data(), wasm.size(), options, &errors,
                                      module.get()))) {
    return tl::unexpected(render(errors, name, "is not a binary module"));
  }
  return module;
}

Expected<Bytes> write(const wabt::Module& module, const std::string& name, bool debug_names) {
  wabt::MemoryStream stream;
  wabt::WriteBinaryOptions options(all_features(), /*canonicalize_lebs=*/true,
                                   /*relocatable=*/false, debug_names);
  if (wabt::Failed(wabt::WriteBinaryModule(&stream, &module, options))) {
    return fail("{}: the binary cannot be written", name);
  }
  return std::move(stream.output_buffer().data);
}

// WABT 1.0.32 aborts on a named memory in an atomic instruction, so memories lose their names
// once every reference is an index.
void forget_memory_names(wabt::Module& module) {
  for (wabt::Memory* memory : module.memories) memory->name.clear();
  module.memory_bindings.clear();
}

// The library writes the prefix `$weft_` itself, but for the types that its signatures imply.
void prefix_type_names(wabt::Module& library) {
  library.type_bindings.clear();
  for (wabt::Index i = 0; i < library.types.size(); ++i) {
    wabt::TypeEntry& type = *library.types[i];
    type.name = "$weft_" + type.name.substr(1);
    library.type_bindings.emplace(type.name, wabt::Binding(i));
  }
}

const std::string& imported_name(const wabt::Import& import) {
  static const std::string none;
  if (const auto* func = wabt::dyn_cast<wabt::FuncImport>(&import)) return func->func.name;
  return none;
}

// Name of the function that `module` exports as `name`, or empty.
std::string exported_function(const wabt::Module& module, std::string_view name) {
  const wabt::Export* found = module.GetExport(name);
  if (!found || found->kind != wabt::ExternalKind::Func) return {};
  const wabt::Func* func = module.GetFunc(found->var);
  return func ? func->name : std::string();
}

}  // namespace

Expected<Bytes> assemble(std::string_view wat, const std::string& name) {
  auto assembled = text::assemble_text(wat, name);
  if (!assembled) return tl::unexpected(Error{assembled.error().message});
  return std::move(*assembled);
}

Expected<std::string> print(std::span<const uint8_t> wasm) {
  auto read = read_tree(wasm, "module.wasm");
  if (!read) return tl::unexpected(read.error());
  wabt::Module& module = **read;
  forget_memory_names(module);
  wabt::GenerateNames(&module);
  forget_memory_names(module);
  wabt::ApplyNames(&module);
  wabt::MemoryStream stream;
  wabt::WriteWatOptions wat_options;
  wat_options.fold_exprs = true;
  if (wabt::Failed(wabt::WriteWat(&stream, &module, wat_options))) {
    return fail("module.wasm: the text cannot be written");
  }
  const auto& data = stream.output_buffer().data;
  return std::string(data.begin(), data.end());
}

Expected<Bytes> link(std::string_view test_wat, std::string_view library_wat,
                     const LinkOptions& options) {
  // The test may be anybody's: it is read by us, and WABT meets its bytes.
  auto assembled = text::assemble_text(test_wat, options.name, /*debug_names=*/true);
  if (!assembled) return tl::unexpected(Error{assembled.error().message});
  if (auto error = unfit_for_wabt(*assembled)) return fail("{}: {}", options.name, *error);
  auto parsed_test = read_tree(*assembled, options.name);
  if (!parsed_test) return tl::unexpected(parsed_test.error());
  auto parsed_library = parse(library_wat, "support.wat");
  if (!parsed_library) return tl::unexpected(parsed_library.error());
  wabt::Module& test = **parsed_test;
  wabt::Module& library = **parsed_library;

  wabt::Errors errors;
  for (wabt::Module* module : {&test, &library}) {
    if (wabt::Failed(wabt::ResolveNamesModule(module, &errors))) {
      return tl::unexpected(render(errors, options.name, "has a name that is not defined"));
    }
    forget_memory_names(*module);
    wabt::GenerateNames(module);
    forget_memory_names(*module);
    if (module == &library) prefix_type_names(library);
    wabt::ApplyNames(module);
  }

  wabt::Module linked;
  std::map<std::string, std::string> aliases;  // name used -> name defined

  // Imports come first in every index space.
  auto take_imports = [&](wabt::Module& from, bool from_test) -> Expected<void> {
    for (auto it = from.fields.begin(); it != from.fields.end();) {
      auto* field = wabt::dyn_cast<wabt::ImportModuleField>(&*it);
      if (!field) {
        ++it;
        continue;
      }
      auto current = it++;
      const wabt::Import& import = *field->import;
      const std::string& local = imported_name(import);
      if (from_test && import.module_name == "weft") {
        const std::string target = exported_function(library, import.field_name);
        if (target.empty()) {
          return fail("{}: import weft.{}: the support library has no such function", options.name,
                      import.field_name);
        }
        aliases[local] = target;
        continue;
      }
      if (!from_test && import.module_name == "test") {
        std::string target = exported_function(test, import.field_name);
        if (target.empty()) target = exported_function(library, "default_" + import.field_name);
        if (target.empty()) {
          return fail("{}: export {} is missing: the support library calls it", options.name,
                      import.field_name);
        }
        aliases[local] = target;
        continue;
      }
      if (!from_test && wabt::isa<wabt::MemoryImport>(&import)) continue;  // the test's memory
      linked.AppendField(from.fields.extract(current));
    }
    return {};
  };
  if (auto done = take_imports(test, true); !done) return tl::unexpected(done.error());
  if (auto done = take_imports(library, false); !done) return tl::unexpected(done.error());
  if (linked.memories.empty() && test.memories.empty()) {
    return fail("{}: a linked test must import the memory \"env\" \"memory\"", options.name);
  }

  const bool own_thread_start = !exported_function(test, "wasi_thread_start").empty();
  auto take_rest = [&](wabt::Module& from, bool from_test) {
    for (auto it = from.fields.begin(); it != from.fields.end();) {
      auto current = it++;
      if (wabt::isa<wabt::ImportModuleField>(&*current)) continue;
      if (auto* exported = wabt::dyn_cast<wabt::ExportModuleField>(&*current)) {
        const std::string& name = exported->export_.name;
        if (from_test && (name == "_start" || name == "weft_thread")) continue;
        if (!from_test && name != "_start" && (name != "wasi_thread_start" || own_thread_start)) {
          continue;
        }
      }
      linked.AppendField(from.fields.extract(current));
    }
  };
  take_rest(test, true);
  take_rest(library, false);

  for (const auto& [used, defined] : aliases) {
    const wabt::Index index = linked.func_bindings.FindIndex(wabt::Var(defined, wabt::Location()));
    if (index == wabt::kInvalidIndex) {
      return fail("{}: internal: function {} was lost while linking", options.name, defined);
    }
    linked.func_bindings.emplace(used, wabt::Binding(index));
  }
  if (wabt::Failed(wabt::ResolveNamesModule(&linked, &errors))) {
    return tl::unexpected(render(errors, options.name, "does not link"));
  }
  return write(linked, options.name, options.debug_names);
}

}  // namespace weft::module
