// The control of P11: a linkage unit that compares numbers digit by digit and answers with its
// probability.
//
// Adversary: has the seed of one block, so that its rows meet the victim's; knows some digits of
// the victim's SSN and tries the rest, row by row. The probability shows the level at which the two
// numbers compare: equal, near (at least seven of nine digits agree) or far. It guesses until near,
// finds which of its digits are right by changing one at a time, then stands just above the border
// and tries each wrong digit. Success: rows until the number is known.
#pragma once

#include <cstdint>
#include <string>

namespace tessera::attack {

enum class DigitLevel : std::uint8_t { far, near, equal };
inline constexpr std::size_t kNearDigits = 7;

// REQUIRES: equal lengths.
DigitLevel digit_level(const std::string& a, const std::string& b);

// Rows that the attacker sends until it knows `secret` (nine digits), of which it knows the last
// `known`. At most `most`; 0: not found in so many. Deterministic.
std::uint64_t rows_to_find(const std::string& secret, std::size_t known, std::uint64_t most,
                           std::uint64_t seed);

}  // namespace tessera::attack
