// Records described by features that need no key, and named by those of them that are rare.
//
// Source: many rare features weighed, a claim where the best is better than the second, after
// Narayanan & Shmatikov, "De-anonymizing social networks" (S&P 2009); weights as of words in
// documents (Sparck Jones 1972).
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "engine/attack/graph_match.h"
#include "engine/core/progress.h"

namespace tessera::attack {

// The features of all records, each a 64-bit hash; the n-th copy of one in a record is another.
struct Features {
  std::vector<std::size_t> start;
  std::vector<std::uint64_t> value;
  std::uint32_t records() const { return static_cast<std::uint32_t>(start.size() - 1); }
  std::span<const std::uint64_t> of(std::uint32_t r) const {
    return {value.data() + start[r], start[r + 1] - start[r]};
  }
};

// Makes the n-th copy of a feature another feature; not in order any more where there were copies.
void number_copies(std::span<std::uint64_t> sorted, std::uint64_t salt);

// `describe` adds the features of one record, in any order; it is called on all threads.
Features features_of(
    std::uint32_t records,
    const std::function<void(std::uint32_t record, std::vector<std::uint64_t>& out)>& describe);

struct RareOptions {
  std::size_t rarest = 200;  // a feature shared by more attacker records proposes nobody
  double margin = 0.05;      // of the best score, over the second
};

struct Claims {
  std::vector<std::uint32_t> claim;  // attacker record, or kNoClaim
  std::vector<float> margin;         // how clearly, 0..1
};

// The attacker record that shares most with each victim record, where it is clearly the best.
// Deterministic for any number of threads.
Claims claim_by_features(const Features& victim, const Features& attacker,
                         const RareOptions& options, Progress& progress);

}  // namespace tessera::attack
