#include "suite/oracle/expect.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace weft::suite {
namespace {

using nlohmann::json;
using Form = Expectation::Form;

Expected<std::vector<Expectation>> read_list(const json& list, const std::string& where) {
  if (!list.is_array() || list.empty()) return fail("{}: expected a list of expectations", where);
  std::vector<Expectation> all;
  for (size_t i = 0; i < list.size(); ++i) {
    auto one = read_expectation(list[i], fmt::format("{}[{}]", where, i));
    if (!one) return tl::unexpected(one.error());
    all.push_back(std::move(*one));
  }
  return all;
}

Expected<std::string> word_of(const json& value, const std::vector<std::string>& words,
                              const std::string& where) {
  for (const std::string& word : words) {
    if (value.is_string() && value == word) return word;
  }
  return fail("{}: expected one of {}", where, fmt::join(words, ", "));
}

Expected<void> read_key(const std::string& key, const json& value, const std::string& where,
                        Expectation& into) {
  auto form = [&](Form asked) -> Expected<void> {
    if (into.form != Form::kEnd && into.form != asked) {
      return fail("{}: does not go with the other keys of this expectation", where);
    }
    into.form = asked;
    return {};
  };
  if (key == "exit") {
    if (!value.is_number_integer() || value < 0 || value > 255) {
      return fail("{}: expected an exit code from 0 to 255", where);
    }
    into.exit = value.get<int>();
    return {};
  }
  if (key == "stdout") {
    if (!value.is_string()) return fail("{}: expected a string", where);
    into.out = value.get<std::string>();
    return {};
  }
  if (key == "trap") {
    if (!value.is_string() && value != true) {
      return fail("{}: expected true or the kind of the trap", where);
    }
    into.trap = true;
    if (value.is_string()) into.trap_kind = value.get<std::string>();
    return {};
  }
  if (key == "note") {
    if (!value.is_string()) return fail("{}: expected a string", where);
    into.note = value.get<std::string>();
    return {};
  }
  if (key == "severity") {
    auto word = word_of(value, {"low", "high"}, where);
    if (!word) return tl::unexpected(word.error());
    into.severity = *word;
    return {};
  }
  if (key == "reject") {
    auto word = word_of(value, {"decode", "validate", "link", "any"}, where);
    if (!word) return tl::unexpected(word.error());
    into.reject = *word;
    return form(Form::kReject);
  }
  if (key == "record") {
    auto word = word_of(value, {"exit", "stdout"}, where);
    if (!word) return tl::unexpected(word.error());
    into.record = *word;
    return form(Form::kRecord);
  }
  if (key == "any" || key == "diverges") {
    auto list = read_list(value, where);
    if (!list) return tl::unexpected(list.error());
    into.choices = std::move(*list);
    return form(key == "any" ? Form::kAny : Form::kDiverges);
  }
  if (key == "else") {
    auto other = read_expectation(value, where);
    if (!other) return tl::unexpected(other.error());
    into.otherwise = {std::move(*other)};
    return form(Form::kDiverges);
  }
  return fail(
      "{}: is not a key of an expectation; expected exit, stdout, trap, reject, any, "
      "diverges with else, record, severity or note",
      where);
}

}  // namespace

Expected<Expectation> read_expectation(const json& expect, const std::string& where) {
  Expectation out;
  if (expect.is_string()) {
    auto word = word_of(expect, {"model", "explore"}, where);
    if (!word) return tl::unexpected(word.error());
    out.form = *word == "model" ? Form::kModel : Form::kExplore;
    return out;
  }
  if (!expect.is_object()) {
    return fail("{}: expected an object, \"model\" or \"explore\"", where);
  }
  for (const auto& [key, value] : expect.items()) {
    if (auto ok = read_key(key, value, where + "." + key, out); !ok) {
      return tl::unexpected(ok.error());
    }
  }
  if (out.form == Form::kEnd && !out.exit && !out.trap && !out.out) {
    return fail("{}: expects nothing; expected exit, stdout, trap, ...", where);
  }
  if (out.exit && out.trap) return fail("{}: exit and trap exclude each other", where);
  if (out.form != Form::kEnd && (out.exit || out.trap || out.out)) {
    return fail("{}: exit, stdout and trap do not go with the other keys", where);
  }
  if (out.form == Form::kDiverges && (out.choices.empty() || out.otherwise.empty())) {
    return fail("{}: diverges and else belong together", where);
  }
  return out;
}

json to_json(const Expectation& e) {
  json out = json::object();
  if (e.exit) out["exit"] = *e.exit;
  if (e.trap) out["trap"] = e.trap_kind.empty() ? json(true) : json(e.trap_kind);
  if (e.out) out["stdout"] = *e.out;
  if (!e.severity.empty()) out["severity"] = e.severity;
  if (!e.note.empty()) out["note"] = e.note;
  auto list = [](const std::vector<Expectation>& all) {
    json items = json::array();
    for (const Expectation& one : all) items.push_back(to_json(one));
    return items;
  };
  switch (e.form) {
    case Form::kEnd:
      break;
    case Form::kReject:
      out["reject"] = e.reject;
      break;
    case Form::kAny:
      out["any"] = list(e.choices);
      break;
    case Form::kDiverges:
      out["diverges"] = list(e.choices);
      out["else"] = to_json(e.otherwise[0]);
      break;
    case Form::kRecord:
      out["record"] = e.record;
      break;
    case Form::kModel:
      return "model";
    case Form::kExplore:
      return "explore";
  }
  return out;
}

std::string quote_text(std::string_view text, size_t limit) {
  std::string out = "\"";
  for (const char c : text) {
    if (out.size() > limit) return out + "...\"";
    if (c == '\n') {
      out += "\\n";
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += fmt::format("\\{:02x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string describe(const Expectation& e) {
  auto list = [](const std::vector<Expectation>& all) {
    std::string text;
    for (const Expectation& one : all) text += (text.empty() ? "" : " | ") + describe(one);
    return text;
  };
  switch (e.form) {
    case Form::kReject:
      return "refused before it runs" + (e.reject == "any" ? "" : " (" + e.reject + ")");
    case Form::kAny:
      return "one of: " + list(e.choices);
    case Form::kDiverges:
      return describe(e.otherwise[0]) + " (allowed, but diverging: " + list(e.choices) + ")";
    case Form::kRecord:
      return "any " + e.record + ", recorded";
    case Form::kModel:
      return "an outcome that the memory model allows";
    case Form::kExplore:
      return "an outcome that some schedule reaches";
    case Form::kEnd:
      break;
  }
  std::string text;
  if (e.exit) text = fmt::format("exit {}", *e.exit);
  if (e.trap) text = e.trap_kind.empty() ? "a trap" : "trap: " + e.trap_kind;
  if (e.out) text += (text.empty() ? "" : ", ") + ("stdout " + quote_text(*e.out));
  return text;
}

}  // namespace weft::suite
