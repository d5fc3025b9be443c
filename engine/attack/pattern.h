// P2, pattern mining: the bits of a frequent bigram are set together, wherever it stands.
//
// Adversary: sees one filter per value, all under one key; holds a list of values like the victim's
// with their frequencies; knows about how many bits a bigram sets. Success: bits that are given the
// right bigram, and values named exactly.
// Source: Christen, Vidanage, Ranbaduge & Schnell, "Pattern-mining based cryptanalysis of Bloom
// filters for privacy-preserving record linkage" (PAKDD 2018): the most frequent set of bits goes
// to the most frequent bigram, the data are split by it, and the two parts are mined in turn.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/bits/matrix.h"

namespace tessera::attack {

struct PatternOptions {
  double margin = 0.005;       // least lead of the most frequent bigram over the next
  std::size_t least_bits = 5;  // of a pattern
  std::size_t most_bits = 12;
  std::size_t least_rows = 0;  // of a part that is mined; 0: 1 % of all, at least 50
  std::size_t most_parts = 400;
};

struct Mined {
  std::vector<std::pair<std::string, std::vector<std::uint32_t>>> grams;  // and their bits
};

// Padded with one blank before and after: " A", "AN", ... each once.
std::vector<std::string> bigrams(const std::string& value);

// REQUIRES: fewer than 2^32 filters. Deterministic.
Mined mine_patterns(const bits::Matrix& filters, std::span<const std::string> sample,
                    const PatternOptions& options);

struct PatternScore {
  std::uint64_t bits = 0, bits_right = 0;  // (bit, bigram) claims
  std::uint64_t rows = 0, exact = 0;       // rows whose value alone fits what was mined
  std::uint64_t exact_wrong = 0;
};
// truth[i] is the value in filter i. A bit is right if every filter of a value with that bigram
// sets it (at least ten rows). `dictionary`: values the attacker chooses from.
PatternScore judge(const Mined& mined, const bits::Matrix& filters,
                   std::span<const std::string> truth, std::span<const std::string> dictionary);

}  // namespace tessera::attack
