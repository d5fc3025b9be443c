// P3 and P4: what similarities and shared blocks give away.
#include <algorithm>

#include <fmt/format.h>

#include "engine/attack/refine.h"
#include "engine/attack/seen.h"
#include "engine/attack/similarity.h"
#include "engine/attack/trial.h"
#include "engine/attack/weak.h"

namespace tessera::attack {
namespace {

constexpr double kGraphTarget = 0.01;      // P3, at every overlap
constexpr double kGraphControl = 0.95;     // at overlap 1.0
constexpr double kGraphControlLow = 0.80;  // 10,000 people at overlap 0.2
constexpr std::uint32_t kGraphLarge = 10000;
constexpr double kStructureControl = 0.40;  // P4, four loose passes, 50,000 people
constexpr std::uint32_t kStructureLarge = 50000;
constexpr double kRegistry[] = {0.05, 0.02, 0.005};  // P4 at overlap 1.0, .95, .8, no decoys
constexpr double kProject[] = {0.05, 0.01, 0.005};   // with decoys
constexpr std::size_t kSeeds = 200;                  // known pairs that percolation starts from
constexpr int kMostRounds = 8;

std::string at(std::uint32_t n, double overlap, double decoy_share) {
  std::string out = fmt::format("{} people, overlap {:.2f}", n, overlap);
  if (decoy_share > 0) out += fmt::format(", {:.0f} % decoys", 100 * decoy_share);
  return out;
}

std::optional<double> graph_control_bar(std::uint32_t n, double overlap) {
  if (overlap > 0.99) return kGraphControl;
  if (n >= kGraphLarge && overlap > 0.15) return kGraphControlLow;
  return std::nullopt;
}

double structure_bar(double overlap, bool with_decoys) {
  const std::size_t row = overlap > 0.99 ? 0 : overlap > 0.9 ? 1 : 2;
  return with_decoys ? kProject[row] : kRegistry[row];
}

// All of P4 with every pass in one hand.
void try_jointly(Trial& trial, const schema::Schema& schema, const Overlap& data,
                 const Seen& victim, const Seen& attacker, Finding finding) {
  const auto add = [&](std::string attack, const std::vector<std::uint32_t>& claims) {
    finding.attack = std::move(attack);
    trial.add_share(finding, count_right(claims, data.truth), data.real);
  };
  std::vector<std::uint32_t> best;
  std::uint64_t most = 0;
  for (const int rounds : {2, 4, kMostRounds}) {  // fewer rounds bear more missing records
    auto claims = refine_exact(victim, attacker, rounds);
    const std::uint64_t right = count_right(claims, data.truth);
    if (best.empty() || right > most) {
      best = std::move(claims);
      most = right;
    }
  }
  add("exact refinement", best);
  const Claims tolerant = refine_tolerant(schema, victim, attacker, {}, trial.progress);
  add("tolerant refinement", tolerant.claim);
  // The clearest claims of both spread to their neighbours.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> seeds;
  for (std::uint32_t v = 0; v < tolerant.claim.size(); ++v)
    if (tolerant.claim[v] != kNoClaim && tolerant.margin[v] > 0.3F)
      seeds.emplace_back(v, tolerant.claim[v]);
  for (std::uint32_t v = 0; v < best.size(); ++v)
    if (best[v] != kNoClaim) seeds.emplace_back(v, best[v]);
  add("tolerant refinement and percolation", percolate(victim, attacker, seeds, 0.3F));
  seeds.clear();
  for (std::uint32_t v = 0; v < data.truth.size() && seeds.size() < kSeeds; ++v)
    if (data.truth[v] != kNoClaim) seeds.emplace_back(v, data.truth[v]);
  auto spread = percolate(victim, attacker, seeds, 0.3F);
  for (const auto& [v, a] : seeds) spread[v] = kNoClaim;
  finding.attack = fmt::format("percolation from {} known", seeds.size());
  trial.add_share(finding, count_right(spread, data.truth), data.real - seeds.size());
}

}  // namespace

double one_role_bar(const schema::Schema& schema) {
  return schema.name == "high-privacy" ? 0.01 : 0.03;
}

Result<void> try_graphs(Trial& trial) {
  if (trial.plan.offices) return try_registrar(trial);
  const std::uint32_t n = trial.plan.sizes.graph;
  const double fakes = trial.plan.decoys;
  TESSERA_TRY(const auto roster, trial.people(n));
  for (const double overlap : trial.plan.sizes.graph_overlaps) {
    Finding finding{.id = "P3", .attack = "graph matching", .setting = at(n, overlap, fakes)};
    const Overlap data = overlap_of(trial.schema, roster, overlap, fakes, trial.seed);
    const Seen theirs = look_at(trial.schema, data.victims, 2 * trial.seed, trial.progress);
    const Seen mine = look_at(trial.schema, roster, 2 * trial.seed + 1, trial.progress);
    finding.target = trial.schema.name;
    finding.bar = kGraphTarget;
    const auto claims = match_graphs(InBlocks(theirs), InBlocks(mine), {}, trial.progress);
    trial.add_share(finding, count_right(claims, data.truth), data.real);
    if (!trial.plan.control) continue;
    for (const Weak kind : {Weak::clk, Weak::clk_fold, Weak::per_field}) {
      TESSERA_TRY(const bits::Matrix v,
                  weak_rows(kind, trial.schema, data.victims, 2 * trial.seed));
      TESSERA_TRY(const bits::Matrix a, weak_rows(kind, trial.schema, roster, 2 * trial.seed + 1));
      const auto broken = match_graphs(Everywhere(v), Everywhere(a), {}, trial.progress);
      finding.target = name_of(kind);
      finding.control = true;
      finding.bar = kind == Weak::clk ? graph_control_bar(n, overlap) : std::nullopt;
      trial.add_share(finding, count_right(broken, data.truth), data.real);
    }
  }
  if (fakes > 0) return {};  // a split unit's registrar is tried without
  return try_registrar(trial);
}

Result<void> try_structure(Trial& trial) {
  if (trial.plan.offices) {
    TESSERA_CHECK(try_passes_alone(trial));
    return try_offices(trial);
  }
  const std::uint32_t n = trial.plan.sizes.structure;
  const double fakes = trial.plan.decoys;
  TESSERA_TRY(const auto roster, trial.people(n));
  const Seen mine = look_at(trial.schema, roster, 2 * trial.seed + 1, trial.progress);
  for (const double overlap : trial.plan.sizes.structure_overlaps) {
    const Overlap data = overlap_of(trial.schema, roster, overlap, fakes, trial.seed);
    const Seen theirs = look_at(trial.schema, data.victims, 2 * trial.seed, trial.progress);
    Finding finding{.id = "P4", .target = trial.schema.name, .setting = at(n, overlap, fakes)};
    finding.bar = structure_bar(overlap, fakes > 0);
    try_jointly(trial, trial.schema, data, theirs, mine, finding);
    finding.bar.reset();
    if (overlap > 0.99) finding.bar = one_role_bar(trial.schema);
    for (std::size_t p = 0; p < theirs.passes.size(); ++p)
      try_one_pass(trial, data.truth, data.real, theirs.passes[p], mine.passes[p], p, finding);
  }
  TESSERA_CHECK(try_offices(trial));
  if (!trial.plan.control) return {};
  const std::uint32_t m = trial.plan.sizes.structure_control;
  TESSERA_TRY(const schema::Schema loose, loose_schema(trial.schema));
  TESSERA_TRY(const auto others, trial.people(m));
  const Overlap data = overlap_of(trial.schema, others, 1, 0, trial.seed);
  const Seen theirs = look_at(loose, data.victims, 2 * trial.seed, trial.progress);
  const Seen own = look_at(loose, others, 2 * trial.seed + 1, trial.progress);
  Finding finding{.id = "P4",
                  .attack = "exact refinement",
                  .target = loose.name,
                  .setting = at(m, 1, 0),
                  .control = true};
  if (m >= kStructureLarge) finding.bar = kStructureControl;
  trial.add_share(finding, count_right(refine_exact(theirs, own, kMostRounds), data.truth),
                  data.real);
  return {};
}

}  // namespace tessera::attack
