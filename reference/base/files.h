// Whole-file reading and atomic writing (aside, then renamed), and where the program lies. Knows no
// formats.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "reference/base/expected.h"

namespace weft {

using Bytes = std::vector<uint8_t>;

Expected<std::string> read_text(const std::string& path);
Expected<Bytes> read_bytes(const std::string& path);

// Written to a temporary name in the same folder and renamed: a reader sees the old file or the
// whole new one, never half of it. Creates missing folders.
Expected<void> write_file(const std::string& path, std::string_view data);
Expected<void> write_file(const std::string& path, std::span<const uint8_t> data);

// The folders that the running program lies in, the innermost first; without the root.
std::vector<std::filesystem::path> folders_above_binary();

// SHA-256 as 64 lower-case hexadecimal digits.
std::string sha256_hex(std::span<const uint8_t> data);
std::string sha256_hex(std::string_view data);

}  // namespace weft
