#include "results/prepare.h"

#include "results/explored.h"

namespace weft::results {

PreparedSuite prepare(const std::vector<suite::Test>& tests,
                      const suite::Requirements& requirements) {
  PreparedSuite out;
  std::string all;
  for (const suite::Test& test : tests) {
    const suite::Header& header = test.header;
    for (const std::string& id : header.requirements) {
      if (requirements.find(id)) continue;
      out.errors.push_back(
          fmt::format("{}: header key \"requirements\": \"{}\" is not in suite/requirements.json "
                      "(`weft list requirements`)",
                      test.path, id));
    }
    auto expect = suite::read_expectation(header.expect, test.path + ": expect");
    if (!expect) {
      out.errors.push_back(expect.error().message);
      continue;
    }
    Prepared prepared;
    prepared.test = &test;
    prepared.expect = std::move(*expect);
    if (header.kind == suite::Kind::kLitmus) {
      auto litmus = LitmusCase::make(test);
      if (!litmus) {
        out.errors.push_back(litmus.error().message);
        continue;
      }
      prepared.litmus = std::move(*litmus);
      if (prepared.litmus->why_not().empty()) {
        auto wasm = prepared.litmus->module(0, LitmusEffort{}.milliseconds);
        if (!wasm) {
          out.errors.push_back(wasm.error().message);
          continue;
        }
        prepared.wasm = std::move(*wasm);
        prepared.sha256 = sha256_hex(prepared.wasm);
      }
    } else if (header.kind == suite::Kind::kScript && !test.portable_layout) {
      prepared.wasm.assign(test.source.begin(), test.source.end());
      prepared.sha256 = sha256_hex(prepared.wasm);
    } else if (not_built(test, prepared.expect).empty()) {
      auto wasm = suite::build(test);
      if (!wasm) {
        out.errors.push_back(wasm.error().message);
        continue;
      }
      prepared.wasm = std::move(*wasm);
      prepared.sha256 = sha256_hex(prepared.wasm);
      if (prepared.expect.form == suite::Expectation::Form::kExplore) {
        auto found = explored_outcomes(test, prepared.wasm);
        if (!found) {
          out.errors.push_back(found.error().message);
          continue;
        }
        prepared.expect.explored = std::move(*found);
      }
    }
    all += header.id + " " + prepared.sha256 + "\n";
    out.tests.push_back(std::move(prepared));
  }
  out.sha256 = sha256_hex(all);
  return out;
}

}  // namespace weft::results
