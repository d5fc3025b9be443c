#include "engine/cluster/groups.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <utility>

namespace tessera::cluster {
namespace {

using Key = std::uint64_t;
Key key(std::uint32_t a, std::uint32_t b) { return (Key{std::min(a, b)} << 32) | std::max(a, b); }

class Partition {
 public:
  Partition(std::span<const Candidate> links, std::span<const std::uint32_t> group,
            const GroupRules& rules)
      : group_(group), rules_(rules), root_(group.size()), members_(group.size()) {
    std::iota(root_.begin(), root_.end(), 0U);
    for (const Candidate& c : links) seen_.emplace(key(c.a, c.b), c.logit);
  }

  void try_join(std::uint32_t a, std::uint32_t b) {
    a = root_[a];
    b = root_[b];
    if (a == b) return;
    const auto left = members(a);
    const auto right = members(b);
    std::int64_t sum = 0;
    for (const std::uint32_t x : left)
      for (const std::uint32_t y : right) {
        if (rules_.one_per_group && group_[x] == group_[y]) return;
        const auto it = seen_.find(key(x, y));
        sum += it != seen_.end() ? it->second : rules_.unseen;
      }
    if (sum <= 0) return;
    const std::uint32_t keep = std::min(a, b);
    std::vector<std::uint32_t> all = left;
    all.insert(all.end(), right.begin(), right.end());
    for (const std::uint32_t x : all) root_[x] = keep;
    members_[std::max(a, b)] = {};
    members_[keep] = std::move(all);
  }

  std::vector<std::uint32_t> take() { return std::move(root_); }

 private:
  std::vector<std::uint32_t> members(std::uint32_t root) const {
    return members_[root].empty() ? std::vector<std::uint32_t>{root} : members_[root];
  }
  std::span<const std::uint32_t> group_;
  GroupRules rules_;
  std::vector<std::uint32_t> root_;
  std::vector<std::vector<std::uint32_t>> members_;  // of clusters with more than one
  std::unordered_map<Key, std::int16_t> seen_;
};

}  // namespace

std::vector<std::uint32_t> clusters(std::span<const Candidate> links,
                                    std::span<const std::uint32_t> group, const GroupRules& rules) {
  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < links.size(); ++i)
    if (links[i].logit >= rules.threshold) order.push_back(i);
  std::ranges::sort(order, [&](std::uint32_t i, std::uint32_t j) {
    if (links[i].logit != links[j].logit) return links[i].logit > links[j].logit;
    return std::pair(links[i].a, links[i].b) < std::pair(links[j].a, links[j].b);
  });
  Partition partition(links, group, rules);
  for (const std::uint32_t i : order) partition.try_join(links[i].a, links[i].b);
  return partition.take();
}

}  // namespace tessera::cluster
