// What the trials of the laboratory share: people, overlaps, and the list of findings.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/attack/graph_match.h"
#include "engine/attack/laboratory.h"
#include "engine/attack/people.h"
#include "engine/attack/seen.h"

namespace tessera::attack {

// Where the trials of one run put their figures. Findings that differ in the seed alone are one:
// the seed with the most success stands, or, of pooled findings, their sum.
class Trial {
 public:
  Trial(const schema::Schema& target, const lab::NameTables& tables, const Plan& asked,
        Progress& bar)
      : schema(target), names(tables), plan(asked), progress(bar) {}
  const schema::Schema& schema;
  const lab::NameTables& names;
  const Plan& plan;
  Progress& progress;
  std::uint64_t seed = 1;

  void add(Finding finding);
  // right of `of`, with the bound computed. A pooled finding that is above chance at the one-sided
  // 99.9 % level may not exceed chance, whatever its bar.
  void add_share(Finding finding, std::uint64_t right, std::uint64_t of);
  // `state`: students of the state they are drawn from; 0: the larger of count and first.
  Result<std::vector<record::Fields>> people(std::uint32_t count, std::uint32_t first = 0,
                                             std::uint16_t owner = 0,
                                             std::uint32_t state = 0) const;
  std::vector<Finding> findings;

 private:
  Finding* like(const Finding& finding);  // differs in the seed alone; nullptr: none yet
};

// A folder of one seed's own under the plan's `scratch`. Goes with what is in it.
class TrialFolder {
 public:
  static Result<TrialFolder> make(const Trial& trial);  // error `usage` if the plan has no scratch
  TrialFolder(TrialFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TrialFolder& operator=(TrialFolder&&) = delete;
  ~TrialFolder();
  const std::string& path() const { return path_; }

 private:
  explicit TrialFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

// A victim and an attacker: the attacker's roster is the victim's plaintext, of which the victim
// holds a part, in an order of its own, with decoys among them.
struct Overlap {
  std::vector<record::Fields> victims;
  std::vector<std::uint32_t> truth;  // attacker record of each victim, kNoClaim for decoys
  std::uint64_t real = 0;
};
Overlap overlap_of(const schema::Schema& schema, std::span<const record::Fields> roster,
                   double overlap, double decoy_share, std::uint64_t seed);
std::uint64_t count_right(std::span<const std::uint32_t> claims,
                          std::span<const std::uint32_t> truth);

// The four loose passes that structural refinement must break: the control of P4.
Result<schema::Schema> loose_schema(const schema::Schema& like);

// P4's bar for one role of a split unit with everybody's plaintext (docs/privacy.md).
double one_role_bar(const schema::Schema& schema);

// P4 for a matcher that has one pass and no records. `truth`: per victim record; `real`: of how
// many.
void try_one_pass(Trial& trial, std::span<const std::uint32_t> truth, std::uint64_t real,
                  const SeenPass& victim, const SeenPass& attacker, std::size_t p, Finding finding);

// One seed of each attack.
Result<void> try_frequency(Trial& trial);     // P1
Result<void> try_patterns(Trial& trial);      // P2
Result<void> try_graphs(Trial& trial);        // P3
Result<void> try_structure(Trial& trial);     // P4
Result<void> try_registrar(Trial& trial);     // P3 for the registrar of a split unit
Result<void> try_passes_alone(Trial& trial);  // P4 for its comparer, holding one pass at a time
Result<void> try_offices(Trial& trial);       // P4 for its registrar; entries put together
Result<void> try_known_pairs(Trial& trial);   // P5
Result<void> try_stolen(Trial& trial);        // P6
Result<void> try_shape(Trial& trial);         // P7
Result<void> try_epochs(Trial& trial);        // P8
Result<void> try_segments(Trial& trial);      // P9
Result<void> try_oracle(Trial& trial);        // P11

}  // namespace tessera::attack
