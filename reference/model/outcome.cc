// The text form of outcomes, written and read.
#include "reference/model/outcome.h"

#include <charconv>

namespace weft::model {
namespace {

std::string_view next_word(std::string_view& text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return text = {};
  size_t end = text.find_first_of(" \t\r\n", begin);
  if (end == std::string_view::npos) end = text.size();
  const std::string_view word = text.substr(begin, end - begin);
  text.remove_prefix(end);
  return word;
}

unsigned bits_of(Type type) { return type == Type::i32 || type == Type::f32 ? 32 : 64; }

// False if it is no number of that many bits.
bool parse_number(std::string_view text, unsigned bits, uint64_t& value) {
  int base = 10;
  bool negative = false;
  if (text.starts_with("-")) {
    negative = true;
    text.remove_prefix(1);
  }
  if (text.starts_with("0x")) {
    base = 16;
    text.remove_prefix(2);
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return false;
  const uint64_t mask = bits == 64 ? ~uint64_t{0} : (uint64_t{1} << bits) - 1;
  if (value > (negative ? (mask >> 1) + 1 : mask)) return false;
  if (negative) value = -value & mask;
  return true;
}

}  // namespace

OutcomeLayout::OutcomeLayout(const Program& program)
    : threads(static_cast<unsigned>(program.threads.size())) {
  for (unsigned t = 0; t < program.threads.size(); ++t) {
    const std::vector<Register>& registers = program.threads[t].registers;
    for (uint32_t r = 0; r < registers.size(); ++r) {
      if (registers[r].hidden) continue;
      slots.push_back({static_cast<int>(t), r, bits_of(registers[r].type),
                       fmt::format("{}:{}", t, registers[r].name)});
    }
  }
  for (uint32_t i = 0; i < program.observe.size(); ++i) {
    slots.push_back({-1, i, bits_of(program.observe[i].shape.type),
                     fmt::format("[{}]", program.observe[i].name)});
  }
}

std::string to_text(const OutcomeLayout& layout, const Outcome& outcome) {
  std::string text;
  const auto add = [&](const std::string& part) {
    if (!text.empty()) text += ' ';
    text += part;
  };
  for (size_t i = 0; i < layout.slots.size(); ++i) {
    if (outcome.present >> i & 1) {
      add(fmt::format("{}={}", layout.slots[i].label, outcome.values[i]));
    }
  }
  for (const Ending ending : {Ending::waiting, Ending::trapped}) {
    for (size_t t = 0; t < outcome.endings.size(); ++t) {
      if (outcome.endings[t] != ending) continue;
      add(fmt::format("{}:{}", t, ending == Ending::waiting ? "waiting" : "trap"));
    }
  }
  return text;
}

Expected<Outcome> parse_outcome(const OutcomeLayout& layout, std::string_view text) {
  Outcome outcome;
  outcome.values.resize(layout.slots.size());
  outcome.endings.resize(layout.threads, Ending::finished);
  std::string_view rest = text;
  bool any = false;
  for (std::string_view word = next_word(rest); !word.empty(); word = next_word(rest)) {
    any = true;
    const size_t equals = word.find('=');
    if (equals == std::string_view::npos) {
      const size_t colon = word.find(':');
      uint64_t thread = 0;
      const std::string_view kind = colon == word.npos ? "" : word.substr(colon + 1);
      if (colon == word.npos || !parse_number(word.substr(0, colon), 32, thread) ||
          (kind != "waiting" && kind != "trap" && kind != "end")) {
        return fail(
            "outcome: `{}`: expected THREAD:REGISTER=VALUE, [LOCATION]=VALUE, "
            "THREAD:waiting, THREAD:trap or THREAD:end",
            word);
      }
      if (thread >= layout.threads) {
        return fail("outcome: `{}`: the test has threads 0 to {}", word, layout.threads - 1);
      }
      const Ending ending = kind == "end"    ? Ending::finished
                            : kind == "trap" ? Ending::trapped
                                             : Ending::waiting;
      if ((outcome.endings_named >> thread & 1) && outcome.endings[thread] != ending) {
        return fail("outcome: `{}` contradicts what was said of thread {} before", word, thread);
      }
      outcome.endings[thread] = ending;
      outcome.endings_named |= uint64_t{1} << thread;
      continue;
    }
    const std::string_view label = word.substr(0, equals);
    size_t slot = 0;
    while (slot < layout.slots.size() && layout.slots[slot].label != label) ++slot;
    if (slot == layout.slots.size()) {
      std::string known;
      for (const auto& s : layout.slots) known += (known.empty() ? "" : ", ") + s.label;
      return fail("outcome: `{}` names no register and no observed location; the test has {}",
                  label, known.empty() ? "none" : known);
    }
    uint64_t value = 0;
    if (!parse_number(word.substr(equals + 1), layout.slots[slot].bits, value)) {
      return fail("outcome: `{}`: expected a decimal or 0x number of {} bits after `=`", word,
                  layout.slots[slot].bits);
    }
    if ((outcome.present >> slot & 1) && outcome.values[slot] != value) {
      return fail("outcome: `{}` contradicts what was said of {} before", word, label);
    }
    outcome.values[slot] = value;
    outcome.present |= uint64_t{1} << slot;
  }
  if (!any) return fail("outcome: empty; expected for example `0:r0=0 1:r1=0`");
  return outcome;
}

bool matches(const Outcome& partial, const Outcome& complete) {
  for (size_t i = 0; i < partial.values.size(); ++i) {
    if (!(partial.present >> i & 1)) continue;
    if (!(complete.present >> i & 1) || partial.values[i] != complete.values[i]) return false;
  }
  for (size_t t = 0; t < partial.endings.size(); ++t) {
    if ((partial.endings_named >> t & 1) && partial.endings[t] != complete.endings[t]) return false;
  }
  return true;
}

}  // namespace weft::model
