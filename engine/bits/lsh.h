// Locality-sensitive hashing: compare only rows that agree on some sample of bits. Far fewer
// comparisons than a join of a million rows a side, and some pairs lost; so it is asked for by
// name, and says what share of *all* pairs >= t it finds, measured on a brute-forced sample of
// rows. Recall on true matches is higher, and hides the pairs just above the threshold.
#pragma once

#include <cstdint>

#include "engine/bits/join.h"

namespace tessera::bits {

struct LshOptions {
  std::size_t tables = 90;   // 1 to 1,000
  std::size_t key_bits = 0;  // sampled bits per table, 1 to 32; 0: by the number of rows
  std::uint64_t seed = 1;    // same seed, same tables
  // For the estimate, left rows are compared with everything: so many at first, then twice as many
  // again and again, until so many pairs >= t were seen, the next step would compare more than so
  // many pairs of rows in all, or no row is left.
  std::size_t sample_rows = 100;
  std::uint64_t sample_pairs = 2000;
  std::uint64_t sample_work = std::uint64_t{20'000'000'000};
};

struct LshTally {
  JoinTally join;                     // join.pairs: as often as a table had them compared
  std::uint64_t sample_rows = 0;      // left rows
  std::uint64_t sample_compared = 0;  // pairs of rows
  std::uint64_t sample_pairs = 0;     // pairs >= t of the sampled rows, each once
  std::uint64_t sample_found = 0;     // of those, pairs that some table brings together
};

// Pairs with Dice >= t that agree in some table, each once. Progress counts pairs, table by table.
LshTally lsh_join(const Sorted& left, const Sorted& right, const JoinOptions& options,
                  const LshOptions& lsh, HitSink& sink, Progress& progress);
LshTally lsh_join_within(const Sorted& rows, const JoinOptions& options, const LshOptions& lsh,
                         HitSink& sink, Progress& progress);

}  // namespace tessera::bits
