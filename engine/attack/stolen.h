// P6, a stolen district bundle: the project key and the district's credential at the key service.
//
// Adversary: holds the linkage unit's entries, the project key, every seed that the district needed
// for its own people, and may ask for as many more as its quota allows. Whatever block it has the
// seed of is open: names are tried against its entries offline. Success: people of other owners
// with an open entry. Source: docs/privacy.md; the reading "heaviest blocks first" is engine/lab's
// schema_check, which computes the same from public tables.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/record/fields.h"
#include "engine/schema/schema.h"

namespace tessera::attack {

// Block keys of everybody, as numbers, per pass; capped as the encoder caps them.
struct KeysOf {
  std::vector<std::vector<std::vector<std::uint64_t>>> of;  // [pass][person]
};
KeysOf keys_of(const schema::Schema& schema, std::span<const record::Fields> people);
std::uint64_t block_number(std::string_view key);  // of a block key's value
// At most `quota` blocks, those with the most entries in `keys` first, ties by number: whoever
// guesses by a sample cannot tell them apart.
std::vector<std::uint64_t> heaviest_first(const std::vector<std::vector<std::uint64_t>>& keys,
                                          std::uint64_t quota);

struct StolenPass {
  std::string name;
  std::uint64_t quota = 0;
  double own_seeds = 0;       // share of others' entries in the district's own blocks
  double heaviest = 0;        // by the quota, heaviest first by a sample's counts
  double heaviest_known = 0;  // the same, were it known which blocks turned out heaviest
};
struct Stolen {
  std::vector<StolenPass> passes;
  // Shares of other owners' people with an open entry in any pass.
  std::uint64_t others = 0, by_seeds = 0, by_quota = 0;
};

// The district is `people[begin, begin + enrolment)`: whole families. `sample`: people the thief
// knows of from elsewhere, to guess which blocks are heavy. REQUIRES: begin + enrolment <= size.
Stolen steal(const schema::Schema& schema, std::span<const record::Fields> people,
             std::size_t begin, std::size_t enrolment, std::span<const record::Fields> sample);

}  // namespace tessera::attack
