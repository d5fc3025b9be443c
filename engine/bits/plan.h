// How wide a fold to scan with: chosen by sampling the data, per band of budgets, never hard-wired.
//
// A narrow fold is cheap but lets more pairs through to be checked; one word too narrow and the
// checks drown everything. So a plan counts, on a sample of pairs, how many each width lets
// through, and takes the scanner and width of least expected cost. Any plan gives the same hits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/bits/kernels.h"
#include "engine/bits/matrix.h"
#include "engine/bits/threshold.h"

namespace tessera::bits {

struct Step {
  const Scanner* scanner;
  std::size_t words;  // width of the fold; the filter's own width = no fold
};

// Immutable once made; thread safe. The same data gives the same plan: no clock is read.
class Plan {
 public:
  // `fold_words` forces the width (capped at the filter's); 0 = choose.
  Plan(const Sorted& left, const Sorted& right, const Decision& decision, const Kernel& kernel,
       std::size_t fold_words);
  // For a block of pairs whose largest left + right budget is `budget`.
  const Step& at(std::int32_t budget) const;
  // Largest step in use, in words.
  std::size_t widest() const { return widest_; }

 private:
  std::vector<Step> steps_;  // per kBand of budgets
  std::size_t widest_ = 1;
};

// The step for a small block, without a sample: the smallest width whose folds of unlike filters
// differ, by nine standard deviations, in more bits than the budget allows.
Step plain_step(const Kernel& kernel, std::size_t words, std::int32_t budget);

}  // namespace tessera::bits
