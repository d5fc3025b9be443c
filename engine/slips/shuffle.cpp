// From the last place down, each draws among those not yet placed.
#include "engine/slips/shuffle.h"

#include <numeric>
#include <utility>

namespace tessera::slips {

std::vector<std::uint32_t> shuffled(std::uint32_t n, Random& random) {
  std::vector<std::uint32_t> out(n);
  std::iota(out.begin(), out.end(), 0U);
  for (std::uint32_t i = n; i > 1; --i) std::swap(out[i - 1], out[random.below(i)]);
  return out;
}

}  // namespace tessera::slips
