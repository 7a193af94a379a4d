// Installation of an engine: fetched or built in a folder aside, tried, renamed, under a lock.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "runners/descriptor.h"
#include "runners/package.h"
#include "runners/process.h"

namespace weft::runners {
namespace {

namespace fs = std::filesystem;

// One installer of one engine at a time, also between processes.
class Lock {
 public:
  explicit Lock(const std::string& path)
      : fd_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
    if (fd_ >= 0) ::flock(fd_, LOCK_EX);
  }
  ~Lock() {
    if (fd_ >= 0) ::close(fd_);
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  bool held() const { return fd_ >= 0; }

 private:
  int fd_;
};

Expected<void> step(const std::string& what, std::vector<std::string> argv,
                    const std::string& needs) {
  ProcessSpec spec;
  spec.argv = std::move(argv);
  spec.timeout = 900;
  auto result = run_process(spec);
  if (!result) return fail("{}; {}", result.error().message, needs);
  if (result->end == ProcessEnd::kExit && result->code == 0) return {};
  std::string tail = result->err.empty() ? result->out : result->err;
  if (tail.size() > 400) tail = "..." + tail.substr(tail.size() - 400);
  return fail("{} failed: {}", what, tail);
}

// Builds `package.build` against the unpacked package and installs it into `aside`.
Expected<void> build(const Package& package, const std::string& aside) {
  const std::string tree = aside + "/.build";
  const std::string needs = "building it needs the Debian packages cmake, ninja-build and gcc";
  if (auto ok = step(
          "cmake",
          {"cmake", "-S", package.build, "-B", tree, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
           "-DPACKAGE_DIR=" + aside + "/crate", "-DCMAKE_INSTALL_PREFIX=" + aside},
          needs);
      !ok) {
    return ok;
  }
  const unsigned jobs = std::max(1u, std::thread::hardware_concurrency());
  if (auto ok =
          step("cmake --build", {"cmake", "--build", tree, "-j", std::to_string(jobs)}, needs);
      !ok) {
    return ok;
  }
  if (auto ok = step("cmake --install", {"cmake", "--install", tree}, needs); !ok) return ok;
  std::error_code ec;
  fs::remove_all(tree, ec);
  fs::remove_all(aside + "/crate", ec);
  return {};
}

}  // namespace

Expected<void> install(Described& runtime) {
  locate(runtime);
  const std::string& name = runtime.info.name;
  if (runtime.info.found) return {};
  if (!runtime.version.contains("from")) return fail("{}: {}", name, runtime.info.how_to_get);
  auto package = package_of(runtime);
  if (!package) return tl::unexpected(package.error());
  std::error_code ec;
  fs::create_directories(engines_folder(), ec);
  if (ec) return fail("{}: {}: {}", name, engines_folder(), ec.message());
  const std::string target = engine_folder(runtime);
  const Lock lock(target + ".lock");
  if (!lock.held()) return fail("{}: {}.lock cannot be written", name, target);
  locate(runtime);  // another process may have been faster
  if (runtime.info.found) return {};

  const std::string aside = target + ".new";
  fs::remove_all(aside, ec);
  fs::create_directories(aside, ec);
  // "; or set NODE to its binary", where that is a way out.
  const std::string& how = runtime.info.how_to_get;
  const std::string hint =
      how.find("; or set ") == std::string::npos ? "" : how.substr(how.find("; or set "));
  const auto give_up = [&](const Error& error) {
    std::error_code ignored;
    fs::remove_all(aside, ignored);
    return fail("{}: {}{}", name, error.message, hint);
  };
  if (auto ok = fetch_package(*package, aside); !ok) return give_up(ok.error());
  if (!package->build.empty()) {
    if (auto ok = build(*package, aside); !ok) return give_up(ok.error());
  }
  const fs::path binary = fs::path(aside) / package->file;
  if (!fs::is_regular_file(binary, ec)) {
    return give_up({fmt::format("{} holds no file '{}'", package->name, package->file)});
  }
  fs::permissions(binary, fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec,
                  fs::perm_options::add, ec);
  fs::remove_all(target, ec);  // of an installation that did not start
  fs::rename(aside, target, ec);
  if (ec) return give_up({fmt::format("{}: {}", target, ec.message())});
  locate(runtime);
  if (runtime.info.found) return {};
  return fail("{}: installed, but does not start: {}", name, runtime.info.how_to_get);
}

}  // namespace weft::runners
