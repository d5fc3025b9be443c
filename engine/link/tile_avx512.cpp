// Tiles in vectors of 64 bytes, counted by VPOPCNTW (AVX-512 BITALG).
// Every include comes before the target: inline functions of headers must stay plain, since the
// linker may pick this file's copy for everybody.
#include <cstring>

#include "engine/link/tile_kernels.h"
#if defined(__x86_64__)
#include <immintrin.h>
// g++ 12 takes the undefined inputs of its own intrinsics for a use of an uninitialised value.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512bitalg")

namespace tessera::link {
namespace {

struct Ops {
  using V = std::uint16_t __attribute__((vector_size(64)));
  using S = std::int16_t __attribute__((vector_size(64)));

  static V popcount4(V a, V b, V c, V d) {
    const V ab = (V)_mm512_popcnt_epi16((__m512i)a) + (V)_mm512_popcnt_epi16((__m512i)b);
    const V cd = (V)_mm512_popcnt_epi16((__m512i)c) + (V)_mm512_popcnt_epi16((__m512i)d);
    return ab + cd;
  }
  static bool any(V x) { return _mm512_test_epi16_mask((__m512i)x, (__m512i)x) != 0; }
};

#include "engine/link/tile_body.h"

}  // namespace

void compare_tile_avx512(const TilePlan& plan, const block::Entry& a, const std::uint16_t* tile,
                         std::uint32_t* patterns) {
  compare_all<Ops>(plan, a, tile, patterns);
}

}  // namespace tessera::link

#pragma GCC pop_options
#endif
