// How well an encoding links, on the people it is attacked on: privacy is worth what it costs here.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/attack/seen.h"
#include "engine/bits/matrix.h"
#include "engine/core/progress.h"
#include "engine/core/result.h"
#include "engine/link/pipeline.h"
#include "engine/record/fields.h"
#include "engine/schema/schema.h"

namespace tessera::attack {

// Two rosters of the same owner's size; records with equal local IDs are one person.
struct Rosters {
  std::span<const record::Fields> a, b;
};

struct LinkQuality {
  double best_f1 = 0;        // after one-to-one assignment, the threshold chosen by the truth
  double precision = 0;      // at p >= 0.9, one to one; 0 where there are no probabilities
  double recall = 0;         // the same
  double pairs_reached = 1;  // share of true pairs that share a tag (c)
};

// Two owners' entries compared across and weighed by the shipped model, as link does. Records of b
// are numbered after those of a.
Result<link::Scored> score_across(const schema::Schema& schema, const Seen& a, const Seen& b,
                                  link::Decinats floor, Progress& progress);
// Encoded, joined and weighed by the shipped model.
Result<LinkQuality> schema_quality(const schema::Schema& schema, const Rosters& rosters,
                                   std::uint64_t key_seed, Progress& progress);
// Every pair of rows by Dice; row i of each matrix is person i of its roster.
LinkQuality rows_quality(const bits::Matrix& a, const bits::Matrix& b, const Rosters& rosters);

}  // namespace tessera::attack
