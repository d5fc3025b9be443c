// Candidate pairs put in order within a bound on memory: what does not fit is sorted and set aside
// in a file beside the output.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "engine/clkjoin/pair.h"
#include "engine/core/result.h"

namespace tessera::clkjoin {

// Not thread safe.
class PairStore {
 public:
  // Holds at most about `memory` bytes of pairs; runs go to unnamed files in `folder`.
  PairStore(std::size_t memory, std::string folder);
  PairStore(PairStore&&) noexcept;
  ~PairStore();

  // Errors of the disk are remembered until drain().
  void add(std::span<const Pair> pairs);
  std::uint64_t size() const;
  // Gives all pairs in order, pairs that were added twice once, in pieces of at most 65,536; the
  // store is then empty. May be called once.
  Result<void> drain(const std::function<Result<void>(std::span<const Pair>)>& take);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tessera::clkjoin
