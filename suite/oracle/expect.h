// What a test expects, read from the `expect` of its header into a value. Knows no runtimes: the
// judge in results/ compares it with what was seen.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "reference/base/expected.h"

namespace weft::suite {

struct Expectation {
  enum class Form {
    kEnd,       // exit code or trap, and standard output where given
    kReject,    // the module is refused before it runs
    kAny,       // one of `choices`
    kDiverges,  // one of `choices` is allowed but DIVERGES; else `otherwise[0]` decides
    kRecord,    // whatever is seen is a choice left open: noted
    kModel,     // computed by the memory model
    kExplore,   // computed by exhaustive search
  };
  Form form = Form::kEnd;
  std::optional<int> exit;
  bool trap = false;
  std::string trap_kind;  // empty: any trap
  std::optional<std::string> out;
  std::string reject;  // decode, validate, link, any
  std::string record;  // exit, stdout
  std::vector<Expectation> choices;
  std::vector<Expectation> otherwise;
  std::set<std::string> explored;  // kExplore: the outcomes, filled in by whoever searched
  // kDiverges: how much it matters, and what it diverges from.
  std::string severity;  // low, high, or empty
  std::string note;
};

// `where` is for messages. An unknown key or value is an error that says what was expected.
Expected<Expectation> read_expectation(const nlohmann::json& expect, const std::string& where);

// The expectation as JSON again, for `expected` of a result.
nlohmann::json to_json(const Expectation& expectation);

// A short form for people: `exit 0, stdout "ok\n"`.
std::string describe(const Expectation& expectation);

// A text on one line: control characters escaped, cut after `limit` characters.
std::string quote_text(std::string_view text, size_t limit = 200);

}  // namespace weft::suite
