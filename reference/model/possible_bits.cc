// Without thin air a value passes through each event at most once, so as many rounds as there are
// events reach every chain of values.
#include "reference/model/possible_bits.h"

#include <algorithm>
#include <bit>

namespace weft::model {
namespace {

uint64_t up_to_highest(uint64_t value) {
  return value == 0 ? 0 : ~uint64_t{0} >> std::countl_zero(value);
}

uint64_t bits_of(const ExprPool& pool, ExprId id, const uint64_t* read) {
  const Expr& e = pool.at(id);
  switch (e.op) {
    case Expr::Op::constant:
      return e.constant;
    case Expr::Op::data:
      return read[e.event];
    case Expr::Op::add: {
      // Without this case (all bits possible) no answer changes, only the time: small programs with
      // an add over eight bytes take minutes. Too few bits would lose executions.
      const uint64_t a = bits_of(pool, e.a, read), b = bits_of(pool, e.b, read);
      return a + b < a ? ~uint64_t{0} : up_to_highest(a + b);
    }
    case Expr::Op::bit_and:
      return bits_of(pool, e.a, read) & bits_of(pool, e.b, read);
    case Expr::Op::bit_or:
    case Expr::Op::bit_xor:
      return bits_of(pool, e.a, read) | bits_of(pool, e.b, read);
    case Expr::Op::wrap:
      return low_bits(bits_of(pool, e.a, read), e.bits);
    default:
      return ~uint64_t{0};
  }
}

// What a read can find of one write: its bytes, moved to where the read has them.
uint64_t seen_from(const Access& reader, const Access& writer, uint64_t written) {
  if (!writer.covers(reader.offset) && !reader.covers(writer.offset)) return 0;
  const uint64_t size = std::min<uint64_t>(writer.size, 8);
  written = low_bits(written, static_cast<unsigned>(8 * size));
  const uint64_t away =
      reader.offset > writer.offset ? reader.offset - writer.offset : writer.offset - reader.offset;
  if (away >= 8) return 0;
  const uint64_t moved =
      reader.offset > writer.offset ? written >> (8 * away) : written << (8 * away);
  return low_bits(moved, static_cast<unsigned>(8 * reader.size));
}

}  // namespace

void possible_bits(const Skeleton& skeleton, const ExprPool& pool, uint64_t* bits) {
  uint64_t read[64] = {};
  const unsigned n = skeleton.size();
  std::fill(bits, bits + n, 0);
  bool changed = true;
  for (unsigned round = 0; changed && round <= n; ++round) {
    changed = false;
    for (unsigned e = 0; e < n; ++e) {
      const Access& data = skeleton.items[e].event.data;
      if (!data.writes()) continue;
      const uint64_t written = bits_of(pool, skeleton.items[e].written, read);
      changed = changed || (written & ~bits[e]) != 0;
      bits[e] |= written;
    }
    for (unsigned r = 0; r < n; ++r) {
      const Access& reader = skeleton.items[r].event.data;
      if (!reader.reads()) continue;
      for (unsigned w = 0; w < n; ++w) {
        const Access& writer = skeleton.items[w].event.data;
        if (w == r || !writer.writes() || writer.memory != reader.memory) continue;
        read[r] |= seen_from(reader, writer, bits[w]);
      }
    }
  }
}

}  // namespace weft::model
