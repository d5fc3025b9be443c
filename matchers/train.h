// A model from counted patterns whose truth is known.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/link/matcher.h"
#include "matchers/model.h"

namespace tessera::matchers {

// Patterns of one schema's passes, matches and non-matches apart.
struct TrainingCounts {
  const schema::Schema* schema = nullptr;
  std::vector<link::Comparator> comparators;
  std::vector<link::PassCounts> matches;
  std::vector<link::PassCounts> others;
};

// Tables for every pass and, pooled over passes, for every condition. Non-matches are split into
// relatives and strangers by EM. `prior` pairs of the start model are mixed into every table, so
// that levels never seen stay possible. Passes with fewer than 100 matches or other pairs keep the
// start's tables. Error (format) if `start` has no table for a kind of field that is compared.
Result<Model> train(const Model& start, std::span<const TrainingCounts> runs, double prior);

}  // namespace tessera::matchers
