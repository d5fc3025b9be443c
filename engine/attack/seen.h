// What a linkage unit sees of encoded records, with the truth beside it for counting.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/core/progress.h"
#include "engine/encoded/format.h"
#include "engine/record/fields.h"
#include "engine/schema/layout.h"
#include "engine/schema/schema.h"

namespace tessera::attack {

// One pass: rows sorted by tag, so a block is a run of rows. Dummies are rows like any other.
struct SeenPass {
  encoded::PassColumns columns;
  schema::Layout layout;
  std::vector<std::uint32_t> record;  // whose row: index into the encoded people
  std::vector<std::uint32_t> first;   // first row of each block; one more for the end
  std::size_t blocks() const { return first.size() - 1; }
  std::size_t rows() const { return record.size(); }
  std::uint32_t size(std::size_t block) const { return first[block + 1] - first[block]; }
  const std::uint8_t* bits(std::size_t row) const {
    return columns.bits.data() + row * columns.stride;
  }
};

// The plain deployment: entries and the record of each.
struct Seen {
  std::uint32_t records = 0;
  std::vector<SeenPass> passes;
  // Rows of each record in a pass: of record r, list[start[r]..start[r + 1]).
  struct Rows {
    std::vector<std::uint32_t> start, list, block;  // block of each listed row
  };
  std::vector<Rows> rows_of;  // per pass
};

// Encodes `people` under the project key that `key_seed` makes and looks at the result as the unit
// does. Two calls with different key seeds are strangers to each other. Deterministic.
// `owner`: whose file it is; two owners under one key meet as in a project.
Seen look_at(const schema::Schema& schema, std::span<const record::Fields> people,
             std::uint64_t key_seed, Progress& progress, const std::string& owner = "victim");

// One pass of that alone, where all of them together are too many.
SeenPass look_at_pass(const schema::Schema& schema, std::size_t pass,
                      std::span<const record::Fields> people, std::uint64_t key_seed,
                      Progress& progress, const std::string& owner = "victim");

// The same by somebody who holds the project key but not the key service's: what a stolen bundle
// could make of people it has no seeds for.
Seen look_without_service(const schema::Schema& schema, std::span<const record::Fields> people,
                          std::uint64_t key_seed, Progress& progress, const std::string& owner);

}  // namespace tessera::attack
