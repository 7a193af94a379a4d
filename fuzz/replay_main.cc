// Runs a fuzz target over files and folders that are given, without libFuzzer: for g++ and for
// ctest. Exit 2 when there was nothing to run.
#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "reference/base/files.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  std::vector<std::string> files;
  for (int i = 1; i < argc; ++i) {
    std::error_code error;
    if (!fs::is_directory(argv[i], error)) {
      files.push_back(argv[i]);
      continue;
    }
    for (const auto& entry : fs::recursive_directory_iterator(argv[i])) {
      if (entry.is_regular_file()) files.push_back(entry.path().string());
    }
  }
  std::sort(files.begin(), files.end());
  for (const std::string& file : files) {
    auto bytes = weft::read_bytes(file);
    if (!bytes) {
      fmt::print(stderr, "weft: {}\n", bytes.error().message);
      return 2;
    }
    fmt::print("{}\n", file);
    std::fflush(stdout);
    LLVMFuzzerTestOneInput(bytes->data(), bytes->size());
  }
  fmt::print("{} inputs replayed\n", files.size());
  return files.empty() ? 2 : 0;
}
