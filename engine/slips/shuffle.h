// An order drawn by chance: what stood where does not show.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/random.h"

namespace tessera::slips {

// 0 .. n - 1, every order alike likely (Fisher and Yates, as in Knuth, TAOCP 2, 3.4.2 P).
std::vector<std::uint32_t> shuffled(std::uint32_t n, Random& random);

}  // namespace tessera::slips
