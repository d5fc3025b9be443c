// Candidates for one person share the mass: two equally good ones are each at best a coin's toss.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/link/pipeline.h"

namespace tessera::link {

double probability_of(Decinats logit);  // 1 / (1 + exp(-logit / 10))
Decinats logit_of(double probability);  // its inverse, rounded; clamped to +-kSurest

// Probability of each pair after competition: w / (1 + max(sum over the rivals at a, at b)) with
// w = exp(logit). Rivals of a pair (a, b) at a are the pairs of a with records of b's group, and
// likewise at b: a group is expected to hold a person once. Pairs inside a group have no rivals.
// `unit` (empty: every record its own) joins records known to be one person: they are one rival,
// with their strongest pair. REQUIRES: records of a unit are of one group; `pairs` sorted by (a,
// b). The order of summation is fixed, so results do not depend on threads.
std::vector<float> compete(std::span<const Pair> pairs, std::span<const std::uint32_t> group,
                           std::span<const std::uint32_t> unit = {});

}  // namespace tessera::link
