// What the path_* functions share: the directory and the path among the arguments. Opens nothing.
#pragma once

#include "reference/wasi/beneath.h"
#include "reference/wasi/call.h"

namespace weft::wasi {

Beneath beneath(Call& call, const Descriptor& directory);

// The directory at argument fd_at (badf, notdir, notcapable) and the path at path_at.
Errno directory_and_path(Call& call, size_t fd_at, size_t path_at, uint64_t rights,
                         std::shared_ptr<Descriptor>& directory, std::string& path);

}  // namespace weft::wasi
