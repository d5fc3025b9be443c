// Tiles in vectors of 16 bytes, counted by adding neighbouring bits: what any processor can do.
#include <cstring>

#include "engine/link/tile_kernels.h"

namespace tessera::link {
namespace {

struct Ops {
  using V = std::uint16_t __attribute__((vector_size(16)));
  using S = std::int16_t __attribute__((vector_size(16)));

  // Bits set in each group of four.
  static V nibbles(V x) {
    x -= (x >> 1) & 0x5555;
    return (x & 0x3333) + ((x >> 2) & 0x3333);
  }
  static V popcount4(V a, V b, V c, V d) {
    const V ab = nibbles(a) + nibbles(b);  // at most 8: a nibble holds it
    const V cd = nibbles(c) + nibbles(d);
    const V bytes = (ab & 0x0f0f) + ((ab >> 4) & 0x0f0f) + (cd & 0x0f0f) + ((cd >> 4) & 0x0f0f);
    return (bytes & 0xff) + (bytes >> 8);
  }
  static bool any(V x) {
    std::uint64_t words[2];
    std::memcpy(words, &x, sizeof(x));
    return (words[0] | words[1]) != 0;
  }
};

#include "engine/link/tile_body.h"

}  // namespace

void compare_tile_portable(const TilePlan& plan, const block::Entry& a, const std::uint16_t* tile,
                           std::uint32_t* patterns) {
  compare_all<Ops>(plan, a, tile, patterns);
}

}  // namespace tessera::link
