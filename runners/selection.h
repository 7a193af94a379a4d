// Which runtimes there are (the search order of descriptors) and which of them a user means.
// Knows descriptors, runs nothing.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "runners/descriptor.h"

namespace weft::runners {

// Where descriptors are looked for, in this order: `--descriptors DIR` (if not empty), the user's
// ${XDG_CONFIG_HOME:-~/.config}/weft/runtimes (if there), HOME/runners/runtimes (built in).
std::vector<std::string> descriptor_folders(const std::string& descriptors,
                                            const std::string& home);
std::string user_descriptor_folder();

// All runtimes of all folders; a family that an earlier folder describes hides a later one.
Expected<std::vector<Described>> read_fleet(const std::vector<std::string>& folders);

// The runtimes that `selectors` mean, each once, in the order of the selectors, then of the fleet:
//   a runtime's exact name; otherwise a family or FAMILY-VERSION (everything below it); a glob
//   (`wasmtime*`, `node-2?:*`); a path that ends in .json (everything that file describes).
// No selector: the default runtimes. A selector that means nothing is an error that lists names.
Expected<std::vector<Described>> select(std::span<const Described> fleet,
                                        const std::vector<std::string>& selectors);

// `*` any characters, `?` one, `[abc]` one of; the whole text must match.
bool glob_matches(const std::string& glob, const std::string& text);

}  // namespace weft::runners
