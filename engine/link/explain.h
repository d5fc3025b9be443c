// A decision taken apart: what each field said for or against a pair, adding up to its logit.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/json.h"
#include "engine/core/result.h"
#include "engine/link/pipeline.h"

namespace tessera::link {

// Log odds of a match against both other classes, in nats. Numerically safe for any finite masses.
double log_odds(const ClassLogs& mass);
// Log mass of a pattern under each class: the shares and one term for each digit.
ClassLogs mass_of(const PassEvidence& evidence, const Comparator& comparator,
                  std::uint32_t pattern);

// One field's say. All in nats. `total` is the log odds with this field and all before it; weights
// are their differences, for three classes do not add up field by field in another way.
struct Step {
  std::string field;  // of the schema, by its name
  std::string level;  // link::level_names; "unequal" for SSNs that differ or that one side lacks
  double weight = 0;
  double total = 0;
  bool operator==(const Step&) const = default;
};

// The next best candidate of either record, before competition and after.
struct RunnerUp {
  double logit = 0;
  double probability = 0;
  bool operator==(const RunnerUp&) const = default;
};

// Holds no name, value, tag or handle: fit for the linkage unit's reviewer, not for an owner.
struct Explanation {
  std::string pass;         // where the strongest evidence was found
  std::string candidates;   // that a record had in that block: many for a common name
  double start = 0;         // log odds of any pair of such blocks, before a field is looked at
  std::vector<Step> steps;  // fields in the order of the schema
  double logit = 0;         // what the matcher gave; below the last total where it was held back
  bool held_back = false;   // by a rule, such as: no link on surname and birth date alone
  double probability = 0;   // after competition
  std::optional<RunnerUp> runner_up;
  bool operator==(const Explanation&) const = default;
};

// REQUIRES: fit.evidence is there; `pair` came from this fit and schema. `probability` is that of
// compete().
Explanation explain(const schema::Schema& schema, std::span<const Comparator> comparators,
                    const Fit& fit, const Pair& pair, double probability);

// Strongest rivals of pairs: index over a run's pairs, built once. Keeps views of its arguments.
class Rivals {
 public:
  static constexpr std::uint32_t kNone = UINT32_MAX;
  // REQUIRES: `pairs` sorted by (a, b); `group` has every record.
  Rivals(std::span<const Pair> pairs, std::span<const std::uint32_t> group);
  // Index of the strongest other pair that shares a record with this one and whose far end is of
  // the same group as this one's; kNone if there is none. Ties: the smaller index.
  std::uint32_t runner_up(std::uint32_t pair) const;

 private:
  std::span<const Pair> pairs_;
  std::span<const std::uint32_t> group_;
  std::vector<std::uint32_t> first_;  // per record, into pair_of_
  std::vector<std::uint32_t> pair_of_;
};

// {"pass", "candidates", "start", "fields": [{"field", "level", "weight", "total"}], "logit",
// "held_back", "probability", "runner_up": null or {"logit", "probability"}}; reals rounded to
// 1e-6.
json::Value to_json(const Explanation& explanation);
// Error (format) unless `value` is what to_json gives.
Result<Explanation> explanation_from_json(const json::Value& value, std::string_view where);

}  // namespace tessera::link
