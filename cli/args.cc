#include "cli/args.h"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdlib>

namespace weft::cli {

struct Args::Impl {
  Impl(const std::string& name, const std::string& about) : app(about, name) {}
  CLI::App app;
};

Args::Args(std::string name, std::string about) : impl_(std::make_unique<Impl>(name, about)) {
  impl_->app.get_formatter()->column_width(34);
  impl_->app.option_defaults()->always_capture_default(false);
}
Args::~Args() = default;

void Args::flag(const std::string& names, bool& target, const std::string& help) {
  impl_->app.add_flag(names, target, help);
}
void Args::option(const std::string& names, std::string& target, const std::string& help) {
  impl_->app.add_option(names, target, help);
}
void Args::option(const std::string& names, std::optional<std::string>& target,
                  const std::string& help) {
  impl_->app.add_option(names, target, help);
}
void Args::option(const std::string& names, int& target, const std::string& help) {
  impl_->app.add_option(names, target, help);
}
void Args::option(const std::string& names, double& target, const std::string& help) {
  impl_->app.add_option(names, target, help);
}
void Args::option(const std::string& names, uint64_t& target, const std::string& help) {
  // CLI11 takes the largest number for one that is larger.
  impl_->app.add_option(names, target, help)->check([](const std::string& text) {
    errno = 0;
    (void)std::strtoull(text.c_str(), nullptr, 0);
    return errno == ERANGE ? text + ": is too large" : std::string();
  });
}
void Args::option(const std::string& names, std::vector<std::string>& target,
                  const std::string& help) {
  // One value an occurrence, so that a positional may follow.
  impl_->app.add_option(names, target, help)->take_all()->expected(1)->allow_extra_args(false);
}
void Args::choice(const std::string& names, std::string& target,
                  const std::vector<std::string>& values, const std::string& help) {
  impl_->app.add_option(names, target, help)->check(CLI::IsMember(values));
}
void Args::positional(const std::string& name, std::string& target, const std::string& help,
                      bool required) {
  impl_->app.add_option(name, target, help)->required(required);
}
void Args::positionals(const std::string& name, std::vector<std::string>& target,
                       const std::string& help, bool required) {
  impl_->app.add_option(name, target, help)->required(required);
}
void Args::stop_at_positional() { impl_->app.positionals_at_end(true); }
void Args::footer(const std::string& text) { impl_->app.footer(text); }

std::optional<int> Args::parse(const std::vector<std::string>& args) {
  std::vector<std::string> reversed(args.rbegin(), args.rend());
  try {
    impl_->app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", impl_->app.help());
    return 0;
  } catch (const CLI::Error& error) {
    fmt::print(stderr, "weft: {}\nweft: see `{} --help`\n", error.what(), impl_->app.get_name());
    return 2;
  }
  return std::nullopt;
}

}  // namespace weft::cli
