// P4 inside blocks: a matcher that sees one pass alone still sees who is how similar to whom.
//
// Adversary: one role of a split linkage unit, with the entries of one pass and no records; holds a
// roster and encodes it under a key of its own. Success: entries whose person is named.
// Sources: blocks are told apart by their rare patterns of comparison levels, weighed as words of
// documents are (Sparck Jones 1972; overlap after Jaccard); inside a pair of blocks the members are
// matched by their patterns towards the members already matched, in turns, as projected power
// iteration does for graph matching (Onaran & Villar 2017).
#pragma once

#include <cstdint>
#include <vector>

#include "engine/attack/graph_match.h"
#include "engine/attack/seen.h"
#include "engine/core/progress.h"
#include "engine/schema/schema.h"

namespace tessera::attack {

struct InBlockOptions {
  std::size_t rarest = 400;   // a feature of more blocks proposes none
  std::size_t largest = 200;  // entries of a block that is looked at
  int turns = 6;
};

// One claim per victim row of the pass: an attacker record, or kNoClaim where nothing tells it from
// another. Deterministic for any number of threads.
std::vector<std::uint32_t> match_in_blocks(const schema::Schema& schema, std::size_t pass,
                                           const SeenPass& victim, const SeenPass& attacker,
                                           const InBlockOptions& options, Progress& progress);

}  // namespace tessera::attack
