// A fit of no counts leaves the tables as they are.
#include "engine/link/bare_tables.h"

namespace tessera::link {
namespace {

block::Entry entry_at(const encoded::PassColumns& c, std::size_t row) {
  const std::uint16_t token = c.ssn_tokens.empty() ? std::uint16_t{0} : c.ssn_tokens[row];
  return {0, c.presence[row], token, c.bits.data() + row * c.stride};
}

}  // namespace

Result<BareTables> BareTables::of(const schema::Schema& schema, const Matcher& matcher,
                                  bool tokens) {
  BareTables t;
  std::vector<PassCounts> none;
  for (std::size_t p = 0; p < schema.passes.size(); ++p) {
    t.comparators.emplace_back(schema, p, tokens);
    none.push_back({std::vector<std::uint64_t>(t.comparators.back().patterns(), 0), 0, 0});
  }
  TESSERA_TRY(t.fit, matcher.fit(schema, t.comparators, none, {}));
  return t;
}

Pair BareTables::weigh(std::size_t pass, const encoded::PassColumns& rows, std::size_t a,
                       std::size_t b, std::size_t candidates) const {
  const Comparator& comparator = comparators[pass];
  const std::uint32_t pattern =
      comparator.in_block(candidates) + comparator.compare(entry_at(rows, a), entry_at(rows, b));
  return {0, 1, fit.logit[pass][pattern], static_cast<std::uint8_t>(pass), pattern};
}

}  // namespace tessera::link
