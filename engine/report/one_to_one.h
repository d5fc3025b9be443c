// One-to-one assignment of ranked pairs: each record is taken at most once towards each owner.
#pragma once

#include <span>
#include <vector>

#include "engine/report/tally.h"

namespace tessera::report {

// Goes down the ranked pairs and accepts a pair if both ends are free: the left record towards the
// right one's owner, and the right record towards the left one's. Between two owners that is the
// plain greedy assignment; among more, a record may still meet one record of each other owner.
// Keeps the order. It says how well pairs could be assigned; the engine's own assignment looks at
// whole components (see docs/evaluate.md). REQUIRES: the order of sift().
std::vector<Pair> one_to_one(std::span<const Pair> ranked, const People& people);

}  // namespace tessera::report
