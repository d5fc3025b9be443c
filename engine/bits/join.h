// All pairs of two sets of filters with Dice >= t, exactly, by a filtered brute force.
//
// Both sides are sorted by their number of set bits. Right rows are taken in tiles, left rows in
// chunks within the window that the counts allow; a scanner names the pairs whose folds are near
// enough, and those are counted on the full filters and decided in integers. No index, prefix or
// tree does better on such data up to a million rows a side (docs/clk.md has the measurements).
#pragma once

#include <cstdint>
#include <span>

#include "engine/bits/kernels.h"
#include "engine/bits/matrix.h"
#include "engine/bits/threshold.h"
#include "engine/core/progress.h"

namespace tessera::bits {

// A pair to keep. Its Dice is 2 shared / sum, or 0 where sum is 0.
struct Hit {
  std::uint32_t left;  // rows of the input, before sorting
  std::uint32_t right;
  std::uint32_t shared;  // bits set in both
  std::uint32_t sum;     // |left| + |right|
  bool operator==(const Hit&) const = default;
};

// Takes hits as they are found, in no particular order, from one thread at a time. It is what
// bounds the memory of a join: the join itself keeps a few MiB per thread.
class HitSink {
 public:
  virtual ~HitSink() = default;
  virtual void take(std::span<const Hit> hits) = 0;
};

struct JoinOptions {
  Threshold threshold;
  const Kernel* kernel = nullptr;  // nullptr: the best one
  std::size_t fold_words = 0;      // 0: choose by sampling
};

struct JoinTally {
  std::uint64_t pairs = 0;       // in all
  std::uint64_t scanned = 0;     // within the window of counts
  std::uint64_t candidates = 0;  // let through by the fold
  std::uint64_t hits = 0;
};

// Every (left, right) with Dice >= t. REQUIRES: sides of equal bits(). The set of hits is the same
// for any kernel, fold, number of threads and order of rows. Progress counts pairs.
JoinTally join(const Sorted& left, const Sorted& right, const JoinOptions& options, HitSink& sink,
               Progress& progress);

// Every pair of distinct rows of one set, once, the smaller row as left.
JoinTally join_within(const Sorted& rows, const JoinOptions& options, HitSink& sink,
                      Progress& progress);

}  // namespace tessera::bits
