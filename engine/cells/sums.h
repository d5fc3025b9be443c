// Counts and the sums between them: what a reader of published tables can reason about.
#pragma once

#include <cstdint>
#include <vector>

namespace tessera::cells {

// total = sum of parts; all are positions in Sums::value.
struct Relation {
  std::uint32_t total = 0;
  std::vector<std::uint32_t> parts;
};

// Every count that may be printed, once, and every sum that a reader knows to hold. Tables that
// share a margin share its cell, so that what one table gives away counts against the other.
// Counts are of persons and not negative; up to 2^40, so that sums stay exact in a double.
struct Sums {
  std::vector<std::int64_t> value;
  std::vector<bool> is_total;  // parallel to value
  std::vector<Relation> relations;
};

// What a reader can narrow a hidden count to; both ends are reached by some table that agrees with
// everything printed.
struct Interval {
  std::int64_t low = 0;
  std::int64_t high = 0;
  std::int64_t width() const { return high - low; }
  bool operator==(const Interval&) const = default;
};

// Highest end of an interval that the sums leave open: "no bound".
inline constexpr std::int64_t kUnbounded = std::int64_t{1} << 40;

}  // namespace tessera::cells
