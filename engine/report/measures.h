// All that an evaluation measures, in one value: what the text, JSON and HTML reports show.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/core/json.h"
#include "engine/report/calibration.h"
#include "engine/report/clusters.h"
#include "engine/report/groups.h"
#include "engine/report/issued.h"
#include "engine/report/tally.h"

namespace tessera::report {

inline constexpr double kOperatingPoint =
    0.9;  // the honest threshold: fixed, not chosen with the truth

// What was there to be measured.
struct Ground {
  std::uint64_t records = 0;              // in the maps
  std::uint64_t unnamed = 0;              // of them, without a person in the truth
  std::uint64_t truth_records = 0;        // named by the truth
  std::uint64_t unmapped = 0;             // of them, in no map: never encoded, or of other owners
  std::uint64_t true_pairs = 0;           // among mapped records
  std::uint64_t true_pairs_unmapped = 0;  // true pairs of the whole truth that maps leave out
  std::uint64_t owners = 0;
  bool within = false;  // pairs inside one owner count
};

struct PairMeasures {
  std::uint64_t rows = 0;  // of pairs.csv
  Sifted sifted;
  std::uint64_t judged = 0;  // candidate pairs that count
  Tally scored;              // every judged pair accepted: its recall is c
  double completeness = 0;   // c, pair completeness of what was scored; NaN without true pairs
  double ceiling = 0;        // 2c / (1 + c): the F1 of a perfect scorer on these pairs
  Sweep all;
  std::optional<Sweep> assigned;  // after one-to-one assignment; not where pairs in one owner count
  Calibration calibration;
  Histogram histogram;  // 20 bins
};

struct Measures {
  Ground ground;
  std::optional<PairMeasures> pairs;
  std::optional<ClusterTally> clusters;
  std::optional<IdTally> ids;
  std::vector<GroupTable> groups;  // of pairs accepted at kOperatingPoint, one-to-one where that
                                   // is; then of clusters
};

// Sifts and ranks `pairs` in place. `groupings` may be empty.
void measure_pairs(Measures& out, std::vector<Pair>& pairs, const People& people,
                   std::span<const Grouping> groupings);
// `cluster` as tally_clusters takes it.
void measure_clusters(Measures& out, std::span<const std::uint32_t> cluster, const People& people,
                      std::span<const Grouping> groupings);

// Stable names, documented in docs/evaluate.md. Shares that do not exist are null; the numbers of
// groups below kSmallestGroup are the text "<10".
json::Value to_json(const Measures& measures);
// A table for a terminal.
std::string to_table(const Measures& measures);

}  // namespace tessera::report
