#include "suite/litmus/wat_reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <sstream>

#include "reference/module/decode.h"
#include "reference/module/validate.h"
#include "suite/litmus/wat_function.h"

namespace weft::suite::litmus {

using nlohmann::json;

namespace {

// Where a string stands in the file, and so many bytes further; line 0: nowhere.
Place place_of(std::string_view source, const std::string& what, size_t further) {
  const size_t at = source.find(what);
  if (at == std::string_view::npos) return {0, 0};
  const std::string_view before = source.substr(0, at);
  const size_t begin = before.rfind('\n') + 1;  // npos + 1 is 0
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  return {static_cast<unsigned>(line), static_cast<unsigned>(at - begin + 1 + further)};
}

// The place in the file's header that a place in a text made from the header came from. A line of
// the text is `KEY WORDS`: the words are a string of the header; of `locate` the key is shown.
Place header_place(const std::string& text, const Place& place, std::string_view source) {
  std::istringstream lines(text);
  std::string words;
  for (unsigned i = 0; i < place.line; ++i) std::getline(lines, words);
  if (words.starts_with("locate")) return place_of(source, "\"locate\"", 0);
  const size_t key = words.find(' ') + 1;
  const size_t further = place.column > key ? place.column - key : 1;
  return place_of(source, json(words.substr(key)).dump(), further);
}

std::string file_place(const std::string& file, const Place& place) {
  return place.line ? fmt::format("{}:{}:{}", file, place.line, place.column) : file;
}

// The error of a text that was made from the header, at its place there. The text was read without
// a file's name, so that the message begins with `:LINE:COLUMN: `.
Error at_header(const Error& error, const std::string& text, const std::string& file,
                std::string_view source) {
  Place place;
  int behind = 0;
  std::sscanf(error.message.c_str(), ":%u:%u: %n", &place.line, &place.column, &behind);
  if (!behind) return Error{file + ": header key \"litmus\": " + error.message};
  return Error{file_place(file, header_place(text, place, source)) + ": " +
               error.message.substr(static_cast<size_t>(behind))};
}

}  // namespace

Expected<FromWat> read_wat(std::span<const uint8_t> wasm, const json& litmus,
                           const std::string& name, const std::string& file,
                           std::string_view source) {
  auto decoded = module::decode(Bytes(wasm.begin(), wasm.end()));
  if (!decoded) return fail("{}: {}", file, decoded.error().message);
  if (auto error = module::validate(*decoded)) return fail("{}: {}", file, error->message);
  const module::Module& m = *decoded;
  if (m.memories.size() != 1 || !m.memories[0].limits.shared) {
    return fail("{}: expected one shared memory", file);
  }
  // The lines of the header are read by the text reader, so that both forms mean the same: a text
  // with empty threads gives locations, initial values and observations.
  std::string text = "litmus " + name + "\n";
  if (!litmus.is_object()) return fail("{}: header key \"litmus\": expected an object", file);
  for (const auto& [key, value] : litmus.items()) {
    static constexpr std::string_view kKeys[] = {"locate", "init", "observe", "allow", "forbid"};
    if (std::find(std::begin(kKeys), std::end(kKeys), key) == std::end(kKeys)) {
      return fail(
          "{}: header key \"litmus\": \"{}\" is unknown: expected locate, init, observe, "
          "allow, forbid",
          file_place(file, place_of(source, json(key).dump(), 0)), key);
    }
  }
  const json locate = litmus.value("locate", json::object());
  if (!locate.is_object()) return fail("{}: header key \"locate\": expected an object", file);
  if (!locate.empty()) {
    text += "locate";
    for (const auto& [key, value] : locate.items()) {
      if (!value.is_number_unsigned()) {
        return fail("{}: header key \"locate\": {} must be an address", file, key);
      }
      text += fmt::format(" {}={}", key, value.get<uint64_t>());
    }
    text += "\n";
  }
  const auto lines = [&](const char* key, std::string& to) -> Expected<void> {
    const json list = litmus.value(key, json::array());
    if (!list.is_array()) return fail("{}: header key \"{}\": expected an array", file, key);
    for (const json& item : list) {
      if (!item.is_string()) return fail("{}: header key \"{}\": expected strings", file, key);
      to += fmt::format("{} {}\n", key, item.get<std::string>());
    }
    return {};
  };
  std::string after;
  for (const char* key : {"init", "observe", "allow", "forbid"}) {
    const bool before = std::string_view(key) == "init";
    if (auto ok = lines(key, before ? text : after); !ok) return tl::unexpected(ok.error());
  }
  FromWat out;
  {
    // First without expectations: registers are known only after the functions have been read.
    auto frame = read_litmus(text + "thread 0\n", "");
    if (!frame) return tl::unexpected(at_header(frame.error(), text, file, source));
    out.test = std::move(frame->front());
  }
  LitmusTest& test = out.test;
  test.file = file;
  test.threads.clear();
  const module::Limits& limits = m.memories[0].limits;
  test.min_pages = static_cast<uint32_t>(limits.min);
  test.max_pages = static_cast<uint32_t>(*limits.max);
  test.explicit_memory = test.min_pages != 1 || test.max_pages != 1;
  for (const module::DataSegment& segment : m.data) {
    test.data.append(m.binary.begin() + segment.begin, m.binary.begin() + segment.end);
  }
  for (unsigned t = 0;; ++t) {
    const std::string export_name = fmt::format("thread{}", t);
    const auto found = std::find_if(m.exports.begin(), m.exports.end(), [&](const auto& e) {
      return e.name == export_name && e.kind == module::ExternKind::kFunc;
    });
    if (found == m.exports.end()) {
      if (t == 0) return fail("{}: exports no function thread0", file);
      break;
    }
    if (found->index < m.imported_functions) return fail("{}: {} is imported", file, export_name);
    auto thread =
        FunctionReader(test, m, m.functions[found->index - m.imported_functions], export_name)
            .run();
    if (!thread) return tl::unexpected(thread.error());
    test.threads.push_back(std::move(*thread));
  }
  out.lost.push_back("names of registers: they are r0, r1, ... in the order of first assignment");
  if (!after.empty()) {
    // Now with the threads, printed: observations and expectations are checked against them.
    const std::string printed = print_litmus(test) + after;
    auto whole = read_litmus(printed, "");
    if (!whole) return tl::unexpected(at_header(whole.error(), printed, file, source));
    test.observes = std::move(whole->front().observes);
    test.expectations = std::move(whole->front().expectations);
    for (Expectation& e : test.expectations) e.place = header_place(printed, e.place, source);
  }
  return out;
}

}  // namespace weft::suite::litmus
