// Tiles in vectors of 32 bytes, counted by a shuffle of nibbles.
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
#pragma GCC target("avx2")

namespace tessera::link {
namespace {

struct Ops {
  using V = std::uint16_t __attribute__((vector_size(32)));
  using S = std::int16_t __attribute__((vector_size(32)));

  // Bits set in each byte.
  static __m256i bytes(V x) {
    const __m256i table = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1,
                                           2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
    const __m256i low = (__m256i)(x & 0x0f0f);
    const __m256i high = (__m256i)((x >> 4) & 0x0f0f);
    return _mm256_add_epi8(_mm256_shuffle_epi8(table, low), _mm256_shuffle_epi8(table, high));
  }
  static V popcount4(V a, V b, V c, V d) {
    const V sum = (V)_mm256_add_epi8(_mm256_add_epi8(bytes(a), bytes(b)),
                                     _mm256_add_epi8(bytes(c), bytes(d)));
    return (sum & 0xff) + (sum >> 8);
  }
  static bool any(V x) { return _mm256_testz_si256((__m256i)x, (__m256i)x) == 0; }
};

#include "engine/link/tile_body.h"

}  // namespace

void compare_tile_avx2(const TilePlan& plan, const block::Entry& a, const std::uint16_t* tile,
                       std::uint32_t* patterns) {
  compare_all<Ops>(plan, a, tile, patterns);
}

}  // namespace tessera::link

#pragma GCC pop_options
#endif
