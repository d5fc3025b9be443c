// Makes a pass's key adaptive: writes into the schema which names are common, from the public name
// tables and the size of a state.
#pragma once

#include <cstdint>
#include <string>

#include "engine/core/result.h"
#include "engine/lab/public_people.h"
#include "engine/schema/schema.h"

namespace tessera::lab {

struct AdaptOptions {
  std::string pass;                // whose key grows
  std::string add = "month(dob)";  // by this part
  std::uint64_t people = 200000;   // in the state
  double expected = 1;             // names are common where more than so many are in a block
  std::uint64_t seed = 1;          // of the draws of names in two parts
};

// The schema with that pass's key adaptive; everything else as it was, common names written anew
// for all its adaptive passes.
// The people are those of the fullest value of the key's date parts: a birth year of the state.
// Errors: usage, where there is no such pass, its key has no pair of names, or nobody's names are
// common; format, where the part is none of a date.
Result<schema::Schema> adapt(const schema::Schema& schema, const AdaptOptions& options,
                             const PublicPeople& people);

}  // namespace tessera::lab
