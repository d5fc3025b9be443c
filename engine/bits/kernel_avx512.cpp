// AVX-512. Half words: 16 right rows to a vector, 4 vectors against 4 left rows, three
// instructions (xor, vpopcntd, add) for 512 bits of pairs, the accumulators started at minus the
// budget so that a sign bit is the verdict. Sextets: with VBMI a permute looks 6 bits of 64 rows up
// in a table of 64, two instructions for 384 bits.
//
// The accumulators are named: as an array g++ 12 spills them and loses half the speed.
// Every include comes before the first target attribute (see kernel_popcnt.cpp).
#include <algorithm>
#include <cstring>

#include "engine/bits/kernel_parts.h"
#if defined(__x86_64__)
#include <immintrin.h>
// g++ 12 takes the undefined inputs of its own intrinsics for a use of an uninitialised value.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#define TESSERA_AVX512 [[gnu::target("avx512f,avx512bw,avx512vpopcntdq,popcnt")]]
#define TESSERA_VBMI [[gnu::target("avx512f,avx512bw,avx512vbmi,popcnt")]]

namespace tessera::bits {
namespace {

constexpr std::size_t kHalfRows = 64;     // 4 vectors of 16
constexpr std::size_t kSextetRows = 256;  // 4 vectors of 64

std::size_t sextets(std::size_t words) { return (words * 64 + 5) / 6; }

struct alignas(64) Tables {
  std::uint8_t differ[64][64];  // bits in which two sextets differ
};
constexpr Tables make_tables() {
  Tables t{};
  for (unsigned a = 0; a < 64; ++a)
    for (unsigned b = 0; b < 64; ++b)
      for (unsigned bit = 0; bit < 6; ++bit)
        t.differ[a][b] = static_cast<std::uint8_t>(t.differ[a][b] + (((a ^ b) >> bit) & 1U));
  return t;
}
constexpr Tables kTables = make_tables();

std::uint8_t sextet(const std::uint64_t* row, std::size_t words, std::size_t i) {
  const std::size_t bit = 6 * i;
  const std::size_t at = bit / 64;
  std::uint64_t value = row[at] >> (bit % 64);
  if (bit % 64 > 58 && at + 1 < words) value |= row[at + 1] << (64 - bit % 64);
  return static_cast<std::uint8_t>(value & 63U);
}

void emit(std::uint64_t mask, std::size_t left, std::size_t right, std::size_t end,
          std::vector<Candidate>& out) {
  for (; mask != 0; mask &= mask - 1) {
    const std::size_t j = right + static_cast<std::size_t>(__builtin_ctzll(mask));
    if (j < end) out.push_back({static_cast<std::uint32_t>(left), static_cast<std::uint32_t>(j)});
  }
}

// Rows of 16 whose sum, started below zero by the budget, stayed below.
TESSERA_AVX512 inline void emit_negative(__m512i sum, std::size_t left, std::size_t right,
                                         const ScanBlock& block, std::vector<Candidate>& out) {
  if (left >= block.left_rows) return;
  emit(_mm512_cmplt_epi32_mask(sum, _mm512_setzero_si512()), left, right, block.right_rows, out);
}

TESSERA_AVX512 inline __m512i or3(__m512i a, __m512i b, __m512i c) {
  return _mm512_ternarylogic_epi32(a, b, c, 0xfe);
}
TESSERA_AVX512 inline __m512i counted(__m512i sum, __m512i a, __m512i b) {
  return _mm512_add_epi32(sum, _mm512_popcnt_epi32(_mm512_xor_si512(a, b)));
}

}  // namespace

TESSERA_AVX512 std::uint32_t count_and_avx512(const std::uint64_t* a, const std::uint64_t* b,
                                              std::size_t n) {
  __m512i sum = _mm512_setzero_si512();
  std::size_t i = 0;
  for (; i + 8 <= n; i += 8)
    sum = _mm512_add_epi64(sum, _mm512_popcnt_epi64(_mm512_and_si512(_mm512_loadu_si512(a + i),
                                                                     _mm512_loadu_si512(b + i))));
  if (i < n) {
    const auto m = static_cast<__mmask8>((1U << (n - i)) - 1U);
    sum = _mm512_add_epi64(
        sum, _mm512_popcnt_epi64(_mm512_and_si512(_mm512_maskz_loadu_epi64(m, a + i),
                                                  _mm512_maskz_loadu_epi64(m, b + i))));
  }
  return static_cast<std::uint32_t>(_mm512_reduce_add_epi64(sum));
}

std::size_t half_bytes(std::size_t rows, std::size_t words) {
  return (rows + kHalfRows - 1) / kHalfRows * kHalfRows * words * 8;
}

void pack_halves(const std::uint64_t* rows, std::size_t count, std::size_t words, std::byte* out) {
  std::memset(out, 0, half_bytes(count, words));
  for (std::size_t j = 0; j < count; ++j) {
    std::byte* group = out + j / kHalfRows * kHalfRows * words * 8 + j % kHalfRows * 4;
    for (std::size_t k = 0; k < words; ++k) {
      const std::uint64_t word = rows[j * words + k];
      const auto low = static_cast<std::uint32_t>(word);
      const auto high = static_cast<std::uint32_t>(word >> 32);
      std::memcpy(group + (2 * k) * kHalfRows * 4, &low, 4);
      std::memcpy(group + (2 * k + 1) * kHalfRows * 4, &high, 4);
    }
  }
}

TESSERA_AVX512 void scan_halves(const ScanBlock& block, Scratch& scratch,
                                std::vector<Candidate>& out) {
  const std::size_t halves = block.words * 2;
  const std::size_t padded = (block.left_rows + 3) / 4 * 4;
  // A left row past the end repeats the last one; emit_negative() leaves it out.
  auto* left = static_cast<std::uint32_t*>(scratch.take(padded * halves * 4));
  for (std::size_t i = 0; i < padded; ++i)
    std::memcpy(left + i * halves, block.left + std::min(i, block.left_rows - 1) * block.words,
                halves * 4);
  for (std::size_t at = 0; at < block.right_rows; at += kHalfRows) {
    const auto* group = reinterpret_cast<const __m512i*>(block.packed + at * halves * 4);
    const __m512i one = _mm512_set1_epi32(1);
    const __m512i zero = _mm512_setzero_si512();
    const __m512i m0 =
        _mm512_sub_epi32(_mm512_sub_epi32(zero, _mm512_loadu_si512(block.right_budget + at)), one);
    const __m512i m1 = _mm512_sub_epi32(
        _mm512_sub_epi32(zero, _mm512_loadu_si512(block.right_budget + at + 16)), one);
    const __m512i m2 = _mm512_sub_epi32(
        _mm512_sub_epi32(zero, _mm512_loadu_si512(block.right_budget + at + 32)), one);
    const __m512i m3 = _mm512_sub_epi32(
        _mm512_sub_epi32(zero, _mm512_loadu_si512(block.right_budget + at + 48)), one);
    for (std::size_t i = 0; i < block.left_rows; i += 4) {
      const std::uint32_t* a0 = left + i * halves;
      const std::uint32_t* a1 = a0 + halves;
      const std::uint32_t* a2 = a1 + halves;
      const std::uint32_t* a3 = a2 + halves;
      const std::size_t last = block.left_rows - 1;
      __m512i b = _mm512_set1_epi32(block.left_budget[i]);
      __m512i s00 = _mm512_sub_epi32(m0, b), s01 = _mm512_sub_epi32(m1, b),
              s02 = _mm512_sub_epi32(m2, b), s03 = _mm512_sub_epi32(m3, b);
      b = _mm512_set1_epi32(block.left_budget[std::min(i + 1, last)]);
      __m512i s10 = _mm512_sub_epi32(m0, b), s11 = _mm512_sub_epi32(m1, b),
              s12 = _mm512_sub_epi32(m2, b), s13 = _mm512_sub_epi32(m3, b);
      b = _mm512_set1_epi32(block.left_budget[std::min(i + 2, last)]);
      __m512i s20 = _mm512_sub_epi32(m0, b), s21 = _mm512_sub_epi32(m1, b),
              s22 = _mm512_sub_epi32(m2, b), s23 = _mm512_sub_epi32(m3, b);
      b = _mm512_set1_epi32(block.left_budget[std::min(i + 3, last)]);
      __m512i s30 = _mm512_sub_epi32(m0, b), s31 = _mm512_sub_epi32(m1, b),
              s32 = _mm512_sub_epi32(m2, b), s33 = _mm512_sub_epi32(m3, b);
      const __m512i* x = group;
      for (std::size_t k = 0; k < halves; ++k, x += 4) {
        const __m512i x0 = _mm512_load_si512(x), x1 = _mm512_load_si512(x + 1),
                      x2 = _mm512_load_si512(x + 2), x3 = _mm512_load_si512(x + 3);
        __m512i a = _mm512_set1_epi32(static_cast<int>(a0[k]));
        s00 = counted(s00, a, x0), s01 = counted(s01, a, x1);
        s02 = counted(s02, a, x2), s03 = counted(s03, a, x3);
        a = _mm512_set1_epi32(static_cast<int>(a1[k]));
        s10 = counted(s10, a, x0), s11 = counted(s11, a, x1);
        s12 = counted(s12, a, x2), s13 = counted(s13, a, x3);
        a = _mm512_set1_epi32(static_cast<int>(a2[k]));
        s20 = counted(s20, a, x0), s21 = counted(s21, a, x1);
        s22 = counted(s22, a, x2), s23 = counted(s23, a, x3);
        a = _mm512_set1_epi32(static_cast<int>(a3[k]));
        s30 = counted(s30, a, x0), s31 = counted(s31, a, x1);
        s32 = counted(s32, a, x2), s33 = counted(s33, a, x3);
      }
      // One branch for 256 pairs: a sign bit anywhere.
      const __m512i any = or3(or3(or3(s00, s01, s02), or3(s03, s10, s11), or3(s12, s13, s20)),
                              or3(s21, s22, s23), or3(or3(s30, s31, s32), s33, s33));
      if (_mm512_cmplt_epi32_mask(any, zero) == 0) continue;
      emit_negative(s00, i, at, block, out), emit_negative(s01, i, at + 16, block, out);
      emit_negative(s02, i, at + 32, block, out), emit_negative(s03, i, at + 48, block, out);
      emit_negative(s10, i + 1, at, block, out), emit_negative(s11, i + 1, at + 16, block, out);
      emit_negative(s12, i + 1, at + 32, block, out),
          emit_negative(s13, i + 1, at + 48, block, out);
      emit_negative(s20, i + 2, at, block, out), emit_negative(s21, i + 2, at + 16, block, out);
      emit_negative(s22, i + 2, at + 32, block, out),
          emit_negative(s23, i + 2, at + 48, block, out);
      emit_negative(s30, i + 3, at, block, out), emit_negative(s31, i + 3, at + 16, block, out);
      emit_negative(s32, i + 3, at + 32, block, out),
          emit_negative(s33, i + 3, at + 48, block, out);
    }
  }
}

std::size_t sextet_bytes(std::size_t rows, std::size_t words) {
  return (rows + kSextetRows - 1) / kSextetRows * kSextetRows * sextets(words);
}

void pack_sextets(const std::uint64_t* rows, std::size_t count, std::size_t words, std::byte* out) {
  const std::size_t steps = sextets(words);
  std::memset(out, 0, sextet_bytes(count, words));
  for (std::size_t j = 0; j < count; ++j) {
    std::byte* group = out + j / kSextetRows * kSextetRows * steps + j % kSextetRows;
    for (std::size_t i = 0; i < steps; ++i)
      group[i * kSextetRows] = static_cast<std::byte>(sextet(rows + j * words, words, i));
  }
}

namespace {

// Names the rows of 64 whose byte sums are within both budgets.
TESSERA_VBMI inline void emit_within(__m512i sum, __m512i budget, std::size_t left,
                                     std::size_t right, const ScanBlock& block,
                                     std::vector<Candidate>& out) {
  const std::size_t row = std::min(left, block.left_rows - 1);
  const __m512i allowed =
      _mm512_adds_epu8(budget, _mm512_set1_epi8(static_cast<char>(block.left_budget[row])));
  const std::uint64_t mask = _mm512_cmple_epu8_mask(sum, allowed);
  if (mask != 0 && left < block.left_rows) emit(mask, left, right, block.right_rows, out);
}

TESSERA_VBMI inline __m512i looked_up(__m512i sum, __m512i table, __m512i x) {
  return _mm512_adds_epu8(sum, _mm512_permutexvar_epi8(x, table));
}

TESSERA_VBMI inline __m512i sextet_table(std::uint8_t value) {
  return _mm512_load_si512(kTables.differ[value]);
}

}  // namespace

TESSERA_VBMI void scan_sextets(const ScanBlock& block, Scratch& scratch,
                               std::vector<Candidate>& out) {
  const std::size_t steps = sextets(block.words);
  const std::size_t padded = (block.left_rows + 3) / 4 * 4;
  auto* left = static_cast<std::uint8_t*>(scratch.take(padded * steps));
  for (std::size_t i = 0; i < padded; ++i)
    for (std::size_t k = 0; k < steps; ++k)
      left[i * steps + k] =
          sextet(block.left + std::min(i, block.left_rows - 1) * block.words, block.words, k);
  alignas(64) std::uint8_t budgets[kSextetRows];
  for (std::size_t at = 0; at < block.right_rows; at += kSextetRows) {
    const auto* group = reinterpret_cast<const __m512i*>(block.packed + at * steps);
    for (std::size_t j = 0; j < kSextetRows; ++j)
      budgets[j] = static_cast<std::uint8_t>(std::clamp(block.right_budget[at + j], 0, 255));
    const __m512i b0 = _mm512_load_si512(budgets), b1 = _mm512_load_si512(budgets + 64),
                  b2 = _mm512_load_si512(budgets + 128), b3 = _mm512_load_si512(budgets + 192);
    for (std::size_t i = 0; i < block.left_rows; i += 4) {
      const std::uint8_t* n0 = left + i * steps;
      const std::uint8_t* n1 = n0 + steps;
      const std::uint8_t* n2 = n1 + steps;
      const std::uint8_t* n3 = n2 + steps;
      const __m512i zero = _mm512_setzero_si512();
      __m512i s00 = zero, s01 = zero, s02 = zero, s03 = zero, s10 = zero, s11 = zero, s12 = zero,
              s13 = zero, s20 = zero, s21 = zero, s22 = zero, s23 = zero, s30 = zero, s31 = zero,
              s32 = zero, s33 = zero;
      const __m512i* x = group;
      for (std::size_t k = 0; k < steps; ++k, x += 4) {
        const __m512i x0 = _mm512_load_si512(x), x1 = _mm512_load_si512(x + 1),
                      x2 = _mm512_load_si512(x + 2), x3 = _mm512_load_si512(x + 3);
        __m512i t = sextet_table(n0[k]);
        s00 = looked_up(s00, t, x0), s01 = looked_up(s01, t, x1);
        s02 = looked_up(s02, t, x2), s03 = looked_up(s03, t, x3);
        t = sextet_table(n1[k]);
        s10 = looked_up(s10, t, x0), s11 = looked_up(s11, t, x1);
        s12 = looked_up(s12, t, x2), s13 = looked_up(s13, t, x3);
        t = sextet_table(n2[k]);
        s20 = looked_up(s20, t, x0), s21 = looked_up(s21, t, x1);
        s22 = looked_up(s22, t, x2), s23 = looked_up(s23, t, x3);
        t = sextet_table(n3[k]);
        s30 = looked_up(s30, t, x0), s31 = looked_up(s31, t, x1);
        s32 = looked_up(s32, t, x2), s33 = looked_up(s33, t, x3);
      }
      emit_within(s00, b0, i, at, block, out), emit_within(s01, b1, i, at + 64, block, out);
      emit_within(s02, b2, i, at + 128, block, out), emit_within(s03, b3, i, at + 192, block, out);
      emit_within(s10, b0, i + 1, at, block, out), emit_within(s11, b1, i + 1, at + 64, block, out);
      emit_within(s12, b2, i + 1, at + 128, block, out),
          emit_within(s13, b3, i + 1, at + 192, block, out);
      emit_within(s20, b0, i + 2, at, block, out), emit_within(s21, b1, i + 2, at + 64, block, out);
      emit_within(s22, b2, i + 2, at + 128, block, out),
          emit_within(s23, b3, i + 2, at + 192, block, out);
      emit_within(s30, b0, i + 3, at, block, out), emit_within(s31, b1, i + 3, at + 64, block, out);
      emit_within(s32, b2, i + 3, at + 128, block, out),
          emit_within(s33, b3, i + 3, at + 192, block, out);
    }
  }
}

}  // namespace tessera::bits
#endif
