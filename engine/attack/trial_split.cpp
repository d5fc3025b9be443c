// P3 and P4 for the two offices of a split linkage unit (docs/split.md). Their data are two rosters
// typed apart, half of each in both; the adversary holds a perfect copy of both rosters, which it
// encodes under a key of its own.
#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "engine/attack/cross_pass.h"
#include "engine/attack/in_block.h"
#include "engine/attack/quality.h"
#include "engine/attack/score_graph.h"
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
// Against a state of at most so many, of which all passes are held at once.
constexpr std::uint32_t kLargestState = 200000;
constexpr std::uint32_t kDeltas[] = {100, 300, 1000, 3000, 10000};
constexpr std::uint32_t kDenseGraph = 20000;  // records that are matched as a full matrix

std::vector<std::uint32_t> any_order(std::size_t n, std::uint64_t seed) {
  Splitmix random(seed);
  return shuffled(static_cast<std::uint32_t>(n), random);
}

std::uint64_t key_of(const Trial& trial, bool attacker) { return 2 * trial.seed + attacker; }

// Two owners of n people each, typed apart, half of each in both.
struct TwoOwners {
  std::vector<record::Fields> a, b;
  Rosters rosters() const { return {a, b}; }
  std::string as_mix() const { return fmt::format("a mix of {} records", 2 * a.size()); }
};

Result<TwoOwners> two_owners(const Trial& trial, std::uint32_t n) {
  TwoOwners out;
  TESSERA_TRY(out.a, trial.people(n, 0, 0));
  TESSERA_TRY(out.b, trial.people(n, n / 2, 1));
  return out;
}

// What the victims' registrar is told, and what it works out from plaintext.
struct BothTold {
  std::vector<ToldScore> victim, attacker;
};

Result<BothTold> both_told(const Trial& trial, const TwoOwners& owners) {
  const link::Decinats floor = link::logit_of(kPairsFloor);
  BothTold out;
  TESSERA_TRY(out.victim, told_scores(trial.schema, owners.rosters(), key_of(trial, false), floor,
                                      trial.progress));
  TESSERA_TRY(out.attacker, told_scores(trial.schema, owners.rosters(), key_of(trial, true), floor,
                                        trial.progress));
  return out;
}

void add_claims(Trial& trial, Finding finding, std::string attack,
                const std::vector<std::uint32_t>& claims) {
  std::vector<std::uint32_t> truth(claims.size());
  std::iota(truth.begin(), truth.end(), 0U);
  finding.attack = std::move(attack);
  trial.add_share(finding, count_right(claims, truth), truth.size());
}

// As 'split link' is told them, and as 'split assign', which is told no score below the faintest.
void try_score_graph(Trial& trial, BothTold told, std::uint32_t each, const Finding& finding) {
  const auto add = [&](const char* attack) {
    add_claims(trial, finding, attack,
               match_score_graphs(told.victim, told.attacker, each, each, {}, trial.progress));
  };
  add("registrar, rare features of the graph of scores");
  for (auto* one : {&told.victim, &told.attacker})
    std::erase_if(*one, [](const ToldScore& t) { return t.decinats < link::kFaintest; });
  add("registrar of assign, rare features of the graph");
}

// The largest share so far: right of `of`.
struct Worst {
  double right = 0;
  std::uint64_t of = 0;
  void offer(double r, std::uint64_t n) {
    if (n == 0 || (of > 0 && r * static_cast<double>(of) < right * static_cast<double>(n))) return;
    right = r;
    of = n;
  }
};

// No bar: it says what a comparer may put together, not whom it names.
void try_across_passes(Trial& trial, const Seen& a, const Seen& b, Finding finding) {
  Worst meetings, records;
  for (std::size_t p = 0; p < trial.schema.passes.size(); ++p)
    for (std::size_t q = p + 1; q < trial.schema.passes.size(); ++q) {
      const CrossPass found = link_passes(trial.schema, a, b, p, q);
      meetings.offer(found.right, found.of);
      records.offer(found.records, a.records);
    }
  const auto add = [&](std::string attack, const Worst& worst) {
    finding.attack = std::move(attack);
    if (worst.of > 0)
      trial.add_share(finding, static_cast<std::uint64_t>(std::lround(worst.right)), worst.of);
  };
  add("comparer, worst two passes: entries put together", meetings);
  add("comparer, worst two passes: records put together", records);
}

// What a nightly mix of few records tells a comparer who has the state in its store: half of them
// are in the state already, typed apart; or all of them come again, and the comparer is told which
// stored entries are theirs.
Result<void> try_deltas(Trial& trial) {
  const std::uint32_t n = std::min(trial.plan.sizes.structure, kLargestState);
  TESSERA_TRY(const auto people, trial.people(n));
  const Seen state =
      look_at(trial.schema, people, key_of(trial, false), trial.progress, "the state");
  const auto owner = [&](std::uint32_t first, std::uint32_t count,
                         std::uint16_t typed) -> Result<Seen> {
    TESSERA_TRY(const auto some, trial.people(count, first, typed, n));
    return look_at(trial.schema, some, key_of(trial, false), trial.progress,
                   typed == 0 ? "before" : "now");
  };
  for (const std::uint32_t d : kDeltas) {
    if (d > n / 10) break;
    Finding finding{.id = "P4", .target = trial.schema.name};
    TESSERA_TRY(const Seen fresh, owner(n - d / 2, d, 1));
    finding.setting = fmt::format("{} records, half new, {} stored", d, n);
    try_across_passes(trial, fresh, state, finding);
    TESSERA_TRY(const Seen before, owner(n - d, d, 0));
    TESSERA_TRY(const Seen changed, owner(n - d, d, 1));
    finding.setting = fmt::format("{} changed records, their own stored", d);
    try_across_passes(trial, changed, before, finding);
  }
  return {};
}

Finding finding_of(const Trial& trial, const char* id, std::string setting) {
  return {.id = id, .target = trial.schema.name, .setting = std::move(setting)};
}

}  // namespace

void try_one_pass(Trial& trial, std::span<const std::uint32_t> truth, std::uint64_t real,
                  const SeenPass& victim, const SeenPass& attacker, std::size_t p,
                  Finding finding) {
  const auto claims = match_in_blocks(trial.schema, p, victim, attacker, {}, trial.progress);
  std::vector<bool> named(truth.size());
  for (std::size_t row = 0; row < claims.size(); ++row)
    if (claims[row] != kNoClaim && claims[row] == truth[victim.record[row]])
      named[victim.record[row]] = true;
  finding.attack = "one role, pass " + trial.schema.passes[p].name;
  trial.add_share(finding, static_cast<std::uint64_t>(std::ranges::count(named, true)), real);
}

Result<void> try_passes_alone(Trial& trial) {
  const std::uint32_t n = trial.plan.sizes.structure;
  TESSERA_TRY(const auto roster, trial.people(n));
  std::vector<std::uint32_t> truth(n);
  std::iota(truth.begin(), truth.end(), 0U);
  Finding finding = finding_of(trial, "P4", fmt::format("{} people, overlap 1.00", n));
  finding.bar = one_role_bar(trial.schema);
  for (std::size_t p = 0; p < trial.schema.passes.size(); ++p) {
    const SeenPass theirs =
        look_at_pass(trial.schema, p, roster, key_of(trial, false), trial.progress);
    const SeenPass mine =
        look_at_pass(trial.schema, p, roster, key_of(trial, true), trial.progress);
    try_one_pass(trial, truth, n, theirs, mine, p, finding);
  }
  return {};
}

Result<void> try_registrar(Trial& trial) {
  const std::uint32_t n = trial.plan.sizes.graph;
  TESSERA_TRY(const TwoOwners owners, two_owners(trial, n));
  TESSERA_TRY(BothTold told, both_told(trial, owners));
  Finding finding = finding_of(trial, "P3", owners.as_mix());
  finding.bar = kScoresBar;
  if (2 * n > kDenseGraph) {
    try_score_graph(trial, std::move(told), n, finding);
    return {};
  }
  const std::vector<std::uint32_t> theirs = any_order(std::size_t{2} * n, trial.seed);
  const std::vector<std::uint32_t> mine = any_order(theirs.size(), trial.seed + 1000003);
  const link::Decinats floor = link::logit_of(kPairsFloor);
  const auto graph = [&](const std::vector<ToldScore>& one, const auto& number) {
    return Scores(strongest(one, n), number, floor);
  };
  const auto claims =
      match_graphs(graph(told.victim, theirs), graph(told.attacker, mine), {}, trial.progress);
  std::vector<std::uint32_t> truth(theirs.size());
  for (std::size_t r = 0; r < truth.size(); ++r) truth[theirs[r]] = mine[r];
  finding.attack = "registrar, graph matching on scores";
  trial.add_share(finding, count_right(claims, truth), truth.size());
  return {};
}

Result<void> try_offices(Trial& trial) {
  for (const std::uint32_t n : {kLeastOwner, trial.plan.sizes.structure / 2}) {
    TESSERA_TRY(const TwoOwners owners, two_owners(trial, n));
    TESSERA_TRY(BothTold told, both_told(trial, owners));
    Finding finding = finding_of(trial, "P4", owners.as_mix());
    finding.bar = one_role_bar(trial.schema);
    add_claims(trial, finding, "registrar, scores that nobody else has",
               match_by_scores(told.victim, told.attacker, n, n));
    try_score_graph(trial, std::move(told), n, finding);
    if (2 * n > kLargestState) continue;
    const Seen a = look_at(trial.schema, owners.a, key_of(trial, false), trial.progress, "a");
    const Seen b = look_at(trial.schema, owners.b, key_of(trial, false), trial.progress, "b");
    finding.bar.reset();
    try_across_passes(trial, a, b, finding);
  }
  return try_deltas(trial);
}

}  // namespace tessera::attack
