// The matrix unit (AMX): a bit is a byte, +1 or -1, and one instruction takes 16 x 16 dot products
// over 64 of them. dot = bits - 2 ham, so the budget test is dot >= bits - 2 (left + right).
// At 1,024 bit-products a cycle it passes every popcount by about three to one.
//
// Right rows lie in groups of 32 (two tiles side by side); a tile row holds four bits of each of 16
// right rows, as the instruction wants it. Left rows are spread out block by block into scratch.
// Every include comes before the first target attribute (see kernel_popcnt.cpp).
#include <algorithm>
#include <cstring>

#include "engine/bits/kernel_parts.h"
#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

// g++ 12 takes the undefined inputs of its own intrinsics for a use of an uninitialised value.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#define TESSERA_AMX [[gnu::target("amx-tile,amx-int8,avx512f,avx512bw")]]

namespace tessera::bits {
namespace {

constexpr std::size_t kRows = 32;
constexpr std::size_t kTile = 1024;

// The processor's tile configuration, palette 1: all eight tiles are 16 rows of 64 bytes.
struct alignas(64) TileConfig {
  std::uint8_t palette = 1;
  std::uint8_t start_row = 0;
  std::uint8_t reserved[14] = {};
  std::uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  std::uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};
constexpr TileConfig kConfig;

struct alignas(64) Nibbles {
  std::int8_t bytes[16][4];  // the bits of a nibble as +1 and -1
};
constexpr Nibbles make_nibbles() {
  Nibbles n{};
  for (unsigned v = 0; v < 16; ++v)
    for (unsigned bit = 0; bit < 4; ++bit)
      n.bytes[v][bit] = static_cast<std::int8_t>(((v >> bit) & 1U) != 0 ? 1 : -1);
  return n;
}
constexpr Nibbles kNibbles = make_nibbles();

// Left rows i .. i + 31 as bytes: per word two tiles of 16 rows. Rows past the end repeat the last.
TESSERA_AMX void spread_left(const ScanBlock& block, std::size_t i, std::int8_t* out) {
  const __m512i minus = _mm512_set1_epi8(-1);
  const __m512i plus = _mm512_set1_epi8(1);
  for (std::size_t r = 0; r < kRows; ++r) {
    const std::uint64_t* row = block.left + std::min(i + r, block.left_rows - 1) * block.words;
    for (std::size_t k = 0; k < block.words; ++k)
      _mm512_store_si512(out + k * 2 * kTile + r * 64, _mm512_mask_blend_epi8(row[k], minus, plus));
  }
}

// The dot products of a 32 x 32 square, in four tiles: left halves down, right halves across.
struct alignas(64) Square {
  std::int32_t dot[4][16][16];
};

// Names the pairs of a square, once something in it is known to be near.
TESSERA_AMX void emit(const ScanBlock& block, const Square& square, std::size_t left,
                      std::size_t right, std::vector<Candidate>& out) {
  const auto bits = static_cast<std::int32_t>(block.words * 64);
  for (std::size_t r = 0; r < kRows && left + r < block.left_rows; ++r)
    for (std::size_t half = 0; half < 2; ++half) {
      const __m512i budget =
          _mm512_add_epi32(_mm512_loadu_si512(block.right_budget + right + half * 16),
                           _mm512_set1_epi32(block.left_budget[left + r]));
      const __m512i least = _mm512_sub_epi32(_mm512_set1_epi32(bits), _mm512_slli_epi32(budget, 1));
      std::uint32_t mask =
          _mm512_cmpge_epi32_mask(_mm512_load_si512(square.dot[r / 16 * 2 + half][r % 16]), least);
      for (; mask != 0; mask &= mask - 1) {
        const std::size_t j = right + half * 16 + static_cast<std::size_t>(__builtin_ctz(mask));
        if (j < block.right_rows)
          out.push_back({static_cast<std::uint32_t>(left + r), static_cast<std::uint32_t>(j)});
      }
    }
}

// The largest dot product in each column of one half of a square.
TESSERA_AMX inline __m512i column_max(const Square& square, std::size_t half) {
  __m512i even = _mm512_load_si512(square.dot[half][0]);
  __m512i odd = _mm512_load_si512(square.dot[half + 2][0]);
  for (std::size_t r = 1; r < 16; ++r) {
    even = _mm512_max_epi32(even, _mm512_load_si512(square.dot[half][r]));
    odd = _mm512_max_epi32(odd, _mm512_load_si512(square.dot[half + 2][r]));
  }
  return _mm512_max_epi32(even, odd);
}

// 32 x 32 dot products over all words, left in tiles 0 to 3.
TESSERA_AMX inline void multiply(const std::int8_t* a, const std::byte* b, std::size_t words) {
  asm volatile("" ::: "memory");  // the tile loads do not tell the compiler that they read
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  for (std::size_t k = 0; k < words; ++k, a += 2 * kTile, b += 2 * kTile) {
    _tile_loadd(4, a, 64);
    _tile_loadd(6, b, 64);
    _tile_dpbssd(0, 4, 6);
    _tile_loadd(7, b + kTile, 64);
    _tile_dpbssd(1, 4, 7);
    _tile_loadd(5, a + kTile, 64);
    _tile_dpbssd(2, 5, 6);
    _tile_dpbssd(3, 5, 7);
  }
}

}  // namespace

bool has_amx() {
#if defined(__linux__)
  // The kernel hands out the large register state only to those who ask; asking twice is harmless.
  static const bool kGranted = [] {
    constexpr long kRequestPermission = 0x1023;  // ARCH_REQ_XCOMP_PERM
    constexpr long kTileData = 18;               // XFEATURE_XTILEDATA
    // Asked of the processor itself: not every compiler knows these two by name.
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
    constexpr unsigned kTileAndInt8 = 3U << 24;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (d & kTileAndInt8) == kTileAndInt8 &&
           ::syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
  }();
  return kGranted;
#else
  return false;
#endif
}

std::size_t tile_bytes(std::size_t rows, std::size_t words) {
  return (rows + kRows - 1) / kRows * words * 2 * kTile;
}

TESSERA_AMX void pack_tiles(const std::uint64_t* rows, std::size_t count, std::size_t words,
                            std::byte* out) {
  const __m512i table = _mm512_load_si512(kNibbles.bytes);
  const __m512i low4 = _mm512_set1_epi32(15);
  alignas(64) std::uint32_t halves[2][16];
  for (std::size_t tile = 0; tile * 16 < (count + kRows - 1) / kRows * kRows; ++tile)
    for (std::size_t k = 0; k < words; ++k) {
      for (std::size_t r = 0; r < 16; ++r) {
        const std::size_t j = tile * 16 + r;
        const std::uint64_t word = j < count ? rows[j * words + k] : 0;
        halves[0][r] = static_cast<std::uint32_t>(word);
        halves[1][r] = static_cast<std::uint32_t>(word >> 32);
      }
      std::byte* to = out + (tile / 2 * words * 2 + k * 2 + tile % 2) * kTile;
      for (std::size_t half = 0; half < 2; ++half) {
        __m512i x = _mm512_load_si512(halves[half]);
        for (std::size_t r = 0; r < 8; ++r, x = _mm512_srli_epi32(x, 4))
          _mm512_store_si512(to + (half * 8 + r) * 64,
                             _mm512_permutexvar_epi32(_mm512_and_si512(x, low4), table));
      }
    }
}

TESSERA_AMX void scan_tiles(const ScanBlock& block, Scratch& scratch, std::vector<Candidate>& out) {
  const std::size_t blocks = (block.left_rows + kRows - 1) / kRows;
  const std::size_t block_bytes = block.words * 2 * kTile;
  auto* left = static_cast<std::int8_t*>(scratch.take(blocks * (block_bytes + 64)));
  auto* largest = reinterpret_cast<std::int32_t*>(left + blocks * block_bytes);
  for (std::size_t i = 0; i < blocks; ++i) {
    spread_left(block, i * kRows, left + i * block_bytes);
    largest[i] = *std::max_element(block.left_budget + i * kRows,
                                   block.left_budget + std::min((i + 1) * kRows, block.left_rows));
  }
  Square square[2];
  const auto bits = static_cast<std::int32_t>(block.words * 64);
  _tile_loadconfig(&kConfig);
  for (std::size_t at = 0; at < block.right_rows; at += kRows) {
    const std::byte* right = block.packed + at / kRows * block_bytes;
    // Without the left budget: a pair is near if dot + 2 left >= least.
    const __m512i least0 = _mm512_sub_epi32(
        _mm512_set1_epi32(bits), _mm512_slli_epi32(_mm512_loadu_si512(block.right_budget + at), 1));
    const __m512i least1 =
        _mm512_sub_epi32(_mm512_set1_epi32(bits),
                         _mm512_slli_epi32(_mm512_loadu_si512(block.right_budget + at + 16), 1));
    // Two squares in turn: while one is being made, the one before it is looked at.
    for (std::size_t i = 0; i <= blocks; ++i) {
      Square& now = square[i % 2];
      if (i < blocks) multiply(left + i * block_bytes, right, block.words);
      if (i > 0) {
        const Square& before = square[(i - 1) % 2];
        const __m512i twice = _mm512_set1_epi32(2 * largest[i - 1]);
        const unsigned near0 =
            _mm512_cmpge_epi32_mask(_mm512_add_epi32(column_max(before, 0), twice), least0);
        const unsigned near1 =
            _mm512_cmpge_epi32_mask(_mm512_add_epi32(column_max(before, 1), twice), least1);
        if ((near0 | near1) != 0) emit(block, before, (i - 1) * kRows, at, out);
      }
      if (i < blocks) {
        _tile_stored(0, now.dot[0], 64);
        _tile_stored(1, now.dot[1], 64);
        _tile_stored(2, now.dot[2], 64);
        _tile_stored(3, now.dot[3], 64);
      }
    }
  }
  _tile_release();
}

}  // namespace tessera::bits
#endif
