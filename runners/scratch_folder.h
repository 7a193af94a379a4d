// A folder of our own below the temporary one, removed with everything in it at the end. Knows no
// case.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>

namespace weft::runners {

class ScratchFolder {
 public:
  // `name`: the start of the folder's name. `made()` is false where no folder could be made.
  explicit ScratchFolder(const std::string& name) {
    std::error_code ec;
    std::string path = (std::filesystem::temp_directory_path(ec) / (name + "-XXXXXX")).string();
    if (!ec && ::mkdtemp(path.data())) path_ = path;
  }
  ~ScratchFolder() {
    std::error_code ec;
    if (made()) std::filesystem::remove_all(path_, ec);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  bool made() const { return !path_.empty(); }
  const std::string& path() const { return path_; }
  std::string operator/(const char* name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace weft::runners
