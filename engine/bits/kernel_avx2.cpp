// AVX2: 32 right rows at a time, a nibble to a byte lane. For a nibble of the left row, the number
// of bits in which it differs from each of 16 values is a table of 16 bytes, so a shuffle and an
// addition handle 4 bits of 32 pairs. Sums of up to 255 saturate in a byte; longer ones are
// widened every 60 nibbles.
// Every include comes before the first target attribute (see kernel_popcnt.cpp).
#include <algorithm>
#include <cstring>

#include "engine/bits/kernel_parts.h"
#if defined(__x86_64__)
#include <immintrin.h>

#define TESSERA_AVX2 [[gnu::target("avx2,popcnt")]]

namespace tessera::bits {
namespace {

constexpr std::size_t kRows = 32;
constexpr std::size_t kNibbles = 16;  // per word

struct alignas(16) Tables {
  std::uint8_t differ[16][16];  // bits in which two nibbles differ
};
constexpr Tables make_tables() {
  Tables t{};
  for (unsigned a = 0; a < 16; ++a)
    for (unsigned b = 0; b < 16; ++b)
      for (unsigned bit = 0; bit < 4; ++bit)
        t.differ[a][b] = static_cast<std::uint8_t>(t.differ[a][b] + (((a ^ b) >> bit) & 1U));
  return t;
}
constexpr Tables kTables = make_tables();

// The nibbles of a left row as offsets into the tables in bytes, so that the loop only loads.
void spread(const std::uint64_t* row, std::size_t words, std::uint8_t* out) {
  for (std::size_t k = 0; k < words; ++k)
    for (std::size_t i = 0; i < kNibbles; ++i)
      out[k * kNibbles + i] = static_cast<std::uint8_t>(((row[k] >> (4 * i)) & 15U) << 4);
}

TESSERA_AVX2 inline __m256i table(std::uint8_t offset) {
  return _mm256_broadcastsi128_si256(
      _mm_load_si128(reinterpret_cast<const __m128i*>(&kTables.differ[0][0] + offset)));
}
TESSERA_AVX2 inline __m256i lane(const std::byte* packed, std::size_t i) {
  return _mm256_load_si256(reinterpret_cast<const __m256i*>(packed + i * kRows));
}

void emit(std::uint32_t mask, std::size_t left, std::size_t right, std::size_t end,
          std::vector<Candidate>& out) {
  for (; mask != 0; mask &= mask - 1) {
    const std::size_t j = right + static_cast<std::size_t>(__builtin_ctz(mask));
    if (j < end) out.push_back({static_cast<std::uint32_t>(left), static_cast<std::uint32_t>(j)});
  }
}

// By how much the byte sums of 32 rows exceed both budgets; 0: within.
TESSERA_AVX2 inline __m256i excess8(const ScanBlock& block, __m256i sum, __m256i budget,
                                    std::size_t row) {
  const std::int32_t left = block.left_budget[std::min(row, block.left_rows - 1)];
  return _mm256_subs_epu8(sum, _mm256_adds_epu8(budget, _mm256_set1_epi8(static_cast<char>(left))));
}
TESSERA_AVX2 inline std::uint32_t zeros(__m256i bytes) {
  return static_cast<std::uint32_t>(
      _mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, _mm256_setzero_si256())));
}

// Budgets of 32 right rows as bytes; rows that stand for nothing are caught by emit().
void budget_bytes(const std::int32_t* budget, std::uint8_t* out) {
  for (std::size_t j = 0; j < kRows; ++j)
    out[j] = static_cast<std::uint8_t>(std::clamp(budget[j], 0, 255));
}

}  // namespace

std::size_t nibble_bytes(std::size_t rows, std::size_t words) {
  return (rows + kRows - 1) / kRows * kRows * words * kNibbles;
}

void pack_nibbles(const std::uint64_t* rows, std::size_t count, std::size_t words, std::byte* out) {
  std::memset(out, 0, nibble_bytes(count, words));
  for (std::size_t j = 0; j < count; ++j) {
    std::byte* group = out + j / kRows * kRows * words * kNibbles + j % kRows;
    for (std::size_t k = 0; k < words; ++k)
      for (std::size_t i = 0; i < kNibbles; ++i)
        group[(k * kNibbles + i) * kRows] =
            static_cast<std::byte>((rows[j * words + k] >> (4 * i)) & 15U);
  }
}

TESSERA_AVX2 std::uint32_t count_and_avx2(const std::uint64_t* a, const std::uint64_t* b,
                                          std::size_t n) {
  std::uint64_t even = 0;
  std::uint64_t odd = 0;
  std::size_t i = 0;
  for (; i + 2 <= n; i += 2) {
    even += static_cast<std::uint64_t>(_mm_popcnt_u64(a[i] & b[i]));
    odd += static_cast<std::uint64_t>(_mm_popcnt_u64(a[i + 1] & b[i + 1]));
  }
  if (i < n) even += static_cast<std::uint64_t>(_mm_popcnt_u64(a[i] & b[i]));
  return static_cast<std::uint32_t>(even + odd);
}

namespace {

// Four left rows (as offsets) and two groups of right rows.
struct Square {
  const std::uint8_t* left[4];
  const std::byte* right[2];
};

// The byte sums of a square: left row, then group. Named, or the compiler keeps them in memory.
struct Eight {
  __m256i s00, s01, s10, s11, s20, s21, s30, s31;
};

// Sums over nibbles [from, to): two loads of lanes for four tables and eight shuffles.
TESSERA_AVX2 [[gnu::noinline]] Eight summed(const Square& q, std::size_t from,
                                                        std::size_t to) {
  const __m256i zero = _mm256_setzero_si256();
  __m256i s00 = zero, s01 = zero, s10 = zero, s11 = zero, s20 = zero, s21 = zero, s30 = zero,
          s31 = zero;
  const std::uint8_t *n0 = q.left[0], *n1 = q.left[1], *n2 = q.left[2], *n3 = q.left[3];
  const std::byte *p0 = q.right[0], *p1 = q.right[1];
  for (std::size_t k = from; k < to; ++k) {
    const __m256i x0 = lane(p0, k);
    const __m256i x1 = lane(p1, k);
    __m256i t = table(n0[k]);
    s00 = _mm256_adds_epu8(s00, _mm256_shuffle_epi8(t, x0));
    s01 = _mm256_adds_epu8(s01, _mm256_shuffle_epi8(t, x1));
    t = table(n1[k]);
    s10 = _mm256_adds_epu8(s10, _mm256_shuffle_epi8(t, x0));
    s11 = _mm256_adds_epu8(s11, _mm256_shuffle_epi8(t, x1));
    t = table(n2[k]);
    s20 = _mm256_adds_epu8(s20, _mm256_shuffle_epi8(t, x0));
    s21 = _mm256_adds_epu8(s21, _mm256_shuffle_epi8(t, x1));
    t = table(n3[k]);
    s30 = _mm256_adds_epu8(s30, _mm256_shuffle_epi8(t, x0));
    s31 = _mm256_adds_epu8(s31, _mm256_shuffle_epi8(t, x1));
  }
  return {s00, s01, s10, s11, s20, s21, s30, s31};
}

// All left rows as offsets, the last one repeated to a multiple of four.
const std::uint8_t* spread_all(const ScanBlock& block, Scratch& scratch) {
  const std::size_t steps = block.words * kNibbles;
  const std::size_t padded = (block.left_rows + 3) / 4 * 4;
  auto* out = static_cast<std::uint8_t*>(scratch.take(padded * steps));
  for (std::size_t i = 0; i < padded; ++i)
    spread(block.left + std::min(i, block.left_rows - 1) * block.words, block.words,
           out + i * steps);
  return out;
}

// Four left rows against two groups. An odd end meets its last group twice, the second time past
// the end.
Square square_at(const ScanBlock& block, const std::uint8_t* spread, std::size_t i,
                 std::size_t at) {
  const std::size_t steps = block.words * kNibbles;
  const std::uint8_t* n = spread + i * steps;
  const std::byte* p = block.packed + at * steps;
  return {{n, n + steps, n + 2 * steps, n + 3 * steps},
          {p, at + kRows < block.right_rows ? p + kRows * steps : p}};
}

TESSERA_AVX2 void emit8(const ScanBlock& block, __m256i excess0, __m256i excess1, std::size_t row,
                        std::size_t at, std::vector<Candidate>& out) {
  if (row >= block.left_rows) return;
  emit(zeros(excess0), row, at, block.right_rows, out);
  emit(zeros(excess1), row, at + kRows, block.right_rows, out);
}

}  // namespace

// Sums that saturate in a byte.
TESSERA_AVX2 void scan_nibbles8(const ScanBlock& block, Scratch& scratch,
                                std::vector<Candidate>& out) {
  const std::size_t steps = block.words * kNibbles;
  const std::uint8_t* left = spread_all(block, scratch);
  for (std::size_t at = 0; at < block.right_rows; at += 2 * kRows) {
    alignas(32) std::uint8_t budgets[2][kRows] = {};
    budget_bytes(block.right_budget + at, budgets[0]);
    if (at + kRows < block.right_rows) budget_bytes(block.right_budget + at + kRows, budgets[1]);
    const __m256i b0 = _mm256_load_si256(reinterpret_cast<const __m256i*>(budgets[0]));
    const __m256i b1 = _mm256_load_si256(reinterpret_cast<const __m256i*>(budgets[1]));
    for (std::size_t i = 0; i < block.left_rows; i += 4) {
      const Eight s = summed(square_at(block, left, i, at), 0, steps);
      const __m256i e00 = excess8(block, s.s00, b0, i), e01 = excess8(block, s.s01, b1, i),
                    e10 = excess8(block, s.s10, b0, i + 1), e11 = excess8(block, s.s11, b1, i + 1),
                    e20 = excess8(block, s.s20, b0, i + 2), e21 = excess8(block, s.s21, b1, i + 2),
                    e30 = excess8(block, s.s30, b0, i + 3), e31 = excess8(block, s.s31, b1, i + 3);
      // One branch for 256 pairs: a zero anywhere.
      const __m256i least =
          _mm256_min_epu8(_mm256_min_epu8(_mm256_min_epu8(e00, e01), _mm256_min_epu8(e10, e11)),
                          _mm256_min_epu8(_mm256_min_epu8(e20, e21), _mm256_min_epu8(e30, e31)));
      if (zeros(least) == 0) continue;
      emit8(block, e00, e01, i, at, out);
      emit8(block, e10, e11, i + 1, at, out);
      emit8(block, e20, e21, i + 2, at, out);
      emit8(block, e30, e31, i + 3, at, out);
    }
  }
}

namespace {

// 16-bit sums of 32 right rows: those of even rows, then of odd ones.
struct Wide {
  __m256i even, odd;
};

TESSERA_AVX2 inline void widen(__m256i bytes, Wide& sum) {
  sum.even = _mm256_add_epi16(sum.even, _mm256_and_si256(bytes, _mm256_set1_epi16(0xff)));
  sum.odd = _mm256_add_epi16(sum.odd, _mm256_srli_epi16(bytes, 8));
}

TESSERA_AVX2 void emit16(const ScanBlock& block, const Wide& sum, std::size_t row, std::size_t at,
                         std::vector<Candidate>& out) {
  if (row >= block.left_rows || at >= block.right_rows) return;
  alignas(32) std::uint16_t sums[2][16];
  _mm256_store_si256(reinterpret_cast<__m256i*>(sums[0]), sum.even);
  _mm256_store_si256(reinterpret_cast<__m256i*>(sums[1]), sum.odd);
  const std::size_t end = std::min(kRows, block.right_rows - at);
  for (std::size_t j = 0; j < end; ++j)
    if (sums[j % 2][j / 2] <= block.left_budget[row] + block.right_budget[at + j])
      out.push_back({static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(at + j)});
}

// Budgets of a group as 16-bit numbers, in the order of the sums; pads are below any sum.
TESSERA_AVX2 Wide wide_budgets(const std::int32_t* budget) {
  alignas(32) std::int16_t out[2][16];
  for (std::size_t j = 0; j < kRows; ++j)
    out[j % 2][j / 2] = static_cast<std::int16_t>(std::clamp(budget[j], -1, 16384));
  return {_mm256_load_si256(reinterpret_cast<const __m256i*>(out[0])),
          _mm256_load_si256(reinterpret_cast<const __m256i*>(out[1]))};
}

// All ones where a sum is over both budgets.
TESSERA_AVX2 inline __m256i over16(const Wide& sum, const Wide& budget, std::int32_t left) {
  const __m256i add = _mm256_set1_epi16(static_cast<std::int16_t>(std::min(left, 16384)));
  return _mm256_and_si256(_mm256_cmpgt_epi16(sum.even, _mm256_adds_epi16(budget.even, add)),
                          _mm256_cmpgt_epi16(sum.odd, _mm256_adds_epi16(budget.odd, add)));
}

// The sums of a square over all nibbles, widened before a byte can overflow.
TESSERA_AVX2 inline void wide_sums(const Square& square, std::size_t steps, Wide (&sums)[8]) {
  constexpr std::size_t kChunk = 63;  // 63 x 4 differing bits fit a byte
  for (Wide& s : sums) s = {_mm256_setzero_si256(), _mm256_setzero_si256()};
  for (std::size_t from = 0; from < steps; from += kChunk) {
    const Eight s = summed(square, from, std::min(steps, from + kChunk));
    widen(s.s00, sums[0]), widen(s.s01, sums[1]), widen(s.s10, sums[2]), widen(s.s11, sums[3]);
    widen(s.s20, sums[4]), widen(s.s21, sums[5]), widen(s.s30, sums[6]), widen(s.s31, sums[7]);
  }
}

}  // namespace

TESSERA_AVX2 void scan_nibbles16(const ScanBlock& block, Scratch& scratch,
                                 std::vector<Candidate>& out) {
  const std::size_t steps = block.words * kNibbles;
  const std::uint8_t* left = spread_all(block, scratch);
  for (std::size_t at = 0; at < block.right_rows; at += 2 * kRows) {
    const bool two = at + kRows < block.right_rows;
    const Wide budgets[2] = {wide_budgets(block.right_budget + at),
                             wide_budgets(block.right_budget + (two ? at + kRows : at))};
    for (std::size_t i = 0; i < block.left_rows; i += 4) {
      Wide sums[8];
      wide_sums(square_at(block, left, i, at), steps, sums);
      __m256i over = _mm256_set1_epi8(-1);
      for (std::size_t s = 0; s < 8; ++s) {
        const std::size_t row = std::min(i + s / 2, block.left_rows - 1);
        over = _mm256_and_si256(over, over16(sums[s], budgets[s % 2], block.left_budget[row]));
      }
      if (_mm256_movemask_epi8(over) == -1) continue;
      for (std::size_t s = 0; s < 8; ++s)
        emit16(block, sums[s], i + s / 2, at + s % 2 * kRows, out);
    }
  }
}

}  // namespace tessera::bits
#endif
