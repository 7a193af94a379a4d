#include <cstdlib>
#include <filesystem>

#include "cli/command.h"
#include "reference/base/files.h"

namespace weft::cli {

std::string home_folder() {
  namespace fs = std::filesystem;
  if (const char* home = std::getenv("WEFT_HOME")) return home;
  std::error_code ec;
  for (const fs::path& at : folders_above_binary()) {
    if (fs::exists(at / "runners/runtimes", ec) && fs::exists(at / "suite", ec)) return at;
    if (fs::exists(at / "share/weft/suite", ec)) return at / "share/weft";
  }
  return ".";
}

}  // namespace weft::cli
