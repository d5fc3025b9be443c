// One record, one partner: the best assignment between groups, and what was too close to call.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace tessera::cluster {

// A candidate link between two records. Logits are tenths of a nat; above 0 is likelier than not.
struct Candidate {
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  std::int16_t logit = 0;
};

// Largest component solved exactly; above it the best link first.
inline constexpr std::size_t kLargestExact = 200;

// Chooses candidates so that every record has at most one partner per group and the sum of logits
// is largest; leaving a record alone costs nothing, so only logits above 0 are chosen. Returns the
// indices of the chosen candidates, rising. Components of up to kLargestExact records are solved
// exactly (shortest augmenting paths; Jonker and Volgenant 1987); ties go to the smaller index, so
// the result depends on the candidates alone, not on their order among equals in memory.
// REQUIRES: candidates sorted by (a, b), each once, group[a] != group[b].
std::vector<std::uint32_t> assign(std::span<const Candidate> candidates,
                                  std::span<const std::uint32_t> group);

}  // namespace tessera::cluster
