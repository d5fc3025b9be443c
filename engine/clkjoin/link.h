// CLKs of one or more parties to candidate pairs: which joins to run, top-k, and the order.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/bits/lsh.h"
#include "engine/clkjoin/block_join.h"
#include "engine/clkjoin/pair_store.h"

namespace tessera::clkjoin {

struct LinkOptions {
  bits::JoinOptions join;
  std::uint32_t top_k = 0;              // candidates per record and pair of datasets; 0: all
  std::optional<bits::LshOptions> lsh;  // look only where hash tables agree; not with blocks
  std::size_t memory = std::size_t{512} << 20;  // bytes of pairs held before the disk is used
  std::string folder = ".";                     // where they go then
};

struct LinkTally {
  bits::JoinTally join;
  std::uint64_t candidates = 0;
  // LSH: rows compared with everything, in how many pairs of rows; the pairs at or above the
  // threshold among these, and how many of them LSH finds.
  std::uint64_t sample_rows = 0, sample_compared = 0, sample_pairs = 0, sample_found = 0;
};

// Hands on all candidate pairs, in the order of before(), each once. One party: pairs of distinct
// rows within it (row0 < row1). More: pairs across parties, dataset0 < dataset1. `blocks` is empty
// or has one entry per party. Parties must agree in bits; an empty one agrees with any.
Result<LinkTally> link(std::vector<bits::Matrix> parties, const std::vector<RowBlocks>& blocks,
                       std::size_t block_names, const LinkOptions& options, Progress& progress,
                       const std::function<Result<void>(std::span<const Pair>)>& take);

}  // namespace tessera::clkjoin
