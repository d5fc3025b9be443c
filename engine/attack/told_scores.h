// P3 by numbers alone: the logits that a registrar is told of a record may be nobody else's.
//
// Adversary: the registrar of a split linkage unit, with a perfect copy of its owners' rosters,
// which it encodes and compares under a key of its own. Success: records whose scores, partner by
// partner and block by block, are those of one roster row and of no other.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/attack/graph_match.h"
#include "engine/attack/quality.h"
#include "engine/core/progress.h"
#include "engine/core/result.h"
#include "engine/link/matcher.h"

namespace tessera::attack {

// One meeting of two owners' entries, as 'split compare' tells it; a, b: records of either.
struct ToldScore {
  std::uint32_t a = 0, b = 0;
  link::Decinats decinats = 0;
  auto operator<=>(const ToldScore&) const = default;
};

// What a comparer tells of two owners' rosters, encoded under the key that `key_seed` makes.
// Sorted. A pair of records is there once for each block in which it meets. Holds one pass at a
// time.
Result<std::vector<ToldScore>> told_scores(const schema::Schema& schema, const Rosters& rosters,
                                           std::uint64_t key_seed, link::Decinats floor,
                                           Progress& progress);

// Of each pair of records the strongest score; records of b are numbered after a's.
std::vector<link::Pair> strongest(std::span<const ToldScore> told, std::uint32_t a_records);

// Of each record, a's and then b's, the one whose scores are the same, if there is just one on
// either side; else kNoClaim. Owners are known, so records of a are claimed for a.
std::vector<std::uint32_t> match_by_scores(std::span<const ToldScore> victim,
                                           std::span<const ToldScore> attacker,
                                           std::uint32_t a_records, std::uint32_t b_records);

}  // namespace tessera::attack
