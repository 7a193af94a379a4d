#include "suite/litmus/to_wat.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "reference/module/assemble.h"
#include "suite/litmus/thread_writer.h"
#include "suite/test/test.h"

namespace weft::suite::litmus {
namespace {

using module::Immediate;
using nlohmann::json;

// How many slots a batch has whose locations must never have been written.
constexpr uint32_t kSlotsOfZeros = 16384;

uint32_t end_of(const LitmusTest& test) {
  uint32_t end = 64;
  const auto reach = [&](uint32_t location, uint32_t offset, uint32_t bytes) {
    end = std::max(end, test.locations[location].address + offset + bytes);
  };
  for (const Init& i : test.inits) reach(i.location, i.offset, access_bytes(*i.opcode));
  for (const Observe& o : test.observes) reach(o.location, o.offset, access_bytes(*o.opcode));
  for (const Thread& thread : test.threads) {
    any_statement(thread.body, [&](const Statement& s) {
      for (const auto& a : {s.address, s.source}) {
        if (!a) continue;
        uint32_t bytes = std::max<uint32_t>(access_bytes(*s.opcode), 1);
        if (!access_bytes(*s.opcode) && !s.operands.empty()) {
          bytes = static_cast<uint32_t>(std::min<uint64_t>(s.operands.back().value, 65536));
        }
        reach(a->location, a->offset, bytes);
      }
      return false;
    });
  }
  return end;
}

}  // namespace

std::string why_not_batched(const LitmusTest& test) {
  for (const Location& l : test.locations) {
    if (l.address >= 65536 - 64)
      return fmt::format("location {} lies beyond the first page", l.name);
  }
  std::string why;
  for (const Thread& thread : test.threads) {
    any_statement(thread.body, [&](const Statement& s) {
      if (s.kind != Statement::Kind::kOperation) return false;
      const std::string_view name = s.opcode->name;
      if (name == "memory.grow" || name == "memory.size") {
        why = fmt::format("{} depends on the size of the memory", name);
      } else if (waits_for_ever(s)) {
        why = "a wait without timeout may stay suspended";
      } else if (s.opcode->immediate == Immediate::kAtomicArg && s.address) {
        const uint32_t at = test.locations[s.address->location].address + s.address->offset;
        if (at % access_bytes(*s.opcode)) why = fmt::format("{} at {} traps", name, at);
      }
      return !why.empty();
    });
    if (!why.empty()) break;
  }
  return why;
}

BatchSpec batch_spec(const LitmusTest& test) {
  BatchSpec spec;
  spec.name = test.name;
  for (unsigned t = 0; t < test.threads.size(); ++t) {
    spec.threads.push_back(inlined_thread(test, t));
    for (const Register& r : test.threads[t].registers) {
      if (!r.hidden()) spec.registers.push_back({t, r.name, r.type == 'I', "$" + r.name});
    }
  }
  if (!test.data.empty()) {
    std::string bytes;
    for (unsigned char c : test.data) bytes += fmt::format("\\{:02x}", c);
    spec.data = fmt::format("  (data \"{}\")\n", bytes);
  }
  const auto integer = [](const module::OpcodeInfo& o, const char* what) {
    std::string name(o.name);
    if (name.starts_with("f32")) return fmt::format("i32.{}", what);
    if (name.starts_with("f64")) return fmt::format("i64.{}", what);
    return name;
  };
  for (const Observe& o : test.observes) {
    const Location& l = test.locations[o.location];
    const std::string load = integer(*o.opcode, "load");
    spec.observes.push_back(
        {observe_label(test, o), load, load.starts_with("i64"), l.address + o.offset});
  }
  for (const Init& i : test.inits) {
    const std::string store = integer(*i.opcode, "store");
    spec.inits.push_back(
        {store, store.starts_with("i64"), test.locations[i.location].address + i.offset, i.value});
  }
  std::set<uint32_t> lines;
  for (const Location& l : test.locations) {
    if (lines.insert(l.address / 64).second) spec.touched.push_back(l.address);
  }
  spec.slot_size = (end_of(test) + 63) / 64 * 64;
  return spec;
}

Expected<Bytes> batch_module(const LitmusTest& test, BatchParameters parameters) {
  const std::string why = why_not_batched(test);
  if (!why.empty()) return fail("{}: {} cannot be batched: {}", test.file, test.name, why);
  const BatchSpec spec = batch_spec(test);
  parameters.stride = std::max(parameters.stride, spec.slot_size);
  if (test.init_zero) {  // each slot is used once, and holds what a fresh memory holds
    parameters.slots = kSlotsOfZeros;
    parameters.max_batches = 1;
  }
  if (test.threads.size() > std::max(2u, std::thread::hardware_concurrency())) {
    parameters.spin_microseconds = 5;
  }
  return module::link(batch_wat(spec, parameters), support_library(), {.name = test.name});
}

LitmusTest with_wat_names(const LitmusTest& test) {
  LitmusTest out = test;
  for (Thread& thread : out.threads) {
    unsigned visible = 0, hidden = 0;
    for (Register& r : thread.registers) {
      r.name = r.hidden() ? fmt::format("_t{}", hidden++) : fmt::format("r{}", visible++);
    }
  }
  for (Expectation& e : out.expectations) {
    std::string renamed;
    for (std::string_view rest = e.outcome; !rest.empty();) {
      std::string part(rest.substr(0, rest.find(' ')));
      rest.remove_prefix(std::min(rest.size(), part.size() + 1));
      const size_t colon = part.find(':'), equals = part.find('=');
      if (part[0] != '[' && colon != std::string::npos && equals != std::string::npos) {
        const size_t t = std::stoul(part.substr(0, colon));
        const std::string name = part.substr(colon + 1, equals - colon - 1);
        for (size_t i = 0; i < test.threads[t].registers.size(); ++i) {
          if (test.threads[t].registers[i].name != name) continue;
          part = fmt::format("{}:{}{}", t, out.threads[t].registers[i].name, part.substr(equals));
          break;
        }
      }
      renamed += (renamed.empty() ? "" : " ") + part;
    }
    e.outcome = renamed;
  }
  return out;
}

std::string print_wat(const LitmusTest& given, const std::string& id) {
  const LitmusTest test = with_wat_names(given);
  json litmus = json::object();
  for (const Location& l : test.locations) litmus["locate"][l.name] = l.address;
  // The same words as in the text form.
  const std::string text = print_litmus(test);
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.find('\n', at);
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    for (const char* key : {"init", "observe", "allow", "forbid"}) {
      if (line.starts_with(std::string(key) + " ")) {
        litmus[key].push_back(line.substr(std::string(key).size() + 1));
      }
    }
  }
  json header = test.header.empty() ? json::object() : json::parse(test.header, nullptr, false);
  if (!header.is_object()) header = json::object();
  header["id"] = id;
  header["kind"] = "litmus";
  header["litmus"] = litmus;
  if (!header.contains("requirements")) header["requirements"] = {"MM-005"};
  if (!header.contains("story")) header["story"] = "Litmus test " + test.name + ".";
  if (!header.contains("expect")) header["expect"] = "model";
  std::string out;
  const std::string dumped = header.dump(1);
  for (size_t at = 0; at < dumped.size();) {
    size_t end = dumped.find('\n', at);
    if (end == std::string::npos) end = dumped.size();
    out += ";;! " + dumped.substr(at, end - at) + "\n";
    at = end + 1;
  }
  out += fmt::format("(module\n  (import \"env\" \"memory\" (memory {} {} shared))\n",
                     test.min_pages, test.max_pages);
  for (unsigned t = 0; t < test.threads.size(); ++t) {
    out += thread_function(test, t, fmt::format("(export \"thread{}\")", t));
  }
  if (!test.data.empty()) {
    std::string bytes;
    for (unsigned char c : test.data) bytes += fmt::format("\\{:02x}", c);
    out += fmt::format("  (data \"{}\")\n", bytes);
  }
  return out + ")\n";
}

}  // namespace weft::suite::litmus
