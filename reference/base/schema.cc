#include "reference/base/schema.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "reference/base/files.h"

namespace weft {
namespace {

using nlohmann::json;

// What a reader sees of a value in a message: short, on one line.
std::string shown(const json& value) {
  std::string text = value.dump(-1, ' ', false, json::error_handler_t::replace);
  if (text.size() > 60) text = text.substr(0, 57) + "...";
  return text;
}

std::string with_article(const std::string& type) {
  if (type == "null") return type;
  return (type == "integer" || type == "array" || type == "object" ? "an " : "a ") + type;
}

bool is_type(const json& value, const std::string& type) {
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_boolean();
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  return type == "null" && value.is_null();
}

std::string member(const std::string& at, const std::string& key) {
  return at.empty() ? key : at + "." + key;
}

// Where in the value, and what is wrong; `depth` tells how far a branch of oneOf has agreed.
struct Violation {
  std::string at, text;
  int depth = 0;
};
using Checked = tl::expected<void, Violation>;

class Checker {
 public:
  Checked check(const json& value, const json& schema, const std::string& at, int depth) const {
    if (schema.is_boolean()) {
      if (schema.get<bool>()) return {};
      return wrong(at, depth, "nothing is allowed here, got " + shown(value));
    }
    if (auto known = keywords(schema, at); !known) return known;
    if (auto ok = type(value, schema, at, depth); !ok) return ok;
    if (auto ok = scalar(value, schema, at, depth); !ok) return ok;
    if (value.is_object()) {
      if (auto ok = object(value, schema, at, depth); !ok) return ok;
    }
    if (value.is_array() && schema.contains("items")) {
      for (size_t i = 0; i < value.size(); ++i) {
        auto ok = check(value[i], schema["items"], fmt::format("{}[{}]", at, i), depth + 1);
        if (!ok) return ok;
      }
    }
    return schema.contains("oneOf") ? one_of(value, schema["oneOf"], at, depth) : Checked();
  }

 private:
  static Checked wrong(const std::string& at, int depth, std::string text) {
    return tl::unexpected<Violation>(Violation{at, std::move(text), depth});
  }

  static Checked keywords(const json& schema, const std::string& at) {
    static const std::set<std::string> kKnown = {
        "type",    "required", "properties", "additionalProperties",
        "enum",    "pattern",  "items",      "oneOf",
        "$schema", "$id",      "title",      "description"};
    for (const auto& [key, unused] : schema.items()) {
      if (!kKnown.count(key))
        return wrong(at, 0, "the schema has an unknown keyword '" + key + "'");
    }
    return {};
  }

  static Checked type(const json& value, const json& schema, const std::string& at, int depth) {
    if (!schema.contains("type")) return {};
    const json& types = schema["type"];
    std::string names;
    for (const json& one : types.is_array() ? types : json::array({types})) {
      const std::string name = one.get<std::string>();
      if (is_type(value, name)) return {};
      names += (names.empty() ? "" : " or ") + with_article(name);
    }
    return wrong(at, depth, "expected " + names + ", got " + shown(value));
  }

  static Checked scalar(const json& value, const json& schema, const std::string& at, int depth) {
    if (schema.contains("enum")) {
      const json& allowed = schema["enum"];
      if (std::find(allowed.begin(), allowed.end(), value) == allowed.end()) {
        std::string names;
        for (const json& one : allowed) names += (names.empty() ? "" : ", ") + shown(one);
        return wrong(at, depth, "expected one of " + names + ", got " + shown(value));
      }
    }
    if (schema.contains("pattern") && value.is_string()) {
      const std::string pattern = schema["pattern"];
      if (!std::regex_search(value.get_ref<const std::string&>(), std::regex(pattern))) {
        return wrong(at, depth, "expected a string like " + pattern + ", got " + shown(value));
      }
    }
    return {};
  }

  Checked object(const json& value, const json& schema, const std::string& at, int depth) const {
    static const json kNone = json::object();
    const json& properties = schema.contains("properties") ? schema["properties"] : kNone;
    if (schema.contains("required")) {
      for (const json& key : schema["required"]) {
        if (!value.contains(key.get<std::string>())) {
          return wrong(at, depth, "the key '" + key.get<std::string>() + "' is missing");
        }
      }
    }
    for (const auto& [key, part] : value.items()) {
      const json* rule = nullptr;
      if (properties.contains(key)) {
        rule = &properties[key];
      } else if (schema.contains("additionalProperties")) {
        rule = &schema["additionalProperties"];
        if (rule->is_boolean() && !rule->get<bool>()) {
          std::string names;
          for (const auto& [name, unused] : properties.items()) {
            names += (names.empty() ? "" : ", ") + name;
          }
          return wrong(at, depth, "unknown key '" + key + "', expected one of: " + names);
        }
      }
      if (!rule) continue;
      if (auto ok = check(part, *rule, member(at, key), depth + 1); !ok) return ok;
    }
    return {};
  }

  // Of the branches that disagree, the message is that of the one that went furthest.
  Checked one_of(const json& value, const json& branches, const std::string& at, int depth) const {
    int matching = 0;
    Checked best;
    for (const json& branch : branches) {
      auto ok = check(value, branch, at, depth);
      if (ok) {
        ++matching;
      } else if (best || ok.error().depth > best.error().depth) {
        best = std::move(ok);
      } else if (ok.error().depth == best.error().depth && ok.error().at == best.error().at) {
        best.error().text += "; or " + ok.error().text;
      }
    }
    if (matching == 1) return {};
    if (matching > 1) return wrong(at, depth, "several alternatives match " + shown(value));
    return best;
  }
};

}  // namespace

Expected<json> parse_json(std::string_view text, const std::string& where) {
  try {
    return json::parse(text, nullptr, true, true);
  } catch (const json::parse_error& error) {
    const size_t end = std::min<size_t>(error.byte > 0 ? error.byte - 1 : 0, text.size());
    const auto line = 1 + std::count(text.begin(), text.begin() + end, '\n');
    const size_t newline = text.substr(0, end).rfind('\n');
    const size_t column = end - (newline == std::string_view::npos ? 0 : newline + 1) + 1;
    // The library's text after its own "[id] parse error at line N, column N: ".
    std::string why = error.what();
    if (const size_t colon = why.find(": "); colon != std::string::npos)
      why = why.substr(colon + 2);
    return fail("{}:{}:{}: is not JSON: {}", where, line, column, why);
  }
}

Expected<json> read_json(const std::string& path) {
  auto text = read_text(path);
  if (!text) return tl::unexpected(text.error());
  return parse_json(*text, path);
}

Expected<void> check_schema(const json& value, const json& schema, const std::string& where) {
  auto ok = Checker().check(value, schema, "", 0);
  if (ok) return {};
  const Violation& violation = ok.error();
  if (violation.at.empty()) return fail("{}: {}", where, violation.text);
  return fail("{}: {}: {}", where, violation.at, violation.text);
}

}  // namespace weft
