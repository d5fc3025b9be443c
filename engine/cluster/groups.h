// From links to persons: clusters that hold together as a whole, not chains.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/cluster/assignment.h"

namespace tessera::cluster {

struct GroupRules {
  std::int16_t threshold = 22;  // logit from which a link may start or join a cluster
  bool one_per_group = true;    // a cluster never holds two records of one group (owner and file)
  // What a pair of records that no pass compared counts, in tenths of a nat, when two clusters are
  // weighed: it speaks against them a little, for true pairs usually meet somewhere.
  std::int16_t unseen = -20;
};

// Joins clusters link by link, strongest first (ties: smaller records first), if the mean logit
// over all cross pairs is above 0 and the rules allow. Returns for each record the smallest record
// of its cluster: a partition, whatever the order of `links`. REQUIRES: a < b, each pair once.
std::vector<std::uint32_t> clusters(std::span<const Candidate> links,
                                    std::span<const std::uint32_t> group, const GroupRules& rules);

}  // namespace tessera::cluster
