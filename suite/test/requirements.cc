#include "suite/test/requirements.h"

#include <nlohmann/json.hpp>

#include "reference/base/schema.h"

namespace weft::suite {
namespace {

using nlohmann::json;

const json& schema() {
  static const json kSchema = json::parse(R"({
    "type": "object", "required": ["schema", "requirements"],
    "properties": {
      "schema": { "enum": ["weft.requirements/1"] },
      "requirements": { "type": "array", "items": {
        "type": "object", "required": ["id", "area", "status", "sentence", "source", "testable"],
        "additionalProperties": false,
        "properties": {
          "id": { "type": "string", "pattern": "^[A-Z][A-Z0-9]*-[0-9]{3}$" },
          "area": { "type": "string" }, "status": { "type": "string" },
          "sentence": { "type": "string" }, "source": { "type": "string" },
          "ruling": { "type": "string" }, "observable": { "type": "string" },
          "testable": { "enum": ["yes", "no", "later"] }, "why": { "type": "string" } } } } } })");
  return kSchema;
}

}  // namespace

Expected<Requirements> Requirements::read(const std::string& path) {
  auto file = read_json(path);
  if (!file) return tl::unexpected(file.error());
  if (auto ok = check_schema(*file, schema(), path); !ok) return tl::unexpected(ok.error());
  Requirements out;
  for (const json& row : (*file)["requirements"]) {
    Requirement r;
    r.id = row["id"];
    r.area = row["area"];
    r.status = row["status"];
    r.sentence = row["sentence"];
    r.source = row["source"];
    r.ruling = row.value("ruling", "");
    r.observable = row.value("observable", "");
    r.testable = row["testable"];
    r.why = row.value("why", "");
    if (r.testable != "yes" && r.why.empty()) {
      return fail("{}: {}: testable is \"{}\": expected \"why\"", path, r.id, r.testable);
    }
    if (!out.by_id_.emplace(r.id, out.rows_.size()).second) {
      return fail("{}: {} occurs twice", path, r.id);
    }
    out.rows_.push_back(std::move(r));
  }
  return out;
}

const Requirement* Requirements::find(const std::string& id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &rows_[found->second];
}

}  // namespace weft::suite
