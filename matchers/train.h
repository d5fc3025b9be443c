// A model from counted patterns: with their truth, or from what the patterns alone tell.
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
// start's tables. Error (usage) if no true pair was compared; (format) if `start` has no table for
// a kind of field that is compared.
Result<Model> train(const Model& start, std::span<const TrainingCounts> runs, double prior);

// Patterns of one schema's passes, unlabelled, as link::score() counts them.
struct UnlabelledCounts {
  const schema::Schema* schema = nullptr;
  std::vector<link::Comparator> comparators;
  std::vector<link::PassCounts> counts;
  link::RunSize size;
};
struct Learned {
  Model model;
  std::vector<std::string> notes;  // passes that taught nothing, and why
};

// The tables that linking's own guarded fit (fit_guarded) finds: for every pass its own, and for
// every condition those of its passes, weighted by the matches and strangers estimated in each.
// Relatives' tables and share stay the start's: nothing in unlabelled pairs tells a sibling from a
// match with many errors. The start counts for `prior` pairs. A pass with fewer than 100 estimated
// matches, or whose fit was rejected, keeps the start's tables and is named in the notes. Error
// (usage) if that is true of every pass; (format) as train().
Result<Learned> learn(const Model& start, const UnlabelledCounts& run, double prior);

}  // namespace tessera::matchers
