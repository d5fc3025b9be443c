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

// The nibbles of a left row as offsets into the tables, so that the loop only loads.
void spread(const std::uint64_t* row, std::size_t words, std::uint8_t* out) {
  for (std::size_t k = 0; k < words; ++k)
    for (std::size_t i = 0; i < kNibbles; ++i)
      out[k * kNibbles + i] = static_cast<std::uint8_t>((row[k] >> (4 * i)) & 15U);
}

TESSERA_AVX2 inline __m256i table(std::uint8_t nibble) {
  return _mm256_broadcastsi128_si256(
      _mm_load_si128(reinterpret_cast<const __m128i*>(kTables.differ[nibble])));
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

// Names the rows of 32 whose byte sums are within both budgets.
TESSERA_AVX2 inline void test8(const ScanBlock& block, __m256i sum, __m256i budget, std::size_t row,
                               std::size_t at, std::vector<Candidate>& out) {
  if (row >= block.left_rows) return;
  const __m256i allowed = _mm256_adds_epu8(
      budget, _mm256_set1_epi8(static_cast<char>(std::min(block.left_budget[row], 255))));
  const __m256i within = _mm256_cmpeq_epi8(_mm256_max_epu8(sum, allowed), allowed);
  emit(static_cast<std::uint32_t>(_mm256_movemask_epi8(within)), row, at, block.right_rows, out);
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

// Four left rows against 64 right rows: eight named sums, two loads of lanes for four tables.
TESSERA_AVX2 void scan_nibbles8(const ScanBlock& block, Scratch& scratch,
                                std::vector<Candidate>& out) {
  const std::size_t steps = block.words * kNibbles;
  const std::size_t blocks4 = (block.left_rows + 3) / 4;
  auto* spreads = static_cast<std::uint8_t*>(scratch.take(blocks4 * 4 * steps));
  for (std::size_t i = 0; i < blocks4 * 4; ++i)
    spread(block.left + std::min(i, block.left_rows - 1) * block.words, block.words,
           spreads + i * steps);
  const std::size_t groups = (block.right_rows + kRows - 1) / kRows;
  alignas(32) std::uint8_t budgets[2][kRows];
  for (std::size_t g = 0; g < groups; g += 2) {
    const std::size_t second = std::min(g + 1, groups - 1);  // an odd end scans its last one twice
    const std::byte* p0 = block.packed + g * kRows * steps;
    const std::byte* p1 = block.packed + second * kRows * steps;
    budget_bytes(block.right_budget + g * kRows, budgets[0]);
    budget_bytes(block.right_budget + second * kRows, budgets[1]);
    const __m256i b0 = _mm256_load_si256(reinterpret_cast<const __m256i*>(budgets[0]));
    const __m256i b1 = _mm256_load_si256(reinterpret_cast<const __m256i*>(budgets[1]));
    for (std::size_t i = 0; i < block.left_rows; i += 4) {
      const std::uint8_t* n0 = spreads + i * steps;
      const std::uint8_t* n1 = n0 + steps;
      const std::uint8_t* n2 = n1 + steps;
      const std::uint8_t* n3 = n2 + steps;
      __m256i s00 = _mm256_setzero_si256(), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00,
              s30 = s00, s31 = s00;
      for (std::size_t k = 0; k < steps; ++k) {
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
      test8(block, s00, b0, i, g * kRows, out);
      test8(block, s10, b0, i + 1, g * kRows, out);
      test8(block, s20, b0, i + 2, g * kRows, out);
      test8(block, s30, b0, i + 3, g * kRows, out);
      if (second == g) continue;
      test8(block, s01, b1, i, second * kRows, out);
      test8(block, s11, b1, i + 1, second * kRows, out);
      test8(block, s21, b1, i + 2, second * kRows, out);
      test8(block, s31, b1, i + 3, second * kRows, out);
    }
  }
}

namespace {

// Adds the byte sums of two rows to 16-bit sums: even bytes, then odd ones.
TESSERA_AVX2 inline void widen(__m256i bytes, __m256i& even, __m256i& odd) {
  even = _mm256_add_epi16(even, _mm256_and_si256(bytes, _mm256_set1_epi16(0xff)));
  odd = _mm256_add_epi16(odd, _mm256_srli_epi16(bytes, 8));
}

TESSERA_AVX2 void test16(const ScanBlock& block, __m256i even, __m256i odd, std::size_t row,
                         std::size_t at, std::vector<Candidate>& out) {
  if (row >= block.left_rows) return;
  alignas(32) std::uint16_t sums[2][16];
  _mm256_store_si256(reinterpret_cast<__m256i*>(sums[0]), even);
  _mm256_store_si256(reinterpret_cast<__m256i*>(sums[1]), odd);
  const std::size_t end = std::min(kRows, block.right_rows - at);
  for (std::size_t j = 0; j < end; ++j)
    if (sums[j % 2][j / 2] <= block.left_budget[row] + block.right_budget[at + j])
      out.push_back({static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(at + j)});
}

// 16-bit budgets of 32 right rows, even rows then odd ones, and whether any sum is within.
TESSERA_AVX2 inline bool any_within(__m256i even, __m256i odd, __m256i budget_even,
                                    __m256i budget_odd, std::int32_t left) {
  const __m256i add = _mm256_set1_epi16(static_cast<std::int16_t>(std::min(left, 16384)));
  const __m256i over =
      _mm256_and_si256(_mm256_cmpgt_epi16(even, _mm256_adds_epi16(budget_even, add)),
                       _mm256_cmpgt_epi16(odd, _mm256_adds_epi16(budget_odd, add)));
  return _mm256_movemask_epi8(over) != -1;
}

}  // namespace

TESSERA_AVX2 void scan_nibbles16(const ScanBlock& block, Scratch& scratch,
                                 std::vector<Candidate>& out) {
  constexpr std::size_t kChunk = 60;  // 60 x 4 differing bits fit a byte
  const std::size_t steps = block.words * kNibbles;
  const std::size_t padded = (block.left_rows + 3) / 4 * 4;
  auto* spreads = static_cast<std::uint8_t*>(scratch.take(padded * steps));
  for (std::size_t i = 0; i < padded; ++i)
    spread(block.left + std::min(i, block.left_rows - 1) * block.words, block.words,
           spreads + i * steps);
  for (std::size_t at = 0; at < block.right_rows; at += kRows) {
    const std::byte* p = block.packed + at * steps;
    alignas(32) std::int16_t budgets[2][16];
    for (std::size_t j = 0; j < kRows; ++j)
      budgets[j % 2][j / 2] =
          static_cast<std::int16_t>(std::clamp(block.right_budget[at + j], -1, 16384));
    const __m256i be = _mm256_load_si256(reinterpret_cast<const __m256i*>(budgets[0]));
    const __m256i bo = _mm256_load_si256(reinterpret_cast<const __m256i*>(budgets[1]));
    for (std::size_t i = 0; i < block.left_rows; i += 4) {
      const std::uint8_t* n0 = spreads + i * steps;
      const std::uint8_t* n1 = n0 + steps;
      const std::uint8_t* n2 = n1 + steps;
      const std::uint8_t* n3 = n2 + steps;
      const __m256i zero = _mm256_setzero_si256();
      __m256i e0 = zero, o0 = zero, e1 = zero, o1 = zero, e2 = zero, o2 = zero, e3 = zero,
              o3 = zero;
      for (std::size_t from = 0; from < steps; from += kChunk) {
        __m256i s0 = zero, s1 = zero, s2 = zero, s3 = zero;
        for (std::size_t k = from, to = std::min(steps, from + kChunk); k < to; ++k) {
          const __m256i x = lane(p, k);
          s0 = _mm256_add_epi8(s0, _mm256_shuffle_epi8(table(n0[k]), x));
          s1 = _mm256_add_epi8(s1, _mm256_shuffle_epi8(table(n1[k]), x));
          s2 = _mm256_add_epi8(s2, _mm256_shuffle_epi8(table(n2[k]), x));
          s3 = _mm256_add_epi8(s3, _mm256_shuffle_epi8(table(n3[k]), x));
        }
        widen(s0, e0, o0);
        widen(s1, e1, o1);
        widen(s2, e2, o2);
        widen(s3, e3, o3);
      }
      const auto budget = [&](std::size_t row) {
        return block.left_budget[std::min(row, block.left_rows - 1)];
      };
      if (any_within(e0, o0, be, bo, budget(i))) test16(block, e0, o0, i, at, out);
      if (any_within(e1, o1, be, bo, budget(i + 1))) test16(block, e1, o1, i + 1, at, out);
      if (any_within(e2, o2, be, bo, budget(i + 2))) test16(block, e2, o2, i + 2, at, out);
      if (any_within(e3, o3, be, bo, budget(i + 3))) test16(block, e3, o3, i + 3, at, out);
    }
  }
}

}  // namespace tessera::bits
#endif
