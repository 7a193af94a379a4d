#include "reference/script/script.h"

#include <algorithm>
#include <mutex>
#include <thread>

#include "reference/module/text/cursor.h"
#include "reference/script/commands.h"

namespace weft::script {
namespace {

namespace text = module::text;

// Fields of a module at the top level: the whole script is one module.
bool is_field(std::string_view word) {
  static constexpr std::string_view kFields[] = {"type", "import", "func",   "table", "memory",
                                                 "elem", "global", "export", "start", "data"};
  return std::ranges::find(kFields, word) != std::end(kFields);
}

}  // namespace

Expected<Report> run_script(std::string_view source, const std::string& name,
                            const Options& options) {
  try {
    const std::vector<text::Token> tokens = text::tokenize(source);
    text::Cursor commands(tokens, 0, tokens.size());
    for (text::Cursor in = commands; !in.done();) in.list();
    Shared shared(source, options);
    Scope scope;
    if (!commands.done() && is_field(commands.peek(1).text)) {
      shared.command(commands, "module", [&](text::Cursor in) { run_module(in, scope, shared); });
    } else {
      run_commands(commands, scope, shared);
    }
    shared.finish();
    return shared.report();
  } catch (const text::SyntaxError& error) {
    const text::Place place = text::place_of(source, error.offset);
    return fail("{}:{}:{}: {}", name, place.line, place.column, error.message);
  }
}

}  // namespace weft::script
