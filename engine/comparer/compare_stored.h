// What the comparer does for an assigning registrar: new entries against the stored ones and each
// other.
#pragma once

#include <vector>

#include "engine/comparer/compare.h"
#include "engine/comparer/store.h"
#include "engine/slips/score_file.h"

namespace tessera::comparer {

struct ComparedStored {
  Compared compared;                        // scores from link::kFaintest on
  std::vector<slips::CrowdHandles> crowds;  // in an order that says nothing
  Checksum payloads{};                      // what all entries of the mix come to
  Checksum bare{};                          // what they come to without SSNs
};

// As the plain deployment compares a batch with what is stored (intake/meeting.h): of the same
// entries it finds the same logits. A stored entry of a record that comes again is left out where
// the mix repeats it. Error (conflict) for a handle that is stored with other contents.
// REQUIRES: mix.header().standing; `entries` are the mix's.
Result<ComparedStored> compare_stored(const slips::MixFile& mix, const OpenedMix& entries,
                                      const Store& store, const link::Matcher& matcher,
                                      Progress& progress);
// What goes back to the registrar.
slips::ScoreFile answer_to(const slips::MixFile& mix, const OpenedMix& entries,
                           ComparedStored found, const link::Matcher& matcher);

}  // namespace tessera::comparer
