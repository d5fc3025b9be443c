#include "matchers/train.h"

#include <algorithm>
#include <map>
#include <numeric>

#include <fmt/format.h>

#include "matchers/fellegi_sunter.h"

namespace tessera::matchers {
namespace {

constexpr double kEnough = 100;
using Tables = std::vector<Levels>;

// What to do where the start has no table for a field.
constexpr std::string_view kOtherStart = "start from one that does";

// Pairs per level of one table, by class.
struct Tally {
  std::vector<double> match, relative, stranger;
};

void add(std::vector<double>& to, const std::vector<double>& from, double times) {
  to.resize(from.size());
  for (std::size_t l = 1; l < from.size(); ++l) to[l] += from[l] * times;
}

std::vector<double> share(const std::vector<double>& counts, const std::vector<double>& start,
                          double prior) {
  std::vector<double> p(start.size());
  double sum = 0;
  for (std::size_t l = 1; l < p.size(); ++l)
    sum += p[l] = prior * start[l] + (l < counts.size() ? counts[l] : 0);
  for (std::size_t l = 1; l < p.size(); ++l) p[l] /= sum;
  return p;
}

// Level counts of one digit over a pass's patterns, missing left out.
std::vector<double> level_counts(const link::Comparator& c, const link::PassCounts& counts,
                                 std::size_t digit) {
  std::vector<double> n(c.digits()[digit].levels);
  for (std::uint32_t g = 0; g < counts.pairs.size(); ++g)
    if (counts.pairs[g] > 0) n[c.level(g, digit)] += static_cast<double>(counts.pairs[g]);
  n[0] = 0;
  return n;
}

// Where a pass asks for no given name, its relatives are known by what they are: born on one day,
// with one surname or a part of one. Levels from their pairs and from all others.
struct Families {
  link::PassCounts relatives, strangers;
};
Families families(const link::Comparator& c, const link::PassCounts& others) {
  using namespace link::level;
  Families out{others, others};
  for (std::uint32_t g = 0; g < others.pairs.size(); ++g) {
    bool born_alike = false;
    bool named_alike = false;
    for (std::size_t d = 0; d < c.digits().size(); ++d) {
      const std::uint32_t l = c.level(g, d);
      if (c.digits()[d].kind == schema::Kind::date) born_alike |= l == date_equal;
      if (c.digits()[d].kind == schema::Kind::surname)
        named_alike |= l == name_equal || l == name_close || l == name_part;
    }
    (born_alike && named_alike ? out.strangers : out.relatives).pairs[g] = 0;
  }
  for (link::PassCounts* part : {&out.relatives, &out.strangers})
    part->compared = std::accumulate(part->pairs.begin(), part->pairs.end(), std::uint64_t{0});
  return out;
}

// Relatives and strangers among the non-matches of other passes: the mixture's classes 0 and 2.
Mixture split_others(const link::Comparator& c, const link::PassCounts& others,
                     const std::vector<Levels>& start) {
  std::vector<Levels> tables;
  for (const Levels& l : start) tables.push_back({l.relative, l.stranger, l.stranger});
  MixtureRules rules;
  rules.match_prior = 20;
  rules.stranger_prior = 20;
  rules.strangers_needed = 0;
  return fit_mixture(mixture_data(c, others), tables, 1e-9, rules);
}

bool no_true_pairs(std::span<const TrainingCounts> runs) {
  for (const TrainingCounts& run : runs)
    for (const link::PassCounts& m : run.matches)
      if (m.compared > 0) return false;
  return true;
}

// Why a pass's fit teaches nothing; empty if it does.
std::string unfit(const std::string& pass, const GuardedFit& guarded, double matches) {
  if (matches < kEnough)
    return fmt::format(
        "pass {}: about {:.0f} matches, too few to learn from (at least {:.0f}); the start's "
        "tables are kept",
        pass, matches, kEnough);
  if (guarded.rejected)
    return fmt::format("pass {}: what these files teach contradicts the start; its tables are kept",
                       pass);
  return {};
}

}  // namespace

Result<Learned> learn(const Model& start, const UnlabelledCounts& run, double prior) {
  Learned out{start, {}};
  std::map<std::string, Tally> pooled;
  std::map<std::string, Levels> starts;
  for (std::size_t p = 0; p < run.comparators.size(); ++p) {
    const link::Comparator& c = run.comparators[p];
    const schema::Pass& pass = run.schema->passes[p];
    TESSERA_TRY(Tables tables, tables_of(start, *run.schema, pass, c, kOtherStart));
    const auto compared = static_cast<double>(run.counts[p].compared);
    const GuardedFit guarded = fit_guarded({.comparator = &c,
                                            .counts = &run.counts[p],
                                            .size = run.size,
                                            .twins_meet = asks_no_given_name(*run.schema, pass),
                                            .start = tables,
                                            .relative_share = start.relative_share,
                                            .match_prior = prior});
    const double matches = guarded.fit.share[0] * compared;
    if (std::string why = unfit(pass.name, guarded, matches); !why.empty()) {
      out.notes.push_back(std::move(why));
      continue;
    }
    for (std::size_t d = 0; d < tables.size(); ++d) {
      const std::size_t field = c.digits()[d].field;
      const Levels& found = guarded.fit.tables[d];
      out.model.levels[pass_table(*run.schema, pass, field)] = found;
      const std::string shared = condition(*run.schema, pass, field);
      starts.try_emplace(shared, tables[d]);
      add(pooled[shared].match, found.match, matches);
      add(pooled[shared].stranger, found.stranger, guarded.fit.share[2] * compared);
    }
  }
  if (pooled.empty())
    return Error{ErrorCode::usage,
                 "no pass of these files holds matches enough to learn from (at least 100, by "
                 "estimate, and none that contradict the start); give larger files, or --map and "
                 "--truth",
                 ""};
  for (const auto& [name, t] : pooled) {
    const Levels& s = starts.at(name);
    Levels& made = out.model.levels[name];
    made = {share(t.match, s.match, prior), s.relative, share(t.stranger, s.stranger, prior)};
    if (name.find("given_name") != std::string::npos) exchange_names(made);
  }
  return out;
}

Result<Model> train(const Model& start, std::span<const TrainingCounts> runs, double prior) {
  if (no_true_pairs(runs))
    return Error{ErrorCode::usage,
                 "no true pair was compared, so there is nothing to learn from; check that --truth "
                 "belongs to these files",
                 ""};
  Model out = start;
  std::map<std::string, Tally> tallies;
  std::map<std::string, Levels> starts;
  double relatives = 0;
  double others = 0;
  for (const TrainingCounts& run : runs)
    for (std::size_t p = 0; p < run.comparators.size(); ++p) {
      const link::Comparator& c = run.comparators[p];
      const schema::Pass& pass = run.schema->passes[p];
      const auto n_match = static_cast<double>(run.matches[p].compared);
      const auto n_other = static_cast<double>(run.others[p].compared);
      if (n_match < kEnough || n_other < kEnough) continue;
      TESSERA_TRY(const Tables tables, tables_of(start, *run.schema, pass, c, kOtherStart));
      const bool by_family = asks_no_given_name(*run.schema, pass);
      const Families known = families(c, run.others[p]);
      const Mixture split = split_others(c, run.others[p], tables);
      const double n_relative =
          by_family ? static_cast<double>(known.relatives.compared) : split.share[0] * n_other;
      relatives += n_relative;
      others += n_other;
      for (std::size_t d = 0; d < c.digits().size(); ++d) {
        const std::size_t field = c.digits()[d].field;
        const auto matched = level_counts(c, run.matches[p], d);
        for (const std::string& name :
             {pass_table(*run.schema, pass, field), condition(*run.schema, pass, field)}) {
          starts.try_emplace(name, tables[d]);
          add(tallies[name].match, matched, 1);
          if (by_family) {
            add(tallies[name].relative, level_counts(c, known.relatives, d), 1);
            add(tallies[name].stranger, level_counts(c, known.strangers, d), 1);
            continue;
          }
          add(tallies[name].relative, split.tables[d].match, n_relative);
          add(tallies[name].stranger, split.tables[d].stranger, n_other - n_relative);
        }
      }
    }
  for (const auto& [name, t] : tallies) {
    const Levels& s = starts.at(name);
    Levels& made = out.levels[name];
    made = {share(t.match, s.match, prior), share(t.relative, s.relative, prior),
            share(t.stranger, s.stranger, prior)};
    if (name.find("given_name") != std::string::npos) exchange_names(made);
  }
  if (others > 0) out.relative_share = std::min(0.9, std::max(1e-4, relatives / others));
  return out;
}

}  // namespace tessera::matchers
