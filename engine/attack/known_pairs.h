// P5, known pairs: an insider knows some people's encodings, learns what bits mean, and reads the
// rest.
//
// Adversary: M pairs of plaintext and encoding (family, staff), and a dictionary of everybody.
// Success: victims outside the pairs whose person comes first among all of the dictionary.
// Sources: the learners are textbook: ridge regression in its dual form (Saunders, Gammerman &
// Vovk, ICML 1998) and a network of one hidden layer trained with Adam (Kingma & Ba, ICLR 2015);
// the attack is that of "NEPAL" (Mildenberger et al., 2025: bits to bigrams, then people), without
// its graph-matching stage.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <Eigen/Dense>

#include "engine/attack/seen.h"
#include "engine/bits/matrix.h"

namespace tessera::attack {

using Table = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// Bits as 0 and 1.
Table bit_table(const bits::Matrix& rows);
// The first row of each record in the given passes, side by side.
Table bit_table(const Seen& seen, std::span<const std::size_t> passes);

// Bigrams and positional digits of everybody's values, as 0 and 1; the columns of fewer than two
// people are left out. Also each person's text for exact comparison.
Table token_table(std::span<const std::vector<std::string>> values, std::span<const bool> digits);

enum class Learner : std::uint8_t { ridge, network };

struct KnownPairsResult {
  std::uint64_t victims = 0, right = 0;
  double dice = 0;      // of the tokens predicted with the true ones, mean
  double baseline = 0;  // the same for the commonest tokens, whoever it is
};

// encodings: one row per person; tokens: likewise, the dictionary. `known` teaches, `victims` are
// read. REQUIRES: known not empty. Deterministic.
KnownPairsResult attack_known_pairs(const Table& encodings, const Table& tokens,
                                    std::span<const std::uint32_t> known,
                                    std::span<const std::uint32_t> victims, Learner learner,
                                    std::uint64_t seed);

}  // namespace tessera::attack
