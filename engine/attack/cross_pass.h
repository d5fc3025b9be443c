// P4, entries across passes: whoever opens entries without their records may still tell which of
// two passes are one record's, by how they resemble what they meet.
//
// Adversary: the comparer of a split linkage unit, with the slips of one mix. Success: pairs of
// records that meet in two passes, whose meeting in one is told from all others in the other.
// Where several fit alike, one is chosen by chance. Method: equal comparison levels and presence,
// then the nearest by the bits that the filters share; small batches have few pairs with the same
// levels.
#pragma once

#include <cstdint>

#include "engine/attack/seen.h"
#include "engine/schema/schema.h"

namespace tessera::attack {

struct CrossPass {
  double right = 0;      // expected, where ties are broken by chance
  std::uint64_t of = 0;  // pairs of records that meet in both passes
  double records = 0;    // expected, of a's: those of which some meeting is put together
};

// `a`, `b`: two owners' entries under one key. REQUIRES: pass != other.
CrossPass link_passes(const schema::Schema& schema, const Seen& a, const Seen& b, std::size_t pass,
                      std::size_t other);

}  // namespace tessera::attack
