// Report writers: each turns a stored run into one format, in one pass, and judges nothing.
#pragma once

#include <string>

#include "reference/base/expected.h"
#include "results/store.h"
#include "results/tally.h"
#include "suite/test/requirements.h"

namespace weft::results {

// JUnit XML: a test suite a runtime, a case a test. Text is capped at 64 KiB a case and has
// control characters removed (XML 1.0, production Char).
std::string junit(const Run& run, const Tally& tally);

// TAP version 14.
std::string tap(const Tally& tally);

// SARIF 2.1.0 with the requirement id as rule.
std::string sarif(const Run& run, const Tally& tally, const suite::Requirements& requirements);

// Markdown: counts, matrix, failures with their rows.
std::string markdown(const Run& run, const Tally& tally, const suite::Requirements& requirements);

// GitHub workflow annotations, at most ten.
std::string github(const Tally& tally);

// All final records and the header in one JSON document.
std::string whole_json(const Run& run, const Tally& tally);

// Text for XML and HTML: marks escaped, characters that XML cannot carry removed, cut after
// `limit` bytes at a character's border.
std::string xml_text(const std::string& text, size_t limit = 64 << 10);

}  // namespace weft::results
