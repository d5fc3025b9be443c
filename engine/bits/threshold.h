// A Dice threshold as a fraction of two integers, so that no decision is taken in floating point.
//
// Dice(a, b) = 2 c / (|a| + |b|), c the bits both have, |x| the bits x has. With t = P / Q,
//   Dice >= t  <=>  c >= need(s) = ceil(P s / 2Q)  <=>  ham(a, b) <= s - 2 need(s),  s = |a| + |b|.
// ham is the number of bits that differ. Pairs exactly at the threshold are kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/core/result.h"

namespace tessera::bits {

// t = numerator / denominator, in [0, 1]. The denominator is a power of ten, at most 10^9.
struct Threshold {
  std::uint64_t numerator = 0;
  std::uint64_t denominator = 1;
  double value() const { return static_cast<double>(numerator) / static_cast<double>(denominator); }
};

// Reads "0.85", ".9", "1", "1.0": plain decimals of at most nine places. Anything else is a usage
// error: a threshold is a decimal number its writer meant exactly.
Result<Threshold> parse_threshold(std::string_view text);

// What a threshold asks of a pair of filters of at most `bits` bits. Values, thread safe.
class Decision {
 public:
  Decision(Threshold t, std::size_t bits);

  const Threshold& threshold() const { return threshold_; }
  // Fewest shared bits for a pair with `sum` = |a| + |b| set bits. Two empty filters score 0.
  std::uint32_t need(std::size_t sum) const { return need_[sum]; }
  // ham(a, b) of a pair to keep is at most left_budget(|a|) + right_budget(|b|): the two parts are
  // rounded up and down, so no pair is lost and each side is a value of its own.
  std::int32_t left_budget(std::size_t count) const;
  std::int32_t right_budget(std::size_t count) const;
  // The filters worth comparing with one of `count` bits have between low(count) and high(count)
  // bits: a pair has no more shared bits than its smaller filter. low > high: none.
  std::uint32_t low(std::size_t count) const { return low_[count]; }
  std::uint32_t high(std::size_t count) const { return high_[count]; }

 private:
  Threshold threshold_;
  std::vector<std::uint32_t> need_;
  std::vector<std::uint32_t> low_;
  std::vector<std::uint32_t> high_;
};

}  // namespace tessera::bits
