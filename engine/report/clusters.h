// Clusters of records against the persons they should be.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/report/tally.h"

namespace tessera::report {

inline constexpr std::uint32_t kAlone = 0xffffffff;  // a record that stands in no cluster

// Keys for count_pairs(): records of equal `found` lie in one cluster; of equal `right`, in one
// cluster and are one person. ~0, which is left out: in no cluster, or the person is not known.
struct PairKeys {
  std::vector<std::uint64_t> found, right;
};
PairKeys pair_keys(std::span<const std::uint32_t> cluster, const People& people);

// Records whose person is not known are left out before anything is counted.
struct ClusterTally {
  Tally pairs;                 // pairs of records in one cluster against pairs of one person
  Tally exact;                 // clusters of two records or more that are exactly one person
  std::uint64_t clusters = 0;  // of two judged records or more
  std::uint64_t mixed = 0;     // clusters that hold more than one person
  std::uint64_t persons = 0;   // with at least one judged record
  std::uint64_t split = 0;     // persons whose records lie in more than one cluster
};

// `cluster` gives each record's cluster or kAlone (then it is a cluster of its own). Pairs inside
// one owner count as People says. In `exact` a cluster is right if it holds all records of one
// person and no others; missed are the persons of two records or more without such a cluster.
ClusterTally tally_clusters(std::span<const std::uint32_t> cluster, const People& people);

}  // namespace tessera::report
