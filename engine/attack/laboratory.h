// The laboratory: runs the attacks on a schema and on the control, and says which bars are met.
// docs/privacy.md explains the bars and how they are counted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/attack/quality.h"
#include "engine/core/progress.h"
#include "engine/core/result.h"
#include "engine/lab/synth_names.h"
#include "engine/schema/schema.h"

namespace tessera::attack {

// One figure. A bar of a target is the most that is allowed; one of the control is the least that
// shows that the attack works.
struct Finding {
  std::string id{};                 // "P3"
  std::string attack{};             // "graph matching"
  std::string target{};             // a schema's name, "clk", ...
  std::string setting{};            // "10000 people, overlap 0.5"
  double success = 0;               // in the seed where it was largest, or of all, if pooled
  double bound = 0;                 // one-sided 95 %: upper for a target, lower for the control
  std::uint64_t right = 0, of = 0;  // in that seed, or of all; of = 0: not a share
  std::optional<double> bar{};
  bool control = false;
  bool pooled = false;  // seeds are added up, in place of the worst: P1
  double chance = 0;    // of `right`, as many as any order of claims would get; of pooled findings
  bool met() const { return !bar || (control ? success >= *bar : success <= *bar); }
};

// Linkage quality on the same kind of people.
struct Worth {
  std::string target;
  LinkQuality quality;
};

struct Sizes {
  std::uint32_t frequency, pattern, graph, structure, structure_control, pairs, known, state,
      district, shape, epochs, oracle, quality;
  std::vector<double> graph_overlaps, structure_overlaps;
};
Sizes small_sizes();  // seconds
Sizes full_sizes();   // tens of minutes

struct Plan {
  Sizes sizes = small_sizes();
  std::vector<std::string> only;  // "P3", ...; "F1" for the quality; empty: all
  std::uint64_t first_seed = 1;
  int seeds = 1;
  double decoys = 0;     // share of decoys added to the victim's records in P1, P3 and P4
  bool offices = false;  // P3 and P4 of the two offices of a split unit alone
  bool control = true;   // try the control too
  std::string scratch;   // an empty folder for P6's and P11's files, left empty
};

struct Report {
  std::vector<Finding> findings;  // in the order tried
  std::vector<Worth> worth;
  // Every control that was tried was broken as it must be.
  bool control_broken() const;
  bool bars_met() const;
};

// Tries every attack asked for on `schema` and, unless told not to, on the control. Deterministic.
Result<Report> run_laboratory(const schema::Schema& schema, const lab::NameTables& names,
                              const Plan& plan, Progress& progress);

// Ids of all attacks, in order.
const std::vector<std::string>& attack_ids();

}  // namespace tessera::attack
