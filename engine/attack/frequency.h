// P1, frequency alignment: the most frequent code stands for the most frequent name.
//
// Adversary: sees values that are equal or not (filters, tags, block sizes), and knows from a
// disjoint sample how frequent each plaintext value is. Success: records whose plaintext value is
// named. Source: Christen, Schnell, Vatsalan & Ranbaduge, "Efficient cryptanalysis of Bloom filters
// for privacy-preserving record linkage" (PAKDD 2017), the alignment by rank.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace tessera::attack {

struct Aligned {
  std::uint64_t values = 0, values_right = 0;    // distinct codes
  std::uint64_t records = 0, records_right = 0;  // rows
  double chance = 0;  // records that any order would get right, mean over shuffled alignments
};

// What is seen of rows: equal codes, and a class that shows besides (a filter's number of bigrams,
// read off its set bits); empty: no class shows.
struct Codes {
  std::span<const std::uint64_t> code;
  std::span<const std::uint32_t> shows;
};

// truth[i] is the value behind row i ("" = none: a dummy, never right). Codes and the sample's
// values are ranked by frequency inside each class, ties at random, and aligned; a code beyond the
// sample's values gets no claim. `sample_shows`: the class of each of the sample's values, or
// empty.
Aligned align_by_rank(const Codes& codes, std::span<const std::string> truth,
                      std::span<const std::string> sample,
                      std::span<const std::uint32_t> sample_shows, std::uint64_t seed);

// Without classes.
inline Aligned align_by_rank(std::span<const std::uint64_t> codes,
                             std::span<const std::string> truth,
                             std::span<const std::string> sample, std::uint64_t seed) {
  return align_by_rank({codes, {}}, truth, sample, {}, seed);
}

}  // namespace tessera::attack
