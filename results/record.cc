#include "results/record.h"

#include <openssl/evp.h>

namespace weft::results {
namespace {

using nlohmann::json;

bool is_utf8(const std::string& text) {
  try {
    (void)json(text).dump();
    return true;
  } catch (const json::exception&) {
    return false;
  }
}

std::string base64(const std::string& text) {
  std::string out(4 * ((text.size() + 2) / 3) + 1, '\0');
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), int(text.size()));
  out.resize(length);
  return out;
}

}  // namespace

void put_text(json& object, const std::string& key, const std::string& text) {
  if (is_utf8(text)) {
    object[key] = text;
  } else {
    object[key + "_base64"] = base64(text);
  }
}

json to_json(const Record& r) {
  json out = {{"schema", "weft.result/1"},
              {"test", r.test},
              {"test_sha256", r.test_sha256},
              {"runtime", r.runtime},
              {"attempt", r.attempt},
              {"verdict", name_of(r.verdict)},
              {"requirements", r.requirements},
              {"rule", r.rule},
              {"expected", r.expected},
              {"observed", r.observed},
              {"provides", r.provides},
              {"argv", r.argv},
              {"env", r.env},
              {"seed", r.seed},
              {"seconds", r.seconds},
              {"host_load", r.host_load},
              {"reason", r.reason},
              {"repro", r.repro}};
  if (!r.final) out["final"] = false;
  if (r.host) out["host"] = true;
  if (r.not_run) out["not_run"] = true;
  if (!r.severity.empty()) out["severity"] = r.severity;
  if (!r.issue.empty()) out["issue"] = r.issue;
  if (!r.blamed.empty()) out["blamed"] = r.blamed;
  if (!r.histogram.is_null()) out["histogram"] = r.histogram;
  if (!r.evidence.is_null()) out["evidence"] = r.evidence;
  if (r.rate_runs) out["rate"] = {{"failed", r.rate_failed}, {"runs", r.rate_runs}};
  return out;
}

Expected<Record> read_record(const json& line, const std::string& where) {
  if (!line.is_object() || line.value("schema", json()) != "weft.result/1") {
    return fail("{}: expected a result, \"schema\": \"weft.result/1\"", where);
  }
  Record r;
  try {
    r.test = line.at("test");
    r.runtime = line.at("runtime");
    const std::string verdict = line.at("verdict");
    const auto known = verdict_of(verdict);
    if (!known) return fail("{}: verdict: \"{}\" is none", where, verdict);
    r.verdict = *known;
    r.test_sha256 = line.value("test_sha256", "");
    r.attempt = line.value("attempt", 1);
    r.final = line.value("final", true);
    r.requirements = line.value("requirements", std::vector<std::string>());
    r.blamed = line.value("blamed", std::vector<std::string>());
    r.rule = line.value("rule", "");
    r.expected = line.value("expected", json());
    r.observed = line.value("observed", json());
    r.provides = line.value("provides", json());
    r.argv = line.value("argv", std::vector<std::string>());
    r.env = line.value("env", json::object());
    r.seed = line.value("seed", uint64_t{0});
    r.seconds = line.value("seconds", 0.0);
    r.host_load = line.value("host_load", 0.0);
    r.histogram = line.value("histogram", json());
    r.evidence = line.value("evidence", json());
    r.severity = line.value("severity", "");
    r.reason = line.value("reason", "");
    r.issue = line.value("issue", "");
    r.host = line.value("host", false);
    r.not_run = line.value("not_run", false);
    r.repro = line.value("repro", "");
    const auto is = [&](const json& value, bool right) { return value.is_null() || right; };
    if (!is(r.observed, r.observed.is_object()) || !is(r.evidence, r.evidence.is_object()) ||
        !is(r.histogram, r.histogram.is_array())) {
      return fail("{}: not a result: observed and evidence are objects, histogram is a list",
                  where);
    }
    if (line.contains("rate")) {
      r.rate_failed = line["rate"].value("failed", 0);
      r.rate_runs = line["rate"].value("runs", 0);
    }
  } catch (const json::exception& error) {
    return fail("{}: not a result: {}", where, error.what());
  }
  return r;
}

}  // namespace weft::results
