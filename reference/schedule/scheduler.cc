#include "reference/schedule/scheduler.h"

#include <charconv>
#include <optional>
#include <string>

#include "reference/base/files.h"

namespace weft::schedule {
namespace {

std::optional<uint64_t> number(std::string_view text) {
  uint64_t value = 0;
  const bool hex = text.starts_with("0x");
  if (hex) text.remove_prefix(2);
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

Expected<std::unique_ptr<Scheduler>> make_scheduler(std::string_view text) {
  const size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  const std::string_view rest =
      colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  if (text == "round-robin") return make_round_robin(0);
  if (name == "random") {
    if (const auto seed = number(rest)) return make_random(*seed);
  }
  if (name == "pct") {
    const size_t second = rest.find(':');
    if (second != std::string_view::npos) {
      const auto depth = number(rest.substr(0, second)), seed = number(rest.substr(second + 1));
      if (depth && seed && *depth >= 1 && *depth <= 1000) {
        return make_pct(static_cast<uint32_t>(*depth), *seed);
      }
    }
  }
  if (name == "replay" && !rest.empty()) {
    std::string token(rest);
    if (rest[0] == '@') {  // a long one, in a file
      auto content = read_text(std::string(rest.substr(1)));
      if (!content) return tl::unexpected<Error>(content.error());
      token = *content;
      while (!token.empty() && token.back() == '\n') token.pop_back();
    }
    auto reader = TokenReader::make(token);
    if (!reader) return tl::unexpected<Error>(reader.error());
    return make_replay(*std::move(reader));
  }
  return fail(
      "schedule {}: expected round-robin, random:SEED, pct:DEPTH:SEED (depth 1 to 1000), "
      "replay:TOKEN or replay:@FILE",
      text);
}

}  // namespace weft::schedule
