// Row numbers that occur in a file of pairs, so that what solves it takes memory by the pairs and
// not by the largest number that somebody wrote.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/clkjoin/pair.h"
#include "engine/core/result.h"

namespace tessera::clkjoin {

// At most 64 datasets. About 16 bytes a pair while rows are collected. Not thread safe.
class UsedRows {
 public:
  // A dataset's number beyond 63 is a limit error.
  Result<void> add(std::span<const Pair> pairs);
  // To be called once, after the last add().
  void finish();

  // How many rows of each dataset occur, after finish().
  std::vector<std::uint32_t> counts() const;
  // A row's place among those of its dataset that occur, and back. Places are in the order of the
  // rows, so that whatever depends on the order of rows comes out the same.
  // REQUIRES: finished, the row was added.
  std::uint32_t place(std::uint32_t dataset, std::uint32_t row) const;
  std::uint32_t row(std::uint32_t dataset, std::uint32_t place) const {
    return rows_[dataset][place];
  }

 private:
  std::vector<std::vector<std::uint32_t>> rows_;
  std::vector<std::size_t> sorted_;  // of each dataset, how many were sorted and unique last
};

}  // namespace tessera::clkjoin
