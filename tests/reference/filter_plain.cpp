#include "tests/reference/filter_plain.h"

#include <algorithm>
#include <set>

#include "engine/encode/prf.h"

namespace tessera::reference {
namespace {

encode::Block draw(encode::Prf& prf, encode::Block token, std::uint32_t counter) {
  token[2] = static_cast<std::uint8_t>(counter);
  token[3] = static_cast<std::uint8_t>(counter >> 8);
  encode::Block out;
  prf(token, out);
  return out;
}

// The n-th position of a token's endless stream.
std::uint32_t position(encode::Prf& prf, const encode::Block& token, std::uint32_t n,
                       std::uint32_t bits) {
  if (bits <= 256) return draw(prf, token, n / 16)[n % 16] % bits;
  const encode::Block b = draw(prf, token, n / 8);
  const std::uint32_t at = n % 8 * 2;
  return (b[at] | (std::uint32_t{b[at + 1]} << 8)) % bits;
}

std::uint64_t turn(encode::Prf& prf, const encode::Block& token) {
  const encode::Block b = draw(prf, token, 0);
  std::uint64_t out = 0;
  for (int i = 7; i >= 0; --i) out = (out << 8) | b[static_cast<std::size_t>(i)];
  return out;
}

}  // namespace

std::vector<std::uint8_t> filter(const std::vector<encode::Block>& tokens, std::uint32_t bits,
                                 std::uint32_t weight, std::span<const std::uint8_t, 32> key) {
  encode::Prf prf;
  prf.rekey(key);
  std::vector<encode::Block> order = tokens;
  std::ranges::stable_sort(order, {}, [&](const encode::Block& t) { return turn(prf, t); });
  std::set<std::uint32_t> set;
  for (std::uint32_t n = 0; set.size() < weight; ++n)
    for (const encode::Block& t : order)
      if (set.size() < weight) set.insert(position(prf, t, n, bits));
  std::vector<std::uint8_t> out(bits / 8);
  for (const std::uint32_t p : set)
    out[p / 8] = static_cast<std::uint8_t>(out[p / 8] | (1U << (p % 8)));
  return out;
}

}  // namespace tessera::reference
