#include "suite/litmus/to_shape.h"

#include <fmt/core.h>

#include "reference/module/assemble.h"
#include "suite/litmus/to_wat.h"

namespace weft::suite::litmus {

embed::LitmusShape to_shape(const LitmusTest& test) {
  embed::LitmusShape shape;
  for (const Thread& thread : test.threads) {
    auto& names = shape.registers.emplace_back();
    for (const Register& r : thread.registers) {
      if (!r.hidden()) names.push_back(r.name);
    }
  }
  const auto cell = [&](uint32_t location, uint32_t offset, const module::OpcodeInfo& opcode,
                        uint64_t value) {
    const Location& l = test.locations[location];
    return embed::LitmusShape::Cell{offset ? fmt::format("{}+{}", l.name, offset) : l.name,
                                    uint64_t{l.address} + offset, access_bytes(opcode), value};
  };
  for (const Init& i : test.inits) {
    shape.inits.push_back(cell(i.location, i.offset, *i.opcode, i.value));
  }
  for (const Observe& o : test.observes) {
    shape.observes.push_back(cell(o.location, o.offset, *o.opcode, 0));
    shape.observes.back().name = observe_label(test, o);
  }
  return shape;
}

Expected<std::shared_ptr<const module::Module>> to_module(const LitmusTest& test) {
  auto bytes = module::assemble(print_wat(test, "litmus"), test.file);
  if (!bytes) return tl::unexpected<Error>(bytes.error());
  auto module = module::load_module(*std::move(bytes));
  if (!module) return fail("{}: {}: {}", test.file, test.name, module.error().message);
  return *std::move(module);
}

}  // namespace weft::suite::litmus
