#include "suite/litmus/text_expectation.h"

#include <fmt/core.h>

#include <map>

namespace weft::suite::litmus {
namespace {

// What a part says: `0:r0`, `[x]` or `1:` (how the thread ends), and the value.
struct Part {
  std::string of, value;
};
using Read = tl::expected<Part, std::string>;

Read say(std::string what) { return tl::unexpected<std::string>(std::move(what)); }

// A number of so many bits, as the outcome's text form has it: unsigned decimal.
std::optional<std::string> number(std::string_view text, unsigned bits) {
  const auto value = parse_constant(text, bits == 32 ? 'i' : 'I');
  return value ? std::optional(std::to_string(*value)) : std::nullopt;
}

Read observed(const LitmusTest& test, const std::string& part) {
  const size_t close = part.find("]=");
  if (close == std::string::npos) {
    return say(fmt::format("`{}` is no part of an outcome: expected [NAME]=VALUE", part));
  }
  const std::string label = part.substr(1, close - 1);
  for (const Observe& o : test.observes) {
    if (observe_label(test, o) != label) continue;
    const unsigned bits =
        o.opcode->signature.ends_with('I') || o.opcode->signature.ends_with('F') ? 64 : 32;
    const auto value = number(std::string_view(part).substr(close + 2), bits);
    if (!value) return say(fmt::format("`{}`: expected a number of {} bits", part, bits));
    return Part{"[" + label + "]", *value};
  }
  return say(fmt::format("[{}] is not observed", label));
}

Read of_thread(const LitmusTest& test, const std::string& part) {
  const size_t colon = part.find(':');
  const auto thread = colon == std::string::npos
                          ? std::nullopt
                          : parse_unsigned(std::string_view(part).substr(0, colon));
  if (!thread || *thread >= test.threads.size()) {
    return say(fmt::format("`{}` names no thread: expected THREAD:REGISTER=VALUE", part));
  }
  const std::string rest = part.substr(colon + 1);
  if (rest == "waiting" || rest == "trap" || rest == "end") {
    return Part{fmt::format("{}:", *thread), rest};
  }
  const size_t equals = rest.find('=');
  if (equals == std::string::npos) {
    return say(fmt::format("`{}`: expected THREAD:REGISTER=VALUE, or waiting, trap, end", part));
  }
  const std::string name = rest.substr(0, equals);
  for (const Register& r : test.threads[*thread].registers) {
    if (r.name != name || r.hidden()) continue;
    const unsigned bits = r.type == 'I' ? 64 : 32;
    const auto value = number(std::string_view(rest).substr(equals + 1), bits);
    if (!value) return say(fmt::format("`{}`: expected a number of {} bits", part, bits));
    return Part{fmt::format("{}:{}", *thread, name), *value};
  }
  return say(fmt::format("`{}`: thread {} has no register {}", part, *thread, name));
}

}  // namespace

tl::expected<Expectation, Complaint> read_expectation(const LitmusTest& test,
                                                      const std::vector<Token>& t) {
  const auto complain = [](const Place& place, std::string what) {
    return tl::unexpected<Complaint>(Complaint{place, std::move(what)});
  };
  if (t.size() < 2) {
    return complain(t[0].place, "expected an outcome, e.g. `forbid 0:r0=0 1:r1=0`");
  }
  Expectation out;
  out.allowed = t[0].text == "allow";
  out.place = t[0].place;
  std::map<std::string, std::string> said;
  for (size_t i = 1; i < t.size(); ++i) {
    const std::string& word = t[i].text;
    const Read part = word.starts_with("[") ? observed(test, word) : of_thread(test, word);
    if (!part) return complain(t[i].place, part.error());
    const auto [before, fresh] = said.insert({part->of, part->value});
    if (!fresh && before->second == part->value) continue;
    if (!fresh) {
      const bool ending = part->of.ends_with(":");
      return complain(t[i].place, fmt::format("`{}` contradicts what was said of {}{} before", word,
                                              ending ? "thread " : "",
                                              part->of.substr(0, part->of.size() - ending)));
    }
    if (!out.outcome.empty()) out.outcome += " ";
    out.outcome += part->of + (part->of.ends_with(":") ? "" : "=") + part->value;
  }
  for (const Expectation& other : test.expectations) {
    if (other.outcome == out.outcome && other.allowed != out.allowed) {
      return complain(t[0].place,
                      fmt::format("`{}` contradicts line {}", t[0].text, other.place.line));
    }
  }
  return out;
}

}  // namespace weft::suite::litmus
