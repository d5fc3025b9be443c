// Candidate pairs put in order within a bound on memory: what does not fit is sorted and set aside
// in one file beside the output.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "engine/clkjoin/pair_runs.h"
#include "engine/core/result.h"

namespace tessera::clkjoin {

// Not thread safe.
class PairStore {
 public:
  // All buffers together, those of sorting and reading back among them, take at most `memory`
  // bytes, and never less than 2 MiB; runs go to one unnamed file in `folder`.
  PairStore(std::size_t memory, std::string folder);
  PairStore(PairStore&&) noexcept;
  ~PairStore();

  // Errors of the disk are remembered until drain().
  void add(std::span<const Pair> pairs);
  std::uint64_t size() const;
  // Gives all pairs in order, pairs that were added twice once, in pieces of at most kPairPiece;
  // the store is then empty. May be called once.
  Result<void> drain(const TakePairs& take);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tessera::clkjoin
