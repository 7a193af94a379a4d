// For tests of the machine: a module from text, run under both policies, with a mini host. Knows
// gtest; included by *_test.cc only.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "reference/machine/instance.h"
#include "reference/machine/thread.h"
#include "reference/module/assemble.h"
#include "reference/module/module.h"

namespace weft::machine::testing {

inline std::shared_ptr<const module::Module> load(const std::string& wat) {
  auto bytes = module::assemble(wat, "test.wat");
  EXPECT_TRUE(bytes) << (bytes ? "" : bytes.error().message);
  if (!bytes) return nullptr;
  auto loaded = module::load_module(std::move(*bytes));
  EXPECT_TRUE(loaded) << (loaded ? "" : loaded.error().message);
  return loaded ? *loaded : nullptr;
}

inline std::shared_ptr<Instance> instantiate(const std::string& wat, const Imports& imports = {}) {
  auto loaded = load(wat);
  if (!loaded) return nullptr;
  auto instance = Instance::create(loaded, imports);
  EXPECT_TRUE(instance) << (instance ? "" : instance.error().message);
  return instance ? *instance : nullptr;
}

// What a call came to: "i32:5 i64:7", "trap: unreachable", "waiting", ...
inline std::string outcome_of(const Thread& thread, Stop stop) {
  switch (stop) {
    case Stop::kFinished: {
      std::string text;
      for (const Value& value : thread.results()) {
        text += (text.empty() ? "" : " ") + to_string(value);
      }
      return text;
    }
    case Stop::kTrapped:
      return "trap: " + thread.trap().message();
    case Stop::kWaiting:
      return "waiting";
    case Stop::kHostCall:
      return "host";
    case Stop::kVisible:
      return "visible";
    case Stop::kPerformed:
      return "performed";
    case Stop::kStopped:
      return "stopped";
  }
  return "?";
}

enum class Policy { kNative, kRunVisible, kPerform };

// Runs on to the end, or to a wait or a host call.
inline Stop drive(Thread& thread, Policy policy) {
  for (;;) {
    Stop stop = thread.run(policy == Policy::kNative ? Until::kBlocked : Until::kVisible);
    if (stop == Stop::kVisible && policy == Policy::kPerform) stop = thread.perform();
    if (stop != Stop::kVisible && stop != Stop::kPerformed) return stop;
  }
}

inline std::string call(Instance& instance, const std::string& name,
                        const std::vector<Value>& arguments = {}, Policy policy = Policy::kNative) {
  const Func* function = instance.exported_function(name);
  if (!function) return "no such function";
  Thread thread;
  thread.start(*function, arguments);
  const Stop stop = drive(thread, policy);
  std::string outcome = outcome_of(thread, stop);
  if (stop == Stop::kWaiting) thread.finish_wait();
  return outcome;
}

// The same call on a fresh instance for each policy: they must agree, and this is what they say.
inline std::string call_in_all(const std::string& wat, const std::string& name,
                               const std::vector<Value>& arguments = {}) {
  auto loaded = load(wat);
  if (!loaded) return "not loaded";
  std::string first;
  for (Policy policy : {Policy::kNative, Policy::kRunVisible, Policy::kPerform}) {
    auto instance = Instance::create(loaded, Imports{});
    if (!instance) return "not instantiated: " + instance.error().message;
    if (const Func* start = (*instance)->start()) {
      Thread thread;
      thread.start(*start, {});
      const Stop stop = drive(thread, policy);
      if (stop != Stop::kFinished) return "start: " + outcome_of(thread, stop);
    }
    const std::string outcome = call(**instance, name, arguments, policy);
    if (policy == Policy::kNative) {
      first = outcome;
    } else {
      EXPECT_EQ(first, outcome) << "policies differ in " << name;
    }
  }
  return first;
}

}  // namespace weft::machine::testing
