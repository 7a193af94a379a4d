// weft list requirements: what covers each row, or why nothing does.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "cli/command.h"

namespace weft::cli {
namespace {

nlohmann::json requirements() {
  ::setenv("WEFT_HOME", WEFT_SOURCE_DIR, 1);
  testing::internal::CaptureStdout();
  const int code = cmd_list({"requirements", "--json", "-"});
  std::fflush(stdout);
  const std::string out = testing::internal::GetCapturedStdout();
  EXPECT_EQ(code, 0);
  return nlohmann::json::parse(out);
}

// Fault: a row of the catalogue that no header names loses its "why".
TEST(ListRequirements, EveryRowHasATestOrAReason) {
  for (const auto& row : requirements()) {
    EXPECT_TRUE(!row["tests"].empty() || !row.value("why", "").empty()) << row["id"];
  }
}

// Fault: the headers of suite/script are not read.
TEST(ListRequirements, ScriptsCoverRows) {
  for (const auto& row : requirements()) {
    if (row["id"] != "MEM-020") continue;
    EXPECT_EQ(row["tests"], nlohmann::json::array({"script/linking"}));
    return;
  }
  FAIL() << "no row MEM-020";
}

}  // namespace
}  // namespace weft::cli
