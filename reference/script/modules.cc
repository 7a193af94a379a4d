#include "reference/script/modules.h"

#include "reference/module/text/module_text.h"

namespace weft::script {
namespace {

tl::expected<Bytes, Refusal> bytes_of(module::text::Cursor in) {
  try {
    if (in.take_word("binary")) return in.strings();
    if (!in.take_word("quote")) return module::text::module_fields(in);
    const Bytes quoted = in.strings();
    const std::string_view source(reinterpret_cast<const char*>(quoted.data()), quoted.size());
    auto assembled = module::text::assemble_text(source, "quoted");
    if (assembled) return std::move(*assembled);
    return tl::unexpected(
        Refusal{Refusal::Kind::kMalformed, assembled.error().refused, assembled.error().message});
  } catch (const module::text::SyntaxError& error) {
    return tl::unexpected(
        Refusal{Refusal::Kind::kMalformed, error.refused, error.message, error.offset});
  }
}

}  // namespace

Loaded load(module::text::Cursor in, const module::Language& language) {
  auto bytes = bytes_of(in);
  if (!bytes) return tl::unexpected(bytes.error());
  auto loaded = module::load_module(std::move(*bytes), language);
  if (loaded) return std::move(*loaded);
  const module::ModuleError& error = loaded.error();
  return tl::unexpected(
      Refusal{error.stage == "decode" ? Refusal::Kind::kMalformed : Refusal::Kind::kInvalid,
              error.refused, fmt::format("{} (byte {})", error.message, error.offset)});
}

Instantiated instantiate(std::shared_ptr<const module::Module> module, const Scope& scope,
                         Parking& parking, bool stepwise) {
  for (const module::Import& import : module->imports) {
    if (scope.skipped.contains(import.module)) {
      throw Skip{fmt::format("imports from \"{}\", whose module was skipped", import.module)};
    }
  }
  auto made = machine::Instance::create(std::move(module), scope.registry);
  if (!made) {
    Instantiated out;
    out.linked = made.error().trap.has_value();
    out.message = made.error().message;
    out.remains = made.error().remains;
    if (made.error().trap) out.message = machine::message_of(*made.error().trap);
    return out;
  }
  if (const machine::Func* start = (*made)->start()) {
    const Outcome outcome = call(*start, {}, parking, stepwise);
    if (outcome.kind == Outcome::Kind::kTrap) {
      return {nullptr, true, outcome.trap.message(), std::move(*made)};
    }
    if (outcome.kind == Outcome::Kind::kStopped) throw Skip{"the script was stopped"};
  }
  return {std::move(*made), true, {}, {}};
}

}  // namespace weft::script
