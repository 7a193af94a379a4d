#include "suite/litmus/wat_reader.h"

#include <fmt/core.h>

#include <algorithm>

#include "reference/module/decode.h"
#include "reference/module/validate.h"
#include "suite/litmus/wat_function.h"

namespace weft::suite::litmus {

using nlohmann::json;

Expected<FromWat> read_wat(std::span<const uint8_t> wasm, const json& litmus,
                           const std::string& name, const std::string& file) {
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
    auto frame = read_litmus(text + "thread 0\n", file);
    if (!frame) return tl::unexpected(frame.error());
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
    auto whole = read_litmus(print_litmus(test) + after, file);
    if (!whole) return tl::unexpected(whole.error());
    test.observes = std::move(whole->front().observes);
    test.expectations = std::move(whole->front().expectations);
  }
  return out;
}

}  // namespace weft::suite::litmus
