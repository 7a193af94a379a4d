#include "runners/selection.h"

#include <fnmatch.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>

namespace weft::runners {
namespace {

namespace fs = std::filesystem;

bool is_path(const std::string& selector) {
  return selector.size() > 5 && selector.ends_with(".json");
}

// The part of a name before the configuration.
std::string without_config(const RuntimeInfo& info) {
  return info.name.substr(0, info.name.find(':'));
}

bool selects(const std::string& selector, const RuntimeInfo& info) {
  if (selector.find_first_of("*?[") != std::string::npos) {
    return glob_matches(selector, info.name);
  }
  return info.family == selector || without_config(info) == selector ||
         (!info.version_name.empty() && info.family + "-" + info.version_name == selector);
}

}  // namespace

bool glob_matches(const std::string& glob, const std::string& text) {
  return ::fnmatch(glob.c_str(), text.c_str(), 0) == 0;
}

std::string user_descriptor_folder() {
  if (const char* config = std::getenv("XDG_CONFIG_HOME"); config && *config) {
    return std::string(config) + "/weft/runtimes";
  }
  const char* home = std::getenv("HOME");
  return home && *home ? std::string(home) + "/.config/weft/runtimes" : "";
}

std::vector<std::string> descriptor_folders(const std::string& descriptors,
                                            const std::string& home) {
  std::vector<std::string> folders;
  if (!descriptors.empty()) folders.push_back(descriptors);
  std::error_code ec;
  const std::string user = user_descriptor_folder();
  if (!user.empty() && fs::is_directory(user, ec)) folders.push_back(user);
  folders.push_back(home + "/runners/runtimes");
  return folders;
}

Expected<std::vector<Described>> read_fleet(const std::vector<std::string>& folders) {
  std::vector<Described> fleet;
  std::set<std::string> families;
  for (const std::string& folder : folders) {
    auto some = read_descriptors(folder);
    if (!some) return tl::unexpected(some.error());
    std::set<std::string> here;
    for (Described& one : *some) {
      if (families.count(one.info.family)) continue;
      here.insert(one.info.family);
      fleet.push_back(std::move(one));
    }
    families.merge(here);
  }
  return fleet;
}

Expected<std::vector<Described>> select(std::span<const Described> fleet,
                                        const std::vector<std::string>& selectors) {
  std::vector<Described> chosen;
  std::set<std::string> names;
  const auto choose = [&](const Described& one) {
    if (names.insert(one.info.name).second) chosen.push_back(one);
  };
  if (selectors.empty()) {
    for (const Described& one : fleet) {
      if (one.info.is_default) choose(one);
    }
    return chosen;
  }
  for (const std::string& selector : selectors) {
    if (is_path(selector)) {
      auto some = read_descriptor(selector);
      if (!some) return tl::unexpected(some.error());
      for (const Described& one : *some) choose(one);
      continue;
    }
    const auto exact = std::find_if(fleet.begin(), fleet.end(), [&](const Described& one) {
      return one.info.name == selector;
    });
    if (exact != fleet.end()) {
      choose(*exact);
      continue;
    }
    bool any = false;
    for (const Described& one : fleet) {
      if (!selects(selector, one.info)) continue;
      choose(one);
      any = true;
    }
    if (any) continue;
    std::string known;
    for (const Described& one : fleet) {
      if (one.info.config.empty() || one.info.is_default) {
        known += (known.empty() ? "" : ", ") + one.info.name;
      }
    }
    return fail(
        "'{}': no such runtime; expected a name, a family, a glob or the path of a descriptor "
        "(.json); known: {} (`weft runtimes` lists all)",
        selector, known);
  }
  return chosen;
}

}  // namespace weft::runners
