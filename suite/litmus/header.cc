#include "suite/litmus/header.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

namespace weft::suite::litmus {

using nlohmann::json;

Expected<Header> header_of(const LitmusTest& test, const std::string& id) {
  const std::string where = place_text(test);
  json header = json::object();
  if (!test.header.empty()) {
    header = json::parse(test.header, nullptr, false);
    if (!header.is_object()) {
      return fail("{}: header: the `;;!` lines before it are not a JSON object", where);
    }
  }
  const auto contradicts = [&](const char* key, const json& right) {
    return header.contains(key) && header[key] != right;
  };
  if (contradicts("kind", "litmus")) {
    return fail("{}: header: kind {} contradicts the litmus test: expected \"litmus\"", where,
                header["kind"].dump());
  }
  if (contradicts("expect", "model")) {
    return fail(
        "{}: header: expect {} contradicts the litmus test: expected \"model\"; `allow` and "
        "`forbid` lines say what is expected",
        where, header["expect"].dump());
  }
  if (header.contains("litmus")) {
    return fail("{}: header: litmus: the lines of the text say it", where);
  }
  if (header.contains("id")) {
    const std::string given = header["id"].is_string() ? header["id"].get<std::string>() : "";
    if (given != id && given != test.name && !given.ends_with("/" + test.name)) {
      return fail("{}: header: id {} contradicts the name {}", where, header["id"].dump(),
                  test.name);
    }
  }
  header["id"] = id;
  header["kind"] = "litmus";
  header["expect"] = "model";
  if (!header.contains("requirements")) header["requirements"] = {"MM-005"};
  if (!header.contains("story")) header["story"] = "Litmus test " + test.name + ".";
  if (!header.contains("timeout")) header["timeout"] = 30;
  return parse_header(";;! " + header.dump() + "\n", where);
}

}  // namespace weft::suite::litmus
