// NEON (every 64-bit ARM processor): 16 right rows at a time, a byte of each to a lane. The
// processor counts the bits of bytes itself, so xor, vcnt and an addition handle 8 bits of 16
// pairs. Sums of 31 bytes fit a byte; then they are widened.
// Written without such a machine: compiled and tested under emulation (tests/bits/neon.sh), never
// timed.
#include <algorithm>
#include <cstring>

#include "engine/bits/kernel_parts.h"
#if defined(__aarch64__)
#include <arm_neon.h>

namespace tessera::bits {
namespace {

constexpr std::size_t kRows = 16;
constexpr std::size_t kChunk = 31;  // 31 x 8 differing bits fit a byte
constexpr std::int32_t kMost = 16384;

// The sums of a left row against 16 right rows: rows 0 to 7, then 8 to 15.
struct Sums {
  uint16x8_t low = vdupq_n_u16(0);
  uint16x8_t high = vdupq_n_u16(0);
  void add(uint8x16_t bytes) {
    low = vaddw_u8(low, vget_low_u8(bytes));
    high = vaddw_high_u8(high, bytes);
  }
};

uint8x16_t counted(uint8x16_t sum, uint8x16_t right, const std::uint8_t* left) {
  return vaddq_u8(sum, vcntq_u8(veorq_u8(right, vld1q_dup_u8(left))));
}

// Names the rows of 16 whose sums are within both budgets.
void emit(const ScanBlock& block, const Sums& sums, int16x8_t budget_low, int16x8_t budget_high,
          std::size_t row, std::size_t at, std::vector<Candidate>& out) {
  if (row >= block.left_rows) return;
  const int16x8_t left =
      vdupq_n_s16(static_cast<std::int16_t>(std::min(block.left_budget[row], kMost)));
  const uint16x8_t low = vcleq_s16(vreinterpretq_s16_u16(sums.low), vqaddq_s16(budget_low, left));
  const uint16x8_t high =
      vcleq_s16(vreinterpretq_s16_u16(sums.high), vqaddq_s16(budget_high, left));
  if (vmaxvq_u16(vorrq_u16(low, high)) == 0) return;
  std::uint16_t within[kRows];
  vst1q_u16(within, low);
  vst1q_u16(within + 8, high);
  const std::size_t end = std::min(kRows, block.right_rows - at);
  for (std::size_t j = 0; j < end; ++j)
    if (within[j] != 0)
      out.push_back({static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(at + j)});
}

}  // namespace

std::uint32_t count_and_neon(const std::uint64_t* a, const std::uint64_t* b, std::size_t n) {
  uint64x2_t sum = vdupq_n_u64(0);
  std::size_t i = 0;
  for (; i + 2 <= n; i += 2) {
    const uint8x16_t both = vreinterpretq_u8_u64(vandq_u64(vld1q_u64(a + i), vld1q_u64(b + i)));
    sum = vpadalq_u32(sum, vpaddlq_u16(vpaddlq_u8(vcntq_u8(both))));
  }
  std::uint64_t total = vaddvq_u64(sum);
  if (i < n) total += vaddlv_u8(vcnt_u8(vcreate_u8(a[i] & b[i])));
  return static_cast<std::uint32_t>(total);
}

std::size_t lane_bytes(std::size_t rows, std::size_t words) {
  return (rows + kRows - 1) / kRows * kRows * words * 8;
}

void pack_lanes(const std::uint64_t* rows, std::size_t count, std::size_t words, std::byte* out) {
  const std::size_t bytes = words * 8;
  std::memset(out, 0, lane_bytes(count, words));
  const auto* from = reinterpret_cast<const std::byte*>(rows);
  for (std::size_t j = 0; j < count; ++j) {
    std::byte* group = out + j / kRows * kRows * bytes + j % kRows;
    for (std::size_t k = 0; k < bytes; ++k) group[k * kRows] = from[j * bytes + k];
  }
}

// Four left rows against 16 right ones. A left row past the end repeats the last; emit() leaves it
// out.
void scan_lanes(const ScanBlock& block, Scratch&, std::vector<Candidate>& out) {
  const std::size_t bytes = block.words * 8;
  const auto* left = reinterpret_cast<const std::uint8_t*>(block.left);
  const auto row = [&](std::size_t i) { return left + std::min(i, block.left_rows - 1) * bytes; };
  for (std::size_t at = 0; at < block.right_rows; at += kRows) {
    const auto* group = reinterpret_cast<const std::uint8_t*>(block.packed) + at * bytes;
    std::int16_t budgets[kRows];
    for (std::size_t j = 0; j < kRows; ++j)
      budgets[j] = static_cast<std::int16_t>(std::clamp(block.right_budget[at + j], -1, kMost));
    const int16x8_t budget_low = vld1q_s16(budgets);
    const int16x8_t budget_high = vld1q_s16(budgets + 8);
    for (std::size_t i = 0; i < block.left_rows; i += 4) {
      const std::uint8_t *n0 = row(i), *n1 = row(i + 1), *n2 = row(i + 2), *n3 = row(i + 3);
      Sums sums0, sums1, sums2, sums3;
      for (std::size_t from = 0; from < bytes; from += kChunk) {
        uint8x16_t s0 = vdupq_n_u8(0), s1 = s0, s2 = s0, s3 = s0;
        for (std::size_t k = from, to = std::min(bytes, from + kChunk); k < to; ++k) {
          const uint8x16_t x = vld1q_u8(group + k * kRows);
          s0 = counted(s0, x, n0 + k);
          s1 = counted(s1, x, n1 + k);
          s2 = counted(s2, x, n2 + k);
          s3 = counted(s3, x, n3 + k);
        }
        sums0.add(s0), sums1.add(s1), sums2.add(s2), sums3.add(s3);
      }
      emit(block, sums0, budget_low, budget_high, i, at, out);
      emit(block, sums1, budget_low, budget_high, i + 1, at, out);
      emit(block, sums2, budget_low, budget_high, i + 2, at, out);
      emit(block, sums3, budget_low, budget_high, i + 3, at, out);
    }
  }
}

}  // namespace tessera::bits
#endif
