#include "engine/report/clusters.h"

#include <algorithm>
#include <vector>

#include "engine/core/parallel.h"

namespace tessera::report {
namespace {

struct Item {
  std::uint64_t cluster;
  std::uint32_t person;
  bool operator<(const Item& o) const {
    return cluster != o.cluster ? cluster < o.cluster : person < o.person;
  }
};

// A cluster of its own for each record that has none, numbered above every real cluster.
std::uint64_t cluster_of(std::span<const std::uint32_t> cluster, std::size_t record) {
  return cluster[record] == kAlone ? (std::uint64_t{1} << 32) + record : cluster[record];
}

Tally tally_pairs(std::span<const std::uint32_t> cluster, const People& people) {
  const PairKeys keys = pair_keys(cluster, people);
  Tally out;
  out.right = count_pairs(keys.right, people.owner, people.within);
  out.wrong = count_pairs(keys.found, people.owner, people.within) - out.right;
  out.missed = true_pairs(people) - out.right;
  return out;
}

}  // namespace

PairKeys pair_keys(std::span<const std::uint32_t> cluster, const People& people) {
  PairKeys out{std::vector<std::uint64_t>(cluster.size(), ~std::uint64_t{0}),
               std::vector<std::uint64_t>(cluster.size(), ~std::uint64_t{0})};
  for (std::size_t i = 0; i < cluster.size(); ++i) {
    if (people.person[i] == kNobody || cluster[i] == kAlone) continue;
    out.found[i] = cluster[i];
    out.right[i] = std::uint64_t{cluster[i]} << 32 | people.person[i];
  }
  return out;
}

ClusterTally tally_clusters(std::span<const std::uint32_t> cluster, const People& people) {
  ClusterTally out;
  out.pairs = tally_pairs(cluster, people);
  std::vector<Item> items;
  std::uint32_t persons = 0;
  for (std::size_t i = 0; i < cluster.size(); ++i) {
    if (people.person[i] == kNobody) continue;
    items.push_back({cluster_of(cluster, i), people.person[i]});
    persons = std::max(persons, people.person[i] + 1);
  }
  parallel_sort(items.begin(), items.end());
  std::vector<std::uint32_t> records(persons);  // of each person
  std::vector<std::uint32_t> in_clusters(persons);
  for (const Item& item : items) ++records[item.person];
  for (std::size_t i = 0; i < items.size();) {
    std::size_t end = i;
    std::uint64_t people_inside = 0;
    for (; end < items.size() && items[end].cluster == items[i].cluster; ++end)
      if (end == i || items[end].person != items[end - 1].person) {
        ++people_inside;
        ++in_clusters[items[end].person];
      }
    if (end - i >= 2) {
      ++out.clusters;
      if (people_inside > 1) ++out.mixed;
      ++(people_inside == 1 && records[items[i].person] == end - i ? out.exact.right
                                                                   : out.exact.wrong);
    }
    i = end;
  }
  for (std::size_t p = 0; p < persons; ++p) {
    if (records[p] > 0) ++out.persons;
    if (in_clusters[p] > 1) ++out.split;
    if (records[p] >= 2) ++out.exact.missed;
  }
  out.exact.missed -= out.exact.right;
  return out;
}

}  // namespace tessera::report
