// P4, structural refinement: who shares a block with whom, in which passes and with what in common,
// says who somebody is, without a key.
//
// Adversary: sees every entry of every pass and the record of each (the plain deployment), holds a
// plaintext roster, and encodes it under a key of its own, so that it knows the same structure with
// the names on. Success: victim records whose person is named.
// Sources: colour refinement, Weisfeiler & Leman (1968), as in Shervashidze et al., "Weisfeiler-
// Lehman graph kernels" (JMLR 12, 2011); tolerance of missing records after Narayanan & Shmatikov,
// "De-anonymizing social networks" (S&P 2009): many rare features weighed, a claim where the best
// is better than the second; spreading after Yartseva & Grossglauser, "On the performance of
// percolation graph matching" (COSN 2013).
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "engine/attack/graph_match.h"
#include "engine/attack/rare_features.h"
#include "engine/attack/seen.h"
#include "engine/core/progress.h"
#include "engine/schema/schema.h"

namespace tessera::attack {

// Colours of records after `rounds` turns: equal structure, equal colour, whatever the key. A
// record starts with its presence bits; a block's colour is its pass, its size and its members'
// colours.
std::vector<std::uint64_t> colours(const Seen& seen, int rounds);

// Exact: claims where a colour is unique on both sides. One missing record spoils its surroundings.
std::vector<std::uint32_t> refine_exact(const Seen& victim, const Seen& attacker, int rounds);

struct TolerantOptions {
  RareOptions rare;
  std::size_t largest_block = 64;  // of which neighbours are looked at
};

// Noise-tolerant: every record's own colours after 1 to 3 rounds, its blocks, and its neighbours'
// colours and levels of similarity, each weighed by how rare it is on the attacker's side.
Claims refine_tolerant(const schema::Schema& schema, const Seen& victim, const Seen& attacker,
                       const TolerantOptions& options, Progress& progress);

// From pairs believed (or known) outwards: those who share blocks with a believed pair on both
// sides are candidates, marked once per shared block; who has `least_marks` more than the next
// best, is believed too. The seeds are kept as they are.
std::vector<std::uint32_t> percolate(const Seen& victim, const Seen& attacker,
                                     std::span<const std::pair<std::uint32_t, std::uint32_t>> seeds,
                                     float least_marks);

}  // namespace tessera::attack
