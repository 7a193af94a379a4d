// Command-line arguments of one subcommand, a thin coat over CLI11 so that it is compiled once.
// Knows no command.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weft::cli {

class Args {
 public:
  // `name` is what the user typed, e.g. "weft run"; `about` the first line of --help.
  Args(std::string name, std::string about);
  ~Args();

  void flag(const std::string& names, bool& target, const std::string& help);
  void option(const std::string& names, std::string& target, const std::string& help);
  void option(const std::string& names, std::optional<std::string>& target,
              const std::string& help);
  void option(const std::string& names, int& target, const std::string& help);
  void option(const std::string& names, double& target, const std::string& help);
  void option(const std::string& names, uint64_t& target, const std::string& help);
  void option(const std::string& names, std::vector<std::string>& target, const std::string& help);
  // One of `values`; anything else is an error that lists them.
  void choice(const std::string& names, std::string& target, const std::vector<std::string>& values,
              const std::string& help);
  void positional(const std::string& name, std::string& target, const std::string& help,
                  bool required = true);
  void positionals(const std::string& name, std::vector<std::string>& target,
                   const std::string& help, bool required = false);
  // Everything after the last positional, options included, goes to the guest (weft exec).
  void stop_at_positional();
  void footer(const std::string& text);

  // Arguments without program and command name. Empty: go on. Otherwise the exit code: 0 after
  // --help, 2 after an error, which has been printed to standard error.
  std::optional<int> parse(const std::vector<std::string>& args);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace weft::cli
