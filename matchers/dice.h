// Dice threshold: records link if their fields have enough in common, whatever the fields are.
#pragma once

#include <memory>

#include "engine/link/matcher.h"

namespace tessera::matchers {

// Dice of a pattern: the mean, over the fields that both records have, of the share that their
// values have in common (chance taken out), each at the middle of its level and weighted with the
// bits that the field sets in a row; Dice, "Measures of the amount of ecologic association",
// Ecology 26 (1945). 1 if all is equal, 0 if nothing is, and 0 if no field is known on both sides.
// An SSN counts where both tokens are equal, and nothing else: an unequal one may be a missing one.
double dice_of(const schema::Schema& schema, std::size_t pass, const link::Comparator& comparator,
               std::uint32_t pattern);

// Links pairs of dice_of() >= `least`, the more alike before the less; all others score -kSurest.
// The probabilities that come of it only order pairs: they are no share of anything. Fit has no
// evidence. REQUIRES: 0 < least <= 1.
std::unique_ptr<link::Matcher> dice_threshold(double least);

}  // namespace tessera::matchers
