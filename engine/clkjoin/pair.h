// A candidate pair of the field: two records of two datasets and how alike they are.
#pragma once

#include <cstdint>

namespace tessera::clkjoin {

struct Pair {
  double similarity;
  std::uint32_t dataset0, dataset1;
  std::uint32_t row0, row1;
  bool operator==(const Pair&) const = default;
};

// The order in which the field's solvers take pairs: most alike first, then by where they are.
inline bool before(const Pair& a, const Pair& b) {
  if (a.similarity != b.similarity) return a.similarity > b.similarity;
  if (a.dataset0 != b.dataset0) return a.dataset0 < b.dataset0;
  if (a.dataset1 != b.dataset1) return a.dataset1 < b.dataset1;
  if (a.row0 != b.row0) return a.row0 < b.row0;
  return a.row1 < b.row1;
}

}  // namespace tessera::clkjoin
