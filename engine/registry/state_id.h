// A state ID: ten digits without meaning, the last of which finds slips of the pen.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/core/random.h"
#include "engine/core/result.h"
#include "engine/encoded/format.h"

namespace tessera::registry {

// The ten digits as a number, so 1,000,000,000 to 9,999,999,999. 0: none.
using StateId = std::uint64_t;

// IDs of students and of staff never mix. Persisted; never renumber.
enum class Space : std::uint8_t { student = 1, staff = 2 };
std::string_view name_of(Space space);
// The space that records of a population get IDs from. REQUIRES: student or staff.
Space space_of(encoded::Population population);

// Nine digits drawn uniformly, the first not zero, and their check digit (core/check_digit.h). No
// order, no meaning; the registry draws again where the ID was ever issued before.
StateId draw_state_id(Random& random);
std::string to_text(StateId id);
// Error `usage` that says what is wrong (length, other characters, leading zero, check digit),
// never the text itself. Blanks and hyphens between digits, as people write them, are skipped.
Result<StateId> parse_state_id(std::string_view text);

}  // namespace tessera::registry
