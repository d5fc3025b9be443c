// P7 and P8: what shows without any key - lengths, orders, numbers - and whether two projects'
// encodings of one person can be told to be one person's.
//
// Adversary: sees rows, handles, record keys and their order, in one project (P7) or two (P8).
// Success: P7, a correlation with the length of a value, or an order that follows the roster's; P8,
// the area under the ROC curve of "same person" (Hanley & McNeil, Radiology 143, 1982).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/attack/seen.h"
#include "engine/record/fields.h"
#include "engine/schema/schema.h"

namespace tessera::attack {

// Pearson's; 0 where one of the two does not vary.
double correlation(std::span<const double> a, std::span<const double> b);
// Of each filter slot of a pass: set bits against the length of the value shown, over the rows of
// people who have one. The largest absolute value.
double length_correlation(const schema::Schema& schema, const Seen& seen,
                          std::span<const record::Fields> people);
// Number of entries of a person over all passes against the number of parts of the names.
double entries_correlation(const schema::Schema& schema, const Seen& seen,
                           std::span<const record::Fields> people);
// Chi-square of one byte's 256 values over their even spread, as a standard normal
// (Wilson & Hilferty 1931). Above 3.09: one-sided 99.9 %.
double byte_evenness(std::span<const std::uint64_t> values, unsigned shift);
// Rank correlation of the row order with the order of people, times sqrt(n - 1): standard normal.
double order_kept(const SeenPass& pass);

// Chance that the pair of one person scores above the pair of two, ties half.
double area_under_curve(std::vector<double> same, std::vector<double> different);
// The same people under two keys: shared bits of rows, presence, or the number of entries.
enum class Clue : std::uint8_t { bits, presence, entries };
double linkable(const Seen& one, const Seen& other, Clue clue, std::uint64_t seed);

}  // namespace tessera::attack
