// P6 at a running key service: a stolen credential's quota, spent on the heaviest blocks first.
//
// Adversary: as in stolen.h, but its questions are asked: the service is the real one, with its
// state in a file, and answers signed requests until the quota is spent. Success: entries of other
// owners' people whose seed the thief was given, compared byte by byte with what their owner was
// given.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/core/progress.h"
#include "engine/core/result.h"
#include "engine/record/fields.h"
#include "engine/schema/schema.h"

namespace tessera::attack {

struct Bought {
  std::string pass;
  std::uint64_t quota = 0;     // granted for the pass
  std::uint64_t answered = 0;  // evaluations that the thief was given; it asks for one too many
  std::uint64_t logged = 0;  // of those, in the quotas of the service's file, whose log is verified
  std::uint64_t entries = 0;  // of other owners' people
  std::uint64_t opened = 0;   // of these, by the thief's seeds
};

// The district is the first `enrolment` people; arguments as for steal(). Passes on the SSN alone
// are left out. Makes a key service's file in `folder`. Costs a third of a millisecond of CPU time
// for each block key.
Result<std::vector<Bought>> buy(const schema::Schema& schema,
                                std::span<const record::Fields> people, std::size_t enrolment,
                                std::span<const record::Fields> sample, const std::string& folder,
                                std::uint64_t seed, Progress& progress);

}  // namespace tessera::attack
