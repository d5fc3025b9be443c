// What a schema's blocks give away: how large they are, and how much of a state a stolen credential
// opens, computed from public name tables before a record exists.
//
// A thief who holds an owner's encodings and its credential at the key service may ask for as many
// seeds as the owner's quota allows, and asks for the heaviest blocks first. A record is as strong
// as its weakest pass, so each pass must keep that share small.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/progress.h"
#include "engine/core/result.h"
#include "engine/lab/block_sizes.h"
#include "engine/lab/public_people.h"
#include "engine/schema/schema.h"

namespace tessera::lab {

inline constexpr double kQuotaFactor = 1.1;  // evaluations per pass: 1.1 x enrolment x mean tags
inline constexpr double kMostOpened = 0.10;  // of a pass's entries, by its quota
inline constexpr double kLargeBlock = 50;    // size-biased mean, in entries
inline constexpr double kSmallDomain = 1e7;  // blocks that a pass can have
inline constexpr std::uint64_t kSample = 200000;  // people drawn for what spans passes, at most

struct CheckOptions {
  std::uint64_t people = 200000;    // in the state
  std::uint64_t enrolment = 13000;  // of the owner whose credential is stolen; below `people`
  std::uint64_t seed = 1;           // of the draws
};

struct PassCheck {
  std::string name, key;
  double blocks = 0;    // that anybody could be in
  double tags = 0;      // of a person, mean
  double heaviest = 0;  // share of people in the heaviest block
  Sizes sizes;
  std::uint64_t quota = 0;
  double opened = 0;     // share of entries in the quota's heaviest blocks
  double at_most = 0;    // the same, were it known which blocks turned out heaviest
  double own_seeds = 0;  // share of entries whose block the owner's own people hold
  bool refused = false;  // opened is over kMostOpened and the schema does not trust the unit
};

struct SchemaCheck {
  std::vector<PassCheck> passes;
  // Shares of people with at least one opened entry in any pass, over `sample` drawn people: by
  // every pass's quota, by the owner's own seeds, by both together.
  std::uint64_t sample = 0;
  double opened = 0, own_seeds = 0, both = 0;
  bool refused() const;
};

// Errors: usage, where a key cannot be computed from name tables. Same arguments, same result,
// for any number of threads.
Result<SchemaCheck> check_schema(const schema::Schema& schema, const PublicPeople& people,
                                 const CheckOptions& options, Progress& progress);

}  // namespace tessera::lab
