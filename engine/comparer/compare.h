// What the comparer of a split linkage unit does: entries without owners to pairs of handles.
#pragma once

#include <functional>
#include <vector>

#include "engine/comparer/opened_mix.h"
#include "engine/core/progress.h"
#include "engine/core/result.h"
#include "engine/link/matcher.h"
#include "engine/link/pipeline.h"
#include "engine/slips/score_file.h"

namespace tessera::comparer {

struct Compared {
  std::vector<slips::ScoredHandles> scores;  // sorted; at least the floor
  link::Fit fit;
  std::vector<link::PassCounts> counts;
};

// Pairs of numbers as pairs of handles.
Compared told(link::Scored scored, const std::function<encoded::Handle(std::uint32_t)>& handle_of);

// link::score over the mix. Of the same files it finds the same logits as the plain deployment; a
// pair of records that meets in several blocks is there once for each.
Result<Compared> compare(const OpenedMix& mix, const link::Matcher& matcher, link::Decinats floor,
                         Progress& progress);

}  // namespace tessera::comparer
