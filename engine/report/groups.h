// Recall and precision by group: a linkage good on average may be bad for some.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/report/clusters.h"
#include "engine/report/intervals.h"
#include "engine/report/tally.h"

namespace tessera::report {

inline constexpr std::uint64_t kSmallestGroup = 10;  // smaller counts are shown as "<10"

// One way to group records, such as sex. A record without a value has the last one, "not given".
struct Grouping {
  std::string column;
  std::vector<std::string> values;   // distinct
  std::vector<std::uint32_t> value;  // of each record, an index into `values`
};

struct GroupRow {
  std::string value;           // or "mixed": the two records of the pair disagree
  std::uint64_t truth = 0;     // true pairs of the group
  std::uint64_t accepted = 0;  // pairs of the group that were accepted
  std::uint64_t right = 0;     // of them, true ones
  Interval recall_bounds;      // Wilson, right / truth
  Interval precision_bounds;   // Wilson, right / accepted
  bool shows_recall() const { return truth >= kSmallestGroup; }
  bool shows_precision() const { return accepted >= kSmallestGroup; }
};
// What was taken as a link: a pair accepted by its probability, or two records in one cluster.
enum class GroupsOf : std::uint8_t { pairs, clusters };
struct GroupTable {
  std::string column;
  GroupsOf of = GroupsOf::pairs;
  std::vector<GroupRow> rows;  // in the order of Grouping::values, "mixed" last if there are such
};

// A pair belongs to a value if both its records have it, else to "mixed".
// `accepted` are the pairs taken as matches. REQUIRES: they were sifted.
GroupTable tally_groups(const Grouping& grouping, std::span<const Pair> accepted,
                        const People& people);

// The same of clusters, without going through their pairs one by one. `cluster` gives each record's
// cluster or kAlone; records whose person is not known are left out.
GroupTable tally_groups(const Grouping& grouping, std::span<const std::uint32_t> cluster,
                        const People& people);

}  // namespace tessera::report
