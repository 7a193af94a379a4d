#include "reference/script/commands.h"

#include <algorithm>

#include "reference/script/modules.h"
#include "reference/script/value.h"

namespace weft::script {
namespace {

using machine::Extern;
using machine::Instance;
using machine::Value;
using module::text::Cursor;

// Expected and real messages: the scripts of different versions write more or less of the same
// words ("undefined element", "undefined element 7").
bool fits(std::string_view expected, std::string_view real) {
  return !real.empty() && (real.starts_with(expected) || expected.starts_with(real));
}

std::string list(const std::vector<Value>& values) {
  std::string out;
  for (const Value& value : values) out += (out.empty() ? "" : " ") + machine::to_string(value);
  return out.empty() ? "nothing" : out;
}

class Commands {
 public:
  Commands(Scope& scope, Shared& shared) : scope_(scope), shared_(shared) {}

  void run(Cursor commands) {
    while (!commands.done()) {
      Cursor whole = commands;
      Cursor in = commands.list();
      const std::string word(in.word());
      shared_.command(whole, word, [&](Cursor) { command(word, in); });
    }
  }

  // ---- modules ----
  void module(Cursor in) {
    if (in.take_word("instance")) return instance_of_definition(in);
    const bool definition = in.take_word("definition");
    const std::string id(in.id());
    try {
      auto loaded = load(in, shared_.options().language);
      if (!loaded) {
        const std::string what = fmt::format("module is refused: {}", loaded.error().message);
        if (loaded.error().refused) throw Skip{loaded.error().message};
        throw Failure{what, loaded.error().offset};
      }
      if (definition) {
        if (!id.empty()) scope_.definitions[id] = *loaded;
        scope_.last_definition = *loaded;
        return;
      }
      enter(id, *loaded);
    } catch (const Skip& skip) {
      scope_.enter(id, {nullptr, "its module was skipped: " + skip.reason});
      if (definition) scope_.last_definition = nullptr;
      throw;
    } catch (const Failure&) {
      scope_.enter(id, {nullptr, "its module failed"});
      throw;
    }
  }

 private:
  void command(const std::string& word, Cursor in) {
    if (word == "module") return module(in);
    if (word == "register") return register_(in);
    if (word == "invoke" || word == "get") {
      finish_action(perform(word, in));
      return;
    }
    if (word == "assert_return") return assert_return(in);
    if (word == "assert_trap") return assert_trap(in);
    if (word == "assert_exhaustion") return assert_exhaustion(in);
    if (word == "assert_malformed") return assert_refused(in, Refusal::Kind::kMalformed);
    if (word == "assert_invalid") return assert_refused(in, Refusal::Kind::kInvalid);
    if (word == "assert_unlinkable") return assert_unlinkable(in);
    if (word == "thread") return thread(in);
    if (word == "wait") return shared_.wait(std::string(in.id()));
    if (word == "assert_exception") throw Skip{"exception handling is not supported"};
    if (word == "assert_malformed_custom" || word == "assert_invalid_custom") {
      throw Skip{"custom annotations are not supported"};
    }
    if (word == "script" || word == "input" || word == "output") {
      throw Skip{fmt::format("meta command {}", word)};
    }
    throw Failure{fmt::format("unknown command {}", word)};
  }

  Instantiated instantiated(std::shared_ptr<const module::Module> loaded) {
    auto made =
        instantiate(std::move(loaded), scope_, shared_.parking(), shared_.options().stepwise);
    if (made.instance) shared_.keep(made.instance);
    if (made.remains) shared_.keep(made.remains);
    return made;
  }

  void enter(const std::string& id, std::shared_ptr<const module::Module> loaded) {
    const auto made = instantiated(std::move(loaded));
    if (!made.instance) throw Failure{"module is not instantiated: " + made.message};
    scope_.enter(id, {made.instance, {}});
  }

  void instance_of_definition(Cursor in) {
    const std::string id(in.id()), of(in.id());
    in.finish();
    auto found = scope_.definitions.find(of);
    const auto definition = of.empty()                          ? scope_.last_definition
                            : found == scope_.definitions.end() ? nullptr
                                                                : found->second;
    if (!definition) {
      scope_.enter(id, {nullptr, "its definition was skipped"});
      throw Skip{"its definition was skipped"};
    }
    enter(id, definition);
  }

  void register_(Cursor in) {
    const std::string name = in.name();
    const std::string_view id = in.id();
    in.finish();
    try {
      const auto instance = scope_.instance(id);
      for (const module::Export& one : instance->module().exports) {
        if (auto exported = Instance::export_of(instance, one.name)) {
          scope_.registry.define(name, one.name, *exported);
        }
      }
      scope_.skipped.erase(name);
    } catch (const Skip&) {
      scope_.skipped.insert(name);
      throw;
    }
  }

  // ---- actions ----
  Outcome action(Cursor& in) {
    Cursor list = in.list();
    const std::string_view word = list.word();
    if (word != "invoke" && word != "get") {
      throw Failure{fmt::format("unknown action {}", word)};
    }
    return perform(word, list);
  }

  Outcome perform(std::string_view word, Cursor in) {
    const std::string_view id = in.id();
    const std::string name = in.name();
    const auto& instance = scope_.instance(id);
    if (word == "get") {
      in.finish();
      const auto global = instance->exported_global(name);
      if (!global) throw Failure{fmt::format("no global \"{}\"", name)};
      return {Outcome::Kind::kResults, {global->get()}, {}};
    }
    std::vector<Value> arguments;
    while (!in.done()) arguments.push_back(parse_constant(in));
    const machine::Func* function = instance->exported_function(name);
    if (!function) throw Failure{fmt::format("no function \"{}\"", name)};
    const bool typed = std::ranges::equal(
        arguments, function->type->params,
        [](const Value& value, module::ValType type) { return value.type == type; });
    if (!typed) throw Failure{fmt::format("\"{}\" takes other arguments", name)};
    Outcome outcome = call(*function, arguments, shared_.parking(), shared_.options().stepwise);
    if (outcome.kind == Outcome::Kind::kStopped) throw Skip{"the script was stopped"};
    return outcome;
  }

  static const std::vector<Value>& finish_action(const Outcome& outcome) {
    if (outcome.kind == Outcome::Kind::kTrap) {
      throw Failure{fmt::format("trap: {}", outcome.trap.message())};
    }
    return outcome.results;
  }

  // ---- assertions ----
  void assert_return(Cursor in) {
    const Outcome outcome = action(in);
    std::vector<Pattern> patterns;
    while (!in.done()) patterns.push_back(parse_result(in));
    const std::vector<Value>& results = finish_action(outcome);
    if (std::ranges::equal(patterns, results, matches)) return;
    std::string expected;
    for (const Pattern& one : patterns) expected += (expected.empty() ? "" : " ") + one.text;
    throw Failure{
        fmt::format("expected {}, got {}", expected.empty() ? "nothing" : expected, list(results))};
  }

  void expect_trap(const Outcome& outcome, const std::string& expected) {
    if (outcome.kind == Outcome::Kind::kResults) {
      throw Failure{fmt::format("expected trap \"{}\", got {}", expected, list(outcome.results))};
    }
    expect_message(expected, outcome.trap.message());
  }
  static void expect_message(const std::string& expected, const std::string& real) {
    if (!fits(expected, real)) {
      throw Failure{fmt::format("expected \"{}\", got \"{}\"", expected, real)};
    }
  }

  void assert_trap(Cursor in) {
    if (!in.is_list("module")) {
      const Outcome outcome = action(in);
      return expect_trap(outcome, in.name());
    }
    const auto made = instantiated(good_module(in));
    const std::string expected = in.name();
    if (made.instance) throw Failure{fmt::format("expected trap \"{}\", instantiated", expected)};
    if (!made.linked) throw Failure{"does not link: " + made.message};
    expect_message(expected, made.message);
  }

  void assert_exhaustion(Cursor in) {
    const Outcome outcome = action(in);
    expect_trap(outcome, in.name());
    if (outcome.trap.kind != machine::TrapKind::kStackExhausted) {
      throw Failure{fmt::format("expected exhaustion, got \"{}\"", outcome.trap.message())};
    }
  }

  void assert_unlinkable(Cursor in) {
    const auto made = instantiated(good_module(in));
    const std::string expected = in.name();
    if (made.instance || made.linked) {
      throw Failure{fmt::format("expected \"{}\", but it links", expected)};
    }
    expect_message(expected, made.message);
  }

  // "(module ...)" in an assertion about instantiation.
  std::shared_ptr<const module::Module> good_module(Cursor& in) {
    Cursor inside = in.list("module");
    inside.id();
    auto loaded = load(inside, shared_.options().language);
    if (loaded) return *loaded;
    if (loaded.error().refused) throw Skip{loaded.error().message};
    throw Failure{"module is refused: " + loaded.error().message};
  }

  // The words of these messages differ too much between versions to be compared; the stage is.
  void assert_refused(Cursor in, Refusal::Kind kind) {
    Cursor inside = in.list("module");
    inside.take_word("definition");
    inside.id();
    const bool binary = inside.is_word("binary");
    const auto loaded = load(inside, shared_.options().language);
    const std::string expected = in.name();
    const bool malformed = kind == Refusal::Kind::kMalformed;
    if (loaded) {
      throw Failure{fmt::format("expected {} \"{}\", but it is valid",
                                malformed ? "malformed" : "invalid", expected)};
    }
    // Bytes of a proposal that weft does not take are malformed in the language that it takes.
    if (loaded.error().refused && !(malformed && binary)) throw Skip{loaded.error().message};
    if (loaded.error().kind != kind) {
      throw Failure{fmt::format("expected {} \"{}\", got {}: {}",
                                malformed ? "malformed" : "invalid", expected,
                                malformed ? "invalid" : "malformed", loaded.error().message)};
    }
  }

  // ---- threads ----
  // "(thread $name? (shared (module $M))* command*)": a context of its own, in which only the
  // shared modules have names, and nothing is registered.
  void thread(Cursor in) {
    const std::string name(in.id());
    auto scope = std::make_shared<Scope>();
    while (in.is_list("shared")) {
      Cursor shared = in.list("shared");
      Cursor module = shared.list("module");
      shared.finish();
      const std::string id(module.id());
      const auto& instance = scope_.instance(id);
      for (const module::Export& one : instance->module().exports) {
        const auto memory = instance->exported_memory(one.name);
        if (one.kind != module::ExternKind::kMemory || !memory->is_shared()) {
          throw Failure{fmt::format("module {} is not sharable: it exports \"{}\"", id, one.name)};
        }
      }
      scope->names[id] = {instance, {}};
    }
    Shared& shared = shared_;
    shared.start(name, [in, scope, &shared] { run_commands(in, *scope, shared); });
  }

  Scope& scope_;
  Shared& shared_;
};

}  // namespace

void run_commands(Cursor commands, Scope& scope, Shared& shared) {
  Commands(scope, shared).run(commands);
}

void run_module(Cursor in, Scope& scope, Shared& shared) { Commands(scope, shared).module(in); }

}  // namespace weft::script
