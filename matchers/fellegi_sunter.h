// Fellegi-Sunter with three classes: match, relative, stranger. Fellegi and Sunter, "A theory for
// record linkage", JASA 64 (1969); EM after Winkler (1988), on the histogram of patterns, so that
// its cost does not depend on the number of pairs.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "engine/link/matcher.h"
#include "matchers/model.h"

namespace tessera::matchers {

// Per pass: mixture shares from the data; m from the data with the model as a prior; the tables of
// relatives and strangers from the model, strangers' moving only where the pass holds enough
// non-matches. A fit whose matches are none to the model is rejected for the model's, and said so
// in notes.
std::unique_ptr<link::Matcher> fellegi_sunter(const Model& model);

// True of a pass whose key holds no given name and no number: twins meet in it.
bool asks_no_given_name(const schema::Schema& schema, const schema::Pass& pass);

// One pass's mixture, exposed for its tests. Classes: 0 match, 1 relative, 2 stranger.
struct Mixture {
  std::array<double, 3> share{};              // of all pairs
  std::vector<std::array<double, 3>> strata;  // of the pairs of each stratum of block sizes
  std::vector<Levels> tables;                 // per digit
  double log_likelihood = 0;
  int iterations = 0;
};
struct MixtureData {
  std::vector<std::vector<std::uint8_t>> level;  // per distinct pattern: level of each digit
  std::vector<double> count;                     // pairs with that pattern
  std::vector<std::uint8_t> stratum;             // of each pattern's blocks; empty: all in one
};
// Levels that say nothing: a missing value, and the surname's part in an exchange of first and last
// name, which the given name's level already tells.
bool silent(schema::Kind kind, std::uint32_t level);
// Namesakes have first and last name exchanged as often as anybody, though few of them are ever
// seen: in the tables of a given name, relatives and strangers get at least a match's share of it
// for every name that is equal. Called wherever such tables were fitted.
void exchange_names(Levels& given_name);
// The patterns that occurred, as the mixture wants them.
MixtureData mixture_data(const link::Comparator& comparator, const link::PassCounts& counts);
struct MixtureRules {
  double match_prior = 60;         // pairs that the model's m counts for, per digit
  double match_prior_rate = 0;     // and as many more for each pair that is no match
  double stranger_prior = 5000;    // the same for strangers
  double strangers_needed = 2000;  // estimated non-matches from which strangers' tables may move
  double share_prior = 5;          // pairs that the expected share of matches counts for
  double expected_share = 0.5;
  double most_matches = 0;  // pairs; 0 = no bound
  double most_growth = 0;   // of a match's error levels over the start's; 0 = no bound
  double twins = 0;  // pairs of relatives to expect, held against the data; 0 = let the data speak
  int most_iterations = 200;
  std::vector<double>* trace = nullptr;  // penalised log-likelihood of each iteration
};
Mixture fit_mixture(const MixtureData& data, const std::vector<Levels>& start,
                    double relative_share, const MixtureRules& rules);

// What one pass's guarded fit is made from. The comparator and counts are the caller's and outlive
// the call; `start` has one table per digit.
struct GuardedData {
  const link::Comparator* comparator = nullptr;
  const link::PassCounts* counts = nullptr;
  link::RunSize size;
  bool twins_meet = false;  // asks_no_given_name() of the pass
  std::vector<Levels> start;
  double relative_share = 0.02;
  double match_prior = MixtureRules{}.match_prior;  // pairs that the start's m counts for
};
struct GuardedFit {
  Mixture fit;
  bool rejected = false;  // what it calls a match is none: the start's tables, only shares moved
};

// The model's tables for a pass's comparisons, in the order of their digits. Error `format`, which
// names the model and the kind of field and ends in `remedy`, if it has none for one of them.
Result<std::vector<Levels>> tables_of(const Model& model, const schema::Schema& schema,
                                      const schema::Pass& pass, const link::Comparator& comparator,
                                      std::string_view remedy);

// The fit that links and that training without labels learns from: fit_mixture() under the bounds
// that a run's size sets, rejected where equality would speak against a match, or where what it
// calls a match says to the model less than half of what the model's own matches say.
GuardedFit fit_guarded(const GuardedData& of);

}  // namespace tessera::matchers
