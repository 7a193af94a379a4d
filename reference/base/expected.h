// How errors travel between rooms: as values that say what went wrong and where.
// Knows nothing of WebAssembly; every room may include it.
#pragma once

#include <fmt/core.h>

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace weft {

// One clear message: what is wrong, where (file, offset, key), what was expected.
struct Error {
  std::string message;
};

template <typename T>
using Expected = tl::expected<T, Error>;

template <typename... Args>
tl::unexpected<Error> fail(fmt::format_string<Args...> format, Args&&... args) {
  return tl::unexpected<Error>(Error{fmt::format(format, std::forward<Args>(args)...)});
}

// The same error with the place put in front: `fail_in("suite/x.wat", e)`.
inline tl::unexpected<Error> fail_in(const std::string& where, const Error& error) {
  return tl::unexpected<Error>(Error{where + ": " + error.message});
}

}  // namespace weft
