// weft model: the outcomes that the memory model allows a litmus test, in which tier, and why.
#include <fmt/core.h>

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/args.h"
#include "cli/command.h"
#include "cli/test_options.h"
#include "reference/base/files.h"
#include "reference/model/draw.h"
#include "reference/model/explain.h"
#include "reference/model/model.h"
#include "reference/module/assemble.h"
#include "suite/litmus/ast.h"
#include "suite/litmus/to_program.h"
#include "suite/litmus/wat_reader.h"

namespace weft::cli {
namespace {

using suite::litmus::LitmusTest;

struct Options {
  std::string test, name, json, dot, svg;
  std::optional<std::string> outcome;  // an empty one that is given is an error
  bool explain = false;

  // Standard output belongs to one form.
  int to_standard_output() const { return (json == "-") + (dot == "-") + (svg == "-"); }
  bool text() const { return to_standard_output() == 0; }
  bool draws() const { return !dot.empty() || !svg.empty(); }
};

int complain(const std::string& message) {
  fmt::print(stderr, "weft: {}\n", message);
  return 2;
}

Expected<std::vector<LitmusTest>> only(Expected<std::vector<LitmusTest>> tests,
                                       const std::string& name, const std::string& where) {
  if (!tests || name.empty()) return tests;
  for (LitmusTest& test : *tests) {
    if (test.name == name) return std::vector<LitmusTest>{std::move(test)};
  }
  return fail("{}: has no test {}", where, name);
}

// A .litmus path, an id FOLDER/FILE or FOLDER/FILE/NAME, or a test in WAT form.
Expected<std::vector<LitmusTest>> find(const Options& options) {
  namespace fs = std::filesystem;
  const std::string& what = options.test;
  if (what.ends_with(".litmus"))
    return only(suite::litmus::read_litmus_file(what), options.name, what);
  const std::string suite = home_folder() + "/suite/";
  std::error_code ignored;
  if (fs::exists(suite + what + ".litmus", ignored)) {
    return only(suite::litmus::read_litmus_file(suite + what + ".litmus"), options.name, what);
  }
  const size_t slash = what.rfind('/');
  if (slash != std::string::npos) {
    const std::string file = suite + what.substr(0, slash) + ".litmus";
    if (fs::exists(file, ignored))
      return only(suite::litmus::read_litmus_file(file), what.substr(slash + 1), what);
  }
  auto test = find_test(what);
  if (!test) return tl::unexpected<Error>(test.error());
  if (test->header.kind != suite::Kind::kLitmus) {
    return fail("{}: is no litmus test (kind `litmus`); the model takes no other", what);
  }
  auto wasm = module::assemble(test->source, test->path);
  if (!wasm) return tl::unexpected<Error>(wasm.error());
  const std::string& id = test->header.id;
  auto back = suite::litmus::read_wat(*wasm, test->header.litmus, id.substr(id.rfind('/') + 1),
                                      test->path, test->source);
  if (!back) return tl::unexpected<Error>(back.error());
  return std::vector<LitmusTest>{std::move(back->test)};
}

std::string tiers_text(model::Tiers tiers, const char* separator) {
  std::string text;
  for (unsigned t = 0; t < model::kTiers; ++t) {
    const model::Tier tier = static_cast<model::Tier>(t);
    if (!(tiers & model::tier_bit(tier))) continue;
    if (!text.empty()) text += separator;
    text += model::tier_name(tier);
  }
  return text;
}

Expected<bool> deliver(const std::string& to, const std::string& text) {
  if (to == "-") {
    fmt::print("{}", text);
    return true;
  }
  auto written = write_file(to, std::string_view(text));
  if (!written) return tl::unexpected<Error>(written.error());
  return true;
}

// Drawings and, with `text`, the text of one explanation.
Expected<bool> show(const Options& options, const LitmusTest& test,
                    const model::Explanation& explanation, bool text) {
  if (text) fmt::print("{}", model::explanation_text(explanation));
  if (!options.dot.empty()) {
    auto done = deliver(options.dot, model::explanation_dot(explanation, test.name));
    if (!done) return done;
  }
  if (!options.svg.empty()) {
    return deliver(options.svg, model::explanation_svg(explanation, test.name));
  }
  return true;
}

// --outcome: 0 allowed, 1 forbidden.
Expected<int> membership(const Options& options, const LitmusTest& test,
                         const model::Program& program, model::Oracle& oracle) {
  const model::OutcomeLayout layout(program);
  auto outcome = model::parse_outcome(layout, *options.outcome);
  if (!outcome) return fail_in(suite::litmus::place_text(test), outcome.error());
  model::Tiers inside = 0, outside = 0;
  for (unsigned t = 0; t < model::kTiers; ++t) {
    const model::Tier tier = static_cast<model::Tier>(t);
    auto member = oracle.is_allowed(program, *outcome, tier);
    if (!member && tier == model::Tier::literal)
      return fail_in(suite::litmus::place_text(test), member.error());
    if (member) (*member ? inside : outside) |= model::tier_bit(tier);
  }
  const bool allowed = (inside & model::tier_bit(model::Tier::literal)) != 0;
  const bool meant = (inside & model::tier_bit(model::Tier::intended)) != 0;
  // The strongest thing to say: why it is forbidden, or why only `literal` has it, or a witness.
  const model::Tier tier = allowed && !meant ? model::Tier::intended : model::Tier::literal;
  auto explanation = model::explain(program, *outcome, tier);
  if (!explanation) return fail_in(suite::litmus::place_text(test), explanation.error());
  if (options.text()) {
    fmt::print("{}: {}\n  in: {}\n  not in: {}\n", test.name, allowed ? "allowed" : "forbidden",
               inside ? tiers_text(inside, ", ") : "none",
               outside ? tiers_text(outside, ", ") : "none");
    if (!options.explain) fmt::print("  {}: {}\n", explanation->axiom, explanation->reason);
  }
  auto shown = show(options, test, *explanation, options.explain && options.text());
  if (!shown) return tl::unexpected<Error>(shown.error());
  if (!options.json.empty()) {
    nlohmann::ordered_json json = {
        {"test", test.name}, {"outcome", model::to_text(layout, *outcome)}, {"allowed", allowed}};
    json["tiers"] = nlohmann::json::array();
    for (unsigned t = 0; t < model::kTiers; ++t) {
      const model::Tier in = static_cast<model::Tier>(t);
      if (inside & model::tier_bit(in)) json["tiers"].push_back(model::tier_name(in));
    }
    json["explanation"] = nlohmann::ordered_json::parse(model::explanation_json(*explanation));
    auto done = deliver(options.json, json.dump() + "\n");
    if (!done) return tl::unexpected<Error>(done.error());
  }
  return allowed ? 0 : 1;
}

nlohmann::ordered_json set_json(const std::string& name, const model::OutcomeLayout& layout,
                                const model::AllowedSet& set, double micros) {
  nlohmann::ordered_json json = {{"test", name}, {"outcomes", nlohmann::json::array()}};
  for (const model::AllowedOutcome& o : set.outcomes) {
    nlohmann::ordered_json entry = {{"outcome", model::to_text(layout, o.outcome)}};
    entry["tiers"] = nlohmann::json::array();
    for (unsigned t = 0; t < model::kTiers; ++t) {
      const model::Tier tier = static_cast<model::Tier>(t);
      if (o.tiers & model::tier_bit(tier)) entry["tiers"].push_back(model::tier_name(tier));
    }
    if (o.thin_air) entry["thin_air"] = true;
    json["outcomes"].push_back(std::move(entry));
  }
  for (const model::UndeterminedOutcome& u : set.undetermined) {
    json["outcomes"].push_back({{"outcome", model::to_text(layout, u)},
                                {"tiers", {"literal"}},
                                {"thin_air", true},
                                {"undetermined", true}});
  }
  json["computed"] = nlohmann::json::array();
  for (unsigned t = 0; t < model::kTiers; ++t) {
    const model::Tier tier = static_cast<model::Tier>(t);
    if (set.computed & model::tier_bit(tier)) json["computed"].push_back(model::tier_name(tier));
  }
  json["micros"] = micros;
  return json;
}

void print_set(const std::string& name, const model::OutcomeLayout& layout,
               const model::AllowedSet& set) {
  fmt::print("{}: {} outcomes in {}\n", name, set.outcomes.size(), tiers_text(set.computed, ", "));
  size_t width = 0;
  for (const model::AllowedOutcome& o : set.outcomes) {
    width = std::max(width, model::to_text(layout, o.outcome).size());
  }
  for (const model::AllowedOutcome& o : set.outcomes) {
    fmt::print("  {:<{}}  {}{}\n", model::to_text(layout, o.outcome), width,
               tiers_text(o.tiers, " "), o.thin_air ? " (out of thin air)" : "");
  }
  for (const model::UndeterminedOutcome& u : set.undetermined) {
    fmt::print("  {}  literal (out of thin air, for every v)\n", model::to_text(layout, u));
  }
}

// The whole set, and what the test expects of it: 1 if it expects something else.
Expected<int> whole_set(const Options& options, const LitmusTest& test,
                        const model::Program& program, model::Oracle& oracle, std::string& json) {
  const auto begin = std::chrono::steady_clock::now();
  auto set = oracle.allowed(program);
  if (!set) return fail_in(suite::litmus::place_text(test), set.error());
  const double micros =
      std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count();
  const model::OutcomeLayout layout(program);
  if (options.text()) print_set(test.name, layout, *set);
  json += set_json(test.name, layout, *set, micros).dump() + "\n";
  int code = 0;
  for (const suite::litmus::Expectation& e : test.expectations) {
    auto outcome = model::parse_outcome(layout, e.outcome);
    if (!outcome)
      return fail("{}:{}:{}: {}", test.file, e.place.line, e.place.column, outcome.error().message);
    if (set->contains(model::Tier::literal, *outcome) != e.allowed) {
      fmt::print(stderr, "weft: {}:{}:{}: {}: expected {} {}, the model says otherwise\n",
                 test.file, e.place.line, e.place.column, test.name, e.allowed ? "allow" : "forbid",
                 e.outcome);
      code = 1;
    }
    if (!options.explain && !options.draws()) continue;
    auto explanation = model::explain(program, *outcome, model::Tier::literal);
    if (!explanation) return fail_in(suite::litmus::place_text(test), explanation.error());
    if (options.explain && options.text()) fmt::print("{}: ", e.outcome);
    auto shown = show(options, test, *explanation, options.explain && options.text());
    if (!shown) return tl::unexpected<Error>(shown.error());
  }
  return code;
}

}  // namespace

int cmd_model(const std::vector<std::string>& args) {
  Options options;
  Args parser("weft model", "The outcomes that the memory model allows a litmus test, and why.");
  parser.positional("TEST", options.test, "id, .litmus or .wat path");
  parser.option("--name", options.name, "only this test of a litmus file");
  parser.option(
      "--outcome", options.outcome,
      "is this outcome allowed? e.g. \"0:r0=0 1:r1=0\"; exit code 0 allowed, 1 forbidden");
  parser.flag("--explain", options.explain,
              "a witness, or the happens-before path or the cycle that forbids it (of --outcome, "
              "else of each expectation)");
  parser.option("--json", options.json, "write JSON to this file, - for standard output");
  parser.option("--dot", options.dot, "write the explanation as DOT");
  parser.option("--svg", options.svg, "write the explanation as a drawing");
  if (auto code = parser.parse(args)) return *code;
  auto tests = find(options);
  if (!tests) return complain(tests.error().message);
  if (options.outcome && tests->size() != 1) {
    return complain(fmt::format("{}: holds {} tests; --outcome asks of one (--name)", options.test,
                                tests->size()));
  }
  if (options.to_standard_output() > 1) {
    return complain("--json, --dot, --svg: standard output takes one of them");
  }
  size_t expectations = 0;
  for (const LitmusTest& test : *tests) expectations += test.expectations.size();
  if (!options.outcome && options.draws() && expectations != 1) {
    return complain(fmt::format("{}: expects {} outcomes; a drawing shows one (--outcome)",
                                options.test, expectations));
  }
  model::Oracle oracle;
  std::string json;
  int worst = 0;
  for (const LitmusTest& test : *tests) {
    auto program = suite::litmus::to_program(test);
    if (!program) return complain(program.error().message);
    auto code = !options.outcome ? whole_set(options, test, *program, oracle, json)
                                 : membership(options, test, *program, oracle);
    if (!code) return complain(code.error().message);
    worst = std::max(worst, *code);
  }
  if (!options.outcome && !options.json.empty()) {
    if (auto done = deliver(options.json, json); !done) return complain(done.error().message);
  }
  return worst;
}

}  // namespace weft::cli
