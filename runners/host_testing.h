// For tests of the JavaScript host: the engines that are here, and cases written as text.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "reference/module/assemble.h"
#include "runners/command.h"
#include "runners/descriptor.h"
#include "runners/host_runtime.h"

namespace weft::runners::testing {

// The system's node, and of the other families of kind `host` the version that is installed.
inline std::vector<Described> host_engines() {
  const std::string folder = std::string(WEFT_SOURCE_DIR) + "/runners/runtimes";
  std::vector<Described> found;
  Described system;
  system.info.name = "node of the system";
  system.info.kind = "host";
  system.info.bin = {"node"};
  system.info.found = std::system("node --version > /dev/null 2>&1") == 0;
  system.info.how_to_get = "install nodejs";
  system.descriptor = {{"run", {"{bin}", "{program}"}}};
  system.path = folder + "/node.json";
  std::vector<Described> all = {system};
  auto described = read_descriptors(folder);
  if (!described) ADD_FAILURE() << described.error().message;
  for (Described& one : *described) {
    if (one.info.kind != "host" || !one.info.config.empty() || one.info.family == "node") continue;
    locate(one);
    all.push_back(one);
  }
  for (const Described& one : all) {
    if (one.info.found) {
      found.push_back(one);
    } else {
      std::cout << one.info.name << " is not tested: not found (" << one.info.how_to_get << ")\n";
    }
  }
  return found;
}

// Runs `check` for every engine that is here, with its name in failures. Without any engine the
// test is skipped with that reason.
inline void for_every_described_engine(const std::function<void(const Described&)>& check) {
  const auto engines = host_engines();
  if (engines.empty()) GTEST_SKIP() << "no JavaScript engine is installed";
  for (const Described& engine : engines) {
    SCOPED_TRACE(engine.info.name);
    check(engine);
  }
}
// The same with our host program running in it.
inline void for_every_engine(const std::function<void(HostRuntime&)>& check) {
  for_every_described_engine([&](const Described& engine) {
    const auto runtime = make_host_runtime(engine);
    auto* host = dynamic_cast<HostRuntime*>(runtime.get());
    ASSERT_NE(host, nullptr);
    check(*host);
  });
}

// The command line that starts our host program in this engine.
inline std::vector<std::string> host_command(const Described& engine) {
  CommandValues values;
  values.text["program"] = std::string(WEFT_SOURCE_DIR) + "/runners/host/host.cjs";
  return expand_command(engine, values);
}

inline Bytes assembled(const std::string& text) {
  auto wasm = module::assemble(text, "case.wat");
  if (wasm) return *wasm;
  ADD_FAILURE() << wasm.error().message;
  return {};
}

// A case of a module whose imports are given: `body` is text after them.
inline Case case_of(const std::string& body, const std::string& memory = "1 1 shared") {
  const std::string text = R"((module
    (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (import "wasi_snapshot_preview1" "fd_write"
      (func $fd_write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_read"
      (func $fd_read (param i32 i32 i32 i32) (result i32)))
    (import "env" "memory" (memory )" +
                           memory +
                           R"()) (export "memory" (memory 0))
    ;; writes n bytes at p
    (func $print (param $p i32) (param $n i32)
      (i32.store (i32.const 1000) (local.get $p))
      (i32.store (i32.const 1004) (local.get $n))
      (if (call $fd_write (i32.const 1) (i32.const 1000) (i32.const 1) (i32.const 1008))
        (then (call $exit (i32.const 99)))))
    ;; ends with 65 unless both are equal
    (func $same (param i32 i32)
      (if (i32.ne (local.get 0) (local.get 1)) (then (call $exit (i32.const 65)))))
    (func $spin (loop $l (br $l)))
    (func $block (drop (memory.atomic.wait32 (i32.const 2000) (i32.const 0) (i64.const -1))))
    )" + body + ")";
  Case one;
  one.wasm = assembled(text);
  one.id = body.substr(0, 40);
  one.timeout = 30;
  return one;
}
inline Case start_case(const std::string& code) {
  return case_of("(func (export \"_start\") " + code + ")");
}

inline void expect_exit(const Observation& seen, int code) {
  EXPECT_EQ(seen.end, End::kExit) << seen.trap << seen.reason << seen.err;
  EXPECT_EQ(seen.code, code) << seen.err;
}

}  // namespace weft::runners::testing
