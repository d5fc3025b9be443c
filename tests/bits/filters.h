// Random filters for the tests of this room.
#pragma once

#include <bit>
#include <vector>

#include "engine/bits/matrix.h"
#include "engine/core/random.h"

namespace tessera::bits {

inline std::vector<std::uint64_t> random_words(Splitmix& random, std::size_t n, double fill) {
  std::vector<std::uint64_t> out(n);
  for (auto& word : out)
    for (int bit = 0; bit < 64; ++bit) word |= std::uint64_t{random.chance(fill)} << bit;
  return out;
}

// Filters of `bits` bits, of which about a third are noisy copies of earlier ones, one is empty
// and one full, so that pairs lie on both sides of any threshold.
inline Matrix random_filters(Splitmix& random, std::size_t rows, std::size_t bits, double fill) {
  Matrix m(rows, bits);
  for (std::size_t i = 0; i < rows; ++i) {
    const bool copy = i > 3 && random.chance(0.33);
    const std::size_t from = copy ? random.below(i) : 0;
    const double noise = 0.2 * random.uniform();
    for (std::size_t bit = 0; bit < bits; ++bit) {
      bool on = copy ? ((m.row(from)[bit / 64] >> (bit % 64)) & 1U) != 0 : random.chance(fill);
      if (copy && random.chance(noise)) on = random.chance(fill);
      if (i == 1) on = false;
      if (i == 2) on = true;
      m.row(i)[bit / 64] |= std::uint64_t{on} << (bit % 64);
    }
    m.recount(i);
  }
  return m;
}

}  // namespace tessera::bits
