// P4 for the registrar of a split linkage unit: who pairs up with whom, how surely and in how many
// blocks, says who somebody is, though no number alone is anybody's own.
//
// Adversary: the registrar, with a perfect copy of its owners' rosters, which it encodes and
// compares under a key of its own. Success: records whose person is named. Method: as tolerant
// refinement of blocks (refine.h), on the graph of scores: a record's own scores, its partners'
// colours after refining, and who a partner was found to be in the turn before.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/attack/rare_features.h"
#include "engine/attack/told_scores.h"
#include "engine/core/progress.h"

namespace tessera::attack {

struct ScoreGraphOptions {
  RareOptions rare;
  int turns = 3;
};

// For each record, a's and then b's, one of the same owner's, or kNoClaim. Deterministic for any
// number of threads.
std::vector<std::uint32_t> match_score_graphs(std::span<const ToldScore> victim,
                                              std::span<const ToldScore> attacker,
                                              std::uint32_t a_records, std::uint32_t b_records,
                                              const ScoreGraphOptions& options, Progress& progress);

}  // namespace tessera::attack
