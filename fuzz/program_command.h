// A generated program for engines that are run as they are: a module that imports nothing and ends
// with exit code 0 if all that can be observed in it (results, globals, tables, memories) is what
// weft's reference says, and by a trap if not. Knows no engine but the reference.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "reference/base/files.h"

namespace weft::fuzz {

// Empty: a call of this program traps, so it has no end to compare. As program_generator.h; without
// shared memories, waits, host functions and `deep`.
// Plain: WebAssembly 2.0, tail calls and atomic instructions only; else also several memories,
// 64-bit ones and extended constant expressions.
std::optional<Bytes> generate_command(std::span<const uint8_t> input, bool plain = false);

// Bytes to generate with, the same for the same seed and number everywhere.
Bytes random_input(uint64_t seed, uint64_t number);

}  // namespace weft::fuzz
