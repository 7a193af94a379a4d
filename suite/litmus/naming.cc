#include "suite/litmus/naming.h"

#include <fmt/core.h>

#include "suite/litmus/lexer.h"

namespace weft::suite::litmus {

namespace {
constexpr uint64_t kMostAddress = 0xFFFFFFFF;
}

void Naming::begin(LitmusTest& test) {
  test_ = &test;
  registers_.clear();
  placed_.clear();
}

void Naming::complain(const Place& place, const std::string& what) {
  if (!error_) error_ = Error{fmt::format("{}:{}:{}: {}", file_, place.line, place.column, what)};
}

std::optional<uint32_t> Naming::find_location(const std::string& name) const {
  for (uint32_t i = 0; i < test_->locations.size(); ++i) {
    if (test_->locations[i].name == name) return i;
  }
  return std::nullopt;
}

std::optional<uint32_t> Naming::find_register(const std::string& name) const {
  const auto found = registers_.find(name);
  return found == registers_.end() ? std::nullopt : std::optional(found->second);
}

std::string Naming::known_names() const {
  std::string names;
  for (const Location& l : test_->locations) names += (names.empty() ? "" : ", ") + l.name;
  return names.empty() ? "none" : names;
}

bool Naming::place(const std::string& name, uint64_t address, const Place& place) {
  if (find_location(name)) {
    complain(place, fmt::format("location {} is placed twice", name));
    return false;
  }
  test_->locations.push_back({name, static_cast<uint32_t>(address)});
  placed_.insert(name);
  return true;
}

std::optional<Address> Naming::location(const std::string& text, const Place& place) {
  const size_t plus = text.find('+');
  const std::string name = text.substr(0, plus);
  if (!is_name(name)) {
    complain(place, fmt::format("`{}` is no location", text));
    return std::nullopt;
  }
  Address out;
  const auto found = find_location(name);
  if (found) {
    out.location = *found;
  } else if (find_register(name)) {
    complain(place, fmt::format("`{}` is a register: expected a location", name));
    return std::nullopt;
  } else if (!placed_.empty()) {
    complain(place, fmt::format("`{}` is no location of this test: `locate` places {}", name,
                                known_names()));
    return std::nullopt;
  } else {
    out.location = static_cast<uint32_t>(test_->locations.size());
    test_->locations.push_back({name, 0});
  }
  return with_offset(out, text, plus, place);
}

std::optional<Address> Naming::known_location(const std::string& text, const Place& place) {
  const size_t plus = text.find('+');
  const auto found = find_location(text.substr(0, plus));
  if (!found) {
    complain(place,
             fmt::format("`{}` is no location of this test: it has {}", text, known_names()));
    return std::nullopt;
  }
  Address out;
  out.location = *found;
  return with_offset(out, text, plus, place);
}

std::optional<Address> Naming::with_offset(Address out, const std::string& text, size_t plus,
                                           const Place& place) {
  if (plus == std::string::npos) return out;
  const std::string rest = text.substr(plus + 1);
  if (const auto offset = parse_unsigned(rest)) {
    const uint64_t start = test_->locations[out.location].address;
    if (*offset > kMostAddress - start) {
      complain(place, fmt::format("`{}` lies beyond the addresses of 32 bits", text));
      return std::nullopt;
    }
    out.offset = static_cast<uint32_t>(*offset);
  } else if (const auto reg = find_register(rest)) {
    out.reg = *reg;
  } else {
    complain(place, fmt::format("`{}`: expected LOCATION+NUMBER or LOCATION+REGISTER", text));
    return std::nullopt;
  }
  return out;
}

std::optional<uint32_t> Naming::assign(const std::string& name, char type, const Place& place) {
  auto& all = test_->threads.back().registers;
  if (const auto found = find_register(name); found && name != "_") {
    if (all[*found].type != type) {
      complain(place, fmt::format("register {} has another type above", name));
      return std::nullopt;
    }
    return found;
  }
  if (find_location(name)) {
    complain(place, fmt::format("`{}` is a location: expected a register", name));
    return std::nullopt;
  }
  registers_[name] = static_cast<uint32_t>(all.size());
  all.push_back({name, type});
  return registers_[name];
}

}  // namespace weft::suite::litmus
