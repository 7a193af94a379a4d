#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "cli/command.h"

namespace weft::cli {

std::string home_folder() {
  namespace fs = std::filesystem;
  if (const char* home = std::getenv("WEFT_HOME")) return home;
  std::error_code ec;
  const fs::path binary = fs::read_symlink("/proc/self/exe", ec);
  for (fs::path at = binary.parent_path(); !at.empty() && at != at.root_path();
       at = at.parent_path()) {
    if (fs::exists(at / "runners/runtimes", ec) && fs::exists(at / "suite", ec)) return at;
    if (fs::exists(at / "share/weft/suite", ec)) return at / "share/weft";
  }
  return ".";
}

}  // namespace weft::cli
