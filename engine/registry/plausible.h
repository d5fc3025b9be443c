// How many records of one owner may share a tag before that is no longer chance.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/schema/schema.h"

namespace tessera::registry {

// The share of a nation's people in the heaviest block of a pass with this key ("dob +
// phonetic(last)"), from public name tables over 13 birth years; what 'tessera schema check --json'
// prints as `heaviest`. nullopt for keys that no shipped schema has.
std::optional<double> heaviest_share(std::string_view key_text);
// Of each pass of a schema; a pass on the SSN or a number alone has one person to a block: 0.
std::vector<std::optional<double>> heaviest_shares(const schema::Schema& schema);

// The most records of an owner with so many records that one tag may hold: never less than three,
// the expectation of the heaviest block plus five standard deviations, and no less than what a
// Poisson count exceeds as rarely as a normal one exceeds five (one in 3.5 million). The
// expectation is taken kConcentration times the nation's, as a district may be of one people's
// names.
inline constexpr double kConcentration = 4;
std::uint64_t plausible_records(double share, std::uint64_t enrolment);

}  // namespace tessera::registry
