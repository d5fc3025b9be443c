// The people an attack is tried on: drawn from the synthetic state, typed as an owner types them.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/progress.h"
#include "engine/core/result.h"
#include "engine/lab/synth_names.h"
#include "engine/record/fields.h"
#include "engine/schema/schema.h"

namespace tessera::attack {

// Persons [first, first + count) of the state of `state_people` students (13 birth years, families,
// twins; docs/synthetic-state.md) that `seed` makes. The state has twice as many persons, so that
// [state_people, 2 * state_people) is a sample disjoint from [0, state_people).
struct Draw {
  std::uint64_t seed = 1;
  std::uint32_t state_people = 1000;
  std::uint32_t first = 0;
  std::uint32_t count = 1000;
  std::uint16_t owner = 0;  // 0 or 1: whose copy; the two are typed apart
  double noise = 1;         // factor on the error rates
};

// One Fields per person, in the order of their numbers; the local ID is the person's number in
// digits. Errors: usage, where the draw leaves the state.
Result<std::vector<record::Fields>> draw_people(const lab::NameTables& names,
                                                const schema::Schema& schema, const Draw& draw,
                                                Progress& progress);

}  // namespace tessera::attack
