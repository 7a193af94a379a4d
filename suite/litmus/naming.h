// The names of a litmus text while it is read: locations of the test, registers of the present
// thread, and the first error with its place. Shared by the readers of lines and of threads; knows
// no instruction.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "suite/litmus/ast.h"

namespace weft::suite::litmus {

class Naming {
 public:
  explicit Naming(const std::string& file) : file_(file) {}

  // A new test: no location, no register, nothing placed.
  void begin(LitmusTest& test);
  void begin_thread() { registers_.clear(); }

  // Keeps the first complaint only: `file:line:column: what`.
  void complain(const Place& place, const std::string& what);
  const std::optional<Error>& error() const { return error_; }

  std::optional<uint32_t> find_location(const std::string& name) const;
  std::optional<uint32_t> find_register(const std::string& name) const;
  // `locate NAME=ADDRESS`: false after a complaint.
  bool place(const std::string& name, uint64_t address, const Place& place);
  bool placed(const std::string& name) const { return placed_.count(name) != 0; }

  // NAME, NAME+2, NAME+REGISTER. `location` makes a location that is not known yet, unless the test
  // places its locations; `known_location` makes none. Nothing: after a complaint.
  std::optional<Address> location(const std::string& text, const Place& place);
  std::optional<Address> known_location(const std::string& text, const Place& place);

  // The register of the present thread that gets a value of this type: the one of that name, or a
  // new one. Nothing: after a complaint.
  std::optional<uint32_t> assign(const std::string& name, char type, const Place& place);

 private:
  std::optional<Address> with_offset(Address out, const std::string& text, size_t plus,
                                     const Place& place);
  std::string known_names() const;

  const std::string& file_;
  LitmusTest* test_ = nullptr;
  std::optional<Error> error_;
  std::map<std::string, uint32_t> registers_;
  std::set<std::string> placed_;
};

}  // namespace weft::suite::litmus
