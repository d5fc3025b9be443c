// P3 and P4 for the two offices of a split linkage unit (docs/split.md). Their data are two rosters
// typed apart, half of each in both; the adversary holds a perfect copy of both rosters, which it
// encodes under a key of its own.
#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "engine/attack/cross_pass.h"
#include "engine/attack/quality.h"
#include "engine/attack/seen.h"
#include "engine/attack/similarity.h"
#include "engine/attack/told_scores.h"
#include "engine/attack/trial.h"
#include "engine/link/compete.h"

namespace tessera::attack {
namespace {

constexpr double kScoresBar = 0.01;         // P3, as for the plain deployment
constexpr double kPairsFloor = 1e-4;        // what 'split compare' tells if not asked otherwise
constexpr std::uint32_t kLeastOwner = 500;  // two of them make the least mix

struct TwoOwners {
  Seen a, b;
};

std::vector<std::uint32_t> any_order(std::size_t n, std::uint64_t seed) {
  Splitmix random(seed);
  return shuffled(static_cast<std::uint32_t>(n), random);
}

std::string mix_of(std::uint32_t each) { return fmt::format("a mix of {} records", 2 * each); }

// Two owners of n people as the victim's key shows them, and as the attacker's does.
Result<std::vector<TwoOwners>> both_sides(const Trial& trial, std::uint32_t n) {
  TESSERA_TRY(const auto a, trial.people(n, 0, 0));
  TESSERA_TRY(const auto b, trial.people(n, n / 2, 1));
  std::vector<TwoOwners> out;
  for (const std::uint64_t key : {2 * trial.seed, 2 * trial.seed + 1})
    out.push_back({look_at(trial.schema, a, key, trial.progress, "a"),
                   look_at(trial.schema, b, key, trial.progress, "b")});
  return out;
}

Result<void> try_told_scores(Trial& trial, const std::vector<TwoOwners>& sides, Finding finding) {
  std::vector<std::vector<ToldScore>> told;
  for (const TwoOwners& s : sides) {
    TESSERA_TRY(auto one,
                told_scores(trial.schema, s.a, s.b, link::logit_of(kPairsFloor), trial.progress));
    told.push_back(std::move(one));
  }
  const auto claims = match_by_scores(told[0], told[1], sides[0].a.records, sides[0].b.records);
  std::vector<std::uint32_t> truth(claims.size());
  std::iota(truth.begin(), truth.end(), 0U);
  finding.attack = "registrar, scores that nobody else has";
  finding.bar = one_role_bar(trial.schema);
  trial.add_share(finding, count_right(claims, truth), truth.size());
  return {};
}

// No bar: it says what a comparer may put together, not whom it names.
void try_across_passes(Trial& trial, const TwoOwners& seen, Finding finding) {
  std::uint64_t most = 0;
  std::uint64_t of = 0;
  for (std::size_t p = 0; p < trial.schema.passes.size(); ++p)
    for (std::size_t q = p + 1; q < trial.schema.passes.size(); ++q) {
      const CrossPass found = link_passes(trial.schema, seen.a, seen.b, p, q);
      const auto right = static_cast<std::uint64_t>(std::lround(found.right));
      if (found.of == 0 || right * of < most * found.of) continue;
      most = right;
      of = found.of;
    }
  finding.attack = "comparer, worst two passes: entries put together";
  if (of > 0) trial.add_share(finding, most, of);
}

}  // namespace

Result<void> try_registrar(Trial& trial) {
  const std::uint32_t n = trial.plan.sizes.graph;
  const link::Decinats floor = link::logit_of(kPairsFloor);
  TESSERA_TRY(const auto sides, both_sides(trial, n));
  std::vector<link::Scored> scored;
  for (const TwoOwners& s : sides) {
    TESSERA_TRY(link::Scored one, score_across(trial.schema, s.a, s.b, floor, trial.progress));
    scored.push_back(std::move(one));
  }
  const std::vector<std::uint32_t> theirs = any_order(std::size_t{2} * n, trial.seed);
  const std::vector<std::uint32_t> mine = any_order(theirs.size(), trial.seed + 1000003);
  std::vector<std::uint32_t> truth(theirs.size());
  for (std::size_t r = 0; r < truth.size(); ++r) truth[theirs[r]] = mine[r];
  const auto claims = match_graphs(Scores(scored[0].pairs, theirs, floor),
                                   Scores(scored[1].pairs, mine, floor), {}, trial.progress);
  Finding finding{.id = "P3",
                  .attack = "registrar, graph matching on scores",
                  .target = trial.schema.name,
                  .setting = mix_of(n),
                  .bar = kScoresBar};
  trial.add_share(finding, count_right(claims, truth), truth.size());
  return {};
}

Result<void> try_offices(Trial& trial) {
  for (const std::uint32_t n : {kLeastOwner, trial.plan.sizes.structure / 2}) {
    TESSERA_TRY(const auto sides, both_sides(trial, n));
    const Finding finding{.id = "P4", .target = trial.schema.name, .setting = mix_of(n)};
    TESSERA_CHECK(try_told_scores(trial, sides, finding));
    try_across_passes(trial, sides[0], finding);
  }
  return {};
}

}  // namespace tessera::attack
