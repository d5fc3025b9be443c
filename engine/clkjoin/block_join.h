// Comparing only rows that share a candidate block: many small blocks, some large ones, each pair
// of rows once.
#pragma once

#include "engine/bits/join.h"
#include "engine/clkjoin/clk_file.h"

namespace tessera::clkjoin {

struct BlockJoinOptions {
  bits::JoinOptions join;
  std::uint32_t top_k = 0;  // per left row and block; 0: all. Ties: the lower right row.
};

// Every (left, right) with Dice >= t that shares a block. Without top_k each pair once; with it a
// pair comes once for each block in which it is among the best. `names` = number of block names.
bits::JoinTally join_blocks(const bits::Matrix& left, const RowBlocks& left_blocks,
                            const bits::Matrix& right, const RowBlocks& right_blocks,
                            std::size_t names, const BlockJoinOptions& options, bits::HitSink& sink,
                            Progress& progress);

// Every pair of distinct rows of one party that shares a block, once, the smaller row as left.
bits::JoinTally join_blocks_within(const bits::Matrix& rows, const RowBlocks& blocks,
                                   std::size_t names, const BlockJoinOptions& options,
                                   bits::HitSink& sink, Progress& progress);

// Keeps, for each left row, its k best hits: most alike first, then the lower right row.
void keep_best(std::vector<bits::Hit>& hits, std::uint32_t k);

}  // namespace tessera::clkjoin
