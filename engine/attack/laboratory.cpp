// Runs the trials seed by seed and gathers what they found.
#include "engine/attack/laboratory.h"

#include <algorithm>

#include "engine/attack/trial.h"
#include "engine/attack/weak.h"

namespace tessera::attack {
namespace {

struct Attack {
  const char* id;
  Result<void> (*run)(Trial&);
};

constexpr Attack kAttacks[] = {{"P1", try_frequency}, {"P2", try_patterns},    {"P3", try_graphs},
                               {"P4", try_structure}, {"P5", try_known_pairs}, {"P6", try_stolen},
                               {"P7", try_shape},     {"P8", try_epochs},      {"P9", try_segments},
                               {"P11", try_oracle}};

bool wanted(const Plan& plan, const std::string& id) {
  return plan.only.empty() || std::ranges::find(plan.only, id) != plan.only.end();
}

// Two rosters, typed apart, half of each in both.
Result<void> measure_worth(Trial& trial, std::vector<Worth>& out) {
  const std::uint32_t n = trial.plan.sizes.quality;
  TESSERA_TRY(const auto a, trial.people(n, 0, 0));
  TESSERA_TRY(const auto b, trial.people(n, n / 2, 1));
  const Rosters rosters{a, b};
  TESSERA_TRY(const LinkQuality ours,
              schema_quality(trial.schema, rosters, trial.seed, trial.progress));
  out.push_back({trial.schema.name, ours});
  if (!trial.plan.control) return {};
  for (const Weak kind : {Weak::clk, Weak::clk_fold, Weak::per_field}) {
    TESSERA_TRY(const bits::Matrix x, weak_rows(kind, trial.schema, a, trial.seed));
    TESSERA_TRY(const bits::Matrix y, weak_rows(kind, trial.schema, b, trial.seed));
    out.push_back({std::string(name_of(kind)), rows_quality(x, y, rosters)});
  }
  return {};
}

}  // namespace

Sizes small_sizes() {
  Sizes s{};
  s.frequency = 10000;
  s.pattern = 5000;
  s.graph = 500;
  s.structure = 4000;
  s.structure_control = 4000;
  s.pairs = 1200;
  s.known = 200;
  s.state = 10000;
  s.district = 650;
  s.shape = 2000;
  s.epochs = 2000;
  s.oracle = 3000;
  s.quality = 1000;
  s.graph_overlaps = {1.0};
  s.structure_overlaps = {1.0};
  return s;
}

Sizes full_sizes() {
  Sizes s{};
  s.frequency = 50000;
  s.pattern = 50000;
  s.graph = 10000;
  s.structure = 200000;
  s.structure_control = 50000;
  s.pairs = 10000;
  s.known = 2000;
  s.state = 200000;
  s.district = 13000;
  s.shape = 10000;
  s.epochs = 10000;
  s.oracle = 100000;
  s.quality = 10000;
  s.graph_overlaps = {1.0, 0.8, 0.5, 0.2};
  s.structure_overlaps = {1.0, 0.95, 0.8};
  return s;
}

bool Report::control_broken() const {
  return std::ranges::all_of(findings, [](const Finding& f) { return !f.control || f.met(); });
}

bool Report::bars_met() const {
  return std::ranges::all_of(findings, [](const Finding& f) { return f.control || f.met(); });
}

Result<Report> run_laboratory(const schema::Schema& schema, const lab::NameTables& names,
                              const Plan& plan, Progress& progress) {
  Trial trial(schema, names, plan, progress);
  Report out;
  for (const Attack& attack : kAttacks) {
    if (!wanted(plan, attack.id)) continue;
    for (int s = 0; s < plan.seeds; ++s) {
      trial.seed = plan.first_seed + static_cast<std::uint64_t>(s);
      TESSERA_CHECK(attack.run(trial));
    }
  }
  trial.seed = plan.first_seed;
  if (wanted(plan, "F1")) TESSERA_CHECK(measure_worth(trial, out.worth));
  out.findings = std::move(trial.findings);
  return out;
}

const std::vector<std::string>& attack_ids() {
  static const std::vector<std::string> ids = [] {
    std::vector<std::string> list;
    for (const Attack& a : kAttacks) list.emplace_back(a.id);
    list.emplace_back("F1");
    return list;
  }();
  return ids;
}

}  // namespace tessera::attack
