// Sorted runs of pairs in one unnamed file, merged within a bound on memory: in passes, if there
// are too many of them to read at once.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <sys/types.h>
#include <vector>

#include "engine/clkjoin/pair.h"
#include "engine/core/result.h"

namespace tessera::clkjoin {

using TakePairs = std::function<Result<void>(std::span<const Pair>)>;

inline constexpr std::size_t kPairPiece = 65536;  // pairs handed out at once

// Not thread safe.
class PairRuns {
 public:
  // The file is made in `folder` with the first run, and is gone with this object.
  explicit PairRuns(std::string folder) : folder_(std::move(folder)) {}
  PairRuns(PairRuns&& other) noexcept;
  PairRuns& operator=(PairRuns&& other) noexcept;
  ~PairRuns();

  std::size_t runs() const { return ends_.size(); }
  // One run, in the order of before(). An error of the disk names the folder and the cause.
  Result<void> append(std::span<const Pair> sorted);
  // Gives all pairs in order, equal ones once, in pieces of at most kPairPiece; nothing is left.
  // Takes `memory` bytes and a piece; at least two runs are read at once, 64 pairs from each.
  Result<void> merge(std::size_t memory, const TakePairs& take);

 private:
  Result<void> write(std::span<const Pair> pairs);
  Result<void> merge_some(std::size_t from, std::size_t to, std::size_t ahead,
                          const TakePairs& take) const;
  Error error(const char* what) const;

  std::string folder_;
  int file_ = -1;
  off_t written_ = 0;
  std::vector<off_t> ends_;  // of each run; it begins where the one before it ends
};

}  // namespace tessera::clkjoin
