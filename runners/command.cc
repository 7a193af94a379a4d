#include "runners/command.h"

#include <filesystem>

namespace weft::runners {

std::string expand(const std::string& text, const std::map<std::string, std::string>& values) {
  std::string out;
  size_t at = 0;
  while (at < text.size()) {
    const size_t open = text.find('{', at);
    const size_t close = open == std::string::npos ? open : text.find('}', open);
    if (close == std::string::npos) break;
    const auto value = values.find(text.substr(open + 1, close - open - 1));
    if (value == values.end()) {  // not ours: this brace stays
      out += text.substr(at, open + 1 - at);
      at = open + 1;
    } else {
      out += text.substr(at, open - at) + value->second;
      at = close + 1;
    }
  }
  return at < text.size() ? out + text.substr(at) : out;
}

std::vector<std::string> expand_command(const Described& runtime, const CommandValues& values) {
  std::map<std::string, std::string> text = values.text;
  text.insert(runtime.set.begin(), runtime.set.end());
  text["here"] = std::filesystem::absolute(runtime.path).parent_path().string();
  std::vector<std::string> argv;
  for (const nlohmann::json& item : runtime.descriptor["run"]) {
    if (item.is_object()) {
      std::vector<std::map<std::string, std::string>> rounds;
      if (item["each"] == "env") {
        for (const auto& [key, value] : values.env) {
          rounds.push_back({{"key", key}, {"value", value}});
        }
      } else {
        for (const suite::Directory& dir : values.dirs) {
          rounds.push_back({{"host", dir.host}, {"guest", dir.guest}});
        }
      }
      for (auto& round : rounds) {
        round.insert(text.begin(), text.end());
        for (const nlohmann::json& piece : item["as"]) argv.push_back(expand(piece, round));
      }
      continue;
    }
    const std::string piece = item;
    const std::vector<std::string>* many = piece == "{bin}"     ? &runtime.info.bin
                                           : piece == "{flags}" ? &runtime.info.flags
                                           : piece == "{args}"  ? &values.args
                                                                : nullptr;
    if (many) {
      argv.insert(argv.end(), many->begin(), many->end());
    } else {
      argv.push_back(expand(piece, text));
    }
  }
  return argv;
}

}  // namespace weft::runners
