#include "engine/cluster/assignment.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <unordered_map>

namespace tessera::cluster {
namespace {

class Components {
 public:
  explicit Components(std::size_t n) : parent_(n) { std::iota(parent_.begin(), parent_.end(), 0U); }
  std::uint32_t find(std::uint32_t x) {
    while (parent_[x] != x) x = parent_[x] = parent_[parent_[x]];
    return x;
  }
  void join(std::uint32_t a, std::uint32_t b) {
    a = find(a);
    b = find(b);
    if (a != b) parent_[std::max(a, b)] = std::min(a, b);
  }
  void forget(std::uint32_t x) { parent_[x] = x; }

 private:
  std::vector<std::uint32_t> parent_;
};

using Cost = std::int64_t;

// Row -> column of the cheapest assignment of a square matrix (row-major).
std::vector<std::size_t> cheapest(const std::vector<Cost>& cost, std::size_t n) {
  constexpr Cost kNever = std::numeric_limits<Cost>::max() / 4;
  std::vector<Cost> u(n + 1, 0);
  std::vector<Cost> v(n + 1, 0);
  std::vector<std::size_t> row_of(n + 1,
                                  n);  // column -> row; n = none; slot n holds the row in hand
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<Cost> least(n + 1, kNever);
    std::vector<std::size_t> from(n + 1, n);
    std::vector<bool> used(n + 1, false);
    std::size_t column = n;
    row_of[n] = i;
    do {
      used[column] = true;
      const std::size_t row = row_of[column];
      Cost delta = kNever;
      std::size_t next = n;
      for (std::size_t j = 0; j < n; ++j) {
        if (used[j]) continue;
        const Cost c = cost[row * n + j] - u[row] - v[j];
        if (c < least[j]) {
          least[j] = c;
          from[j] = column;
        }
        if (least[j] < delta) {
          delta = least[j];
          next = j;
        }
      }
      for (std::size_t j = 0; j <= n; ++j) {
        if (used[j]) {
          u[row_of[j]] += delta;
          v[j] -= delta;
        } else {
          least[j] -= delta;
        }
      }
      column = next;
    } while (row_of[column] != n);
    for (; column != n; column = from[column]) row_of[column] = row_of[from[column]];
  }
  std::vector<std::size_t> column_of(n);
  for (std::size_t j = 0; j < n; ++j) column_of[row_of[j]] = j;
  return column_of;
}

// Indices into `candidates` of one component between two groups.
void solve(std::span<const Candidate> candidates, const std::vector<std::uint32_t>& members,
           std::span<const std::uint32_t> group, std::uint32_t left_group,
           std::vector<std::uint32_t>& chosen) {
  if (members.size() == 1) {
    chosen.push_back(members.front());
    return;
  }
  auto left_of = [&](const Candidate& c) { return group[c.a] == left_group ? c.a : c.b; };
  auto right_of = [&](const Candidate& c) { return group[c.a] == left_group ? c.b : c.a; };
  std::vector<std::uint32_t> left;
  std::vector<std::uint32_t> right;
  for (const std::uint32_t i : members) {
    left.push_back(left_of(candidates[i]));
    right.push_back(right_of(candidates[i]));
  }
  for (auto* side : {&left, &right}) {
    std::ranges::sort(*side);
    side->erase(std::unique(side->begin(), side->end()), side->end());
  }
  if (left.size() + right.size() > kLargestExact) {
    std::vector<std::uint32_t> order = members;
    std::ranges::stable_sort(order, std::greater<>{},
                             [&](std::uint32_t i) { return candidates[i].logit; });
    std::vector<std::uint32_t> taken;
    for (const std::uint32_t i : order) {
      const Candidate& c = candidates[i];
      if (std::ranges::find(taken, c.a) != taken.end() ||
          std::ranges::find(taken, c.b) != taken.end())
        continue;
      taken.insert(taken.end(), {c.a, c.b});
      chosen.push_back(i);
    }
    return;
  }
  const std::size_t n = std::max(left.size(), right.size());
  auto place = [](const std::vector<std::uint32_t>& side, std::uint32_t x) {
    return static_cast<std::size_t>(std::ranges::lower_bound(side, x) - side.begin());
  };
  std::vector<Cost> cost(n * n, 0);
  std::unordered_map<std::size_t, std::uint32_t> at;
  for (const std::uint32_t i : members) {
    const std::size_t cell =
        place(left, left_of(candidates[i])) * n + place(right, right_of(candidates[i]));
    cost[cell] = -Cost{candidates[i].logit};
    at[cell] = i;
  }
  const auto column_of = cheapest(cost, n);
  for (std::size_t row = 0; row < left.size(); ++row)
    if (const auto it = at.find(row * n + column_of[row]); it != at.end())
      chosen.push_back(it->second);
}

}  // namespace

std::vector<std::uint32_t> assign(std::span<const Candidate> candidates,
                                  std::span<const std::uint32_t> group) {
  // A problem of its own for each pair of groups and each component in it.
  struct Item {
    std::uint64_t groups;
    std::uint32_t candidate;
  };
  std::vector<Item> items;
  for (std::uint32_t i = 0; i < candidates.size(); ++i) {
    if (candidates[i].logit <= 0) continue;
    const std::uint64_t ga = group[candidates[i].a];
    const std::uint64_t gb = group[candidates[i].b];
    items.push_back({(std::min(ga, gb) << 32) | std::max(ga, gb), i});
  }
  std::ranges::stable_sort(items, {}, &Item::groups);
  std::vector<std::uint32_t> chosen;
  Components components(group.size());
  for (std::size_t i = 0; i < items.size();) {
    std::size_t j = i;
    for (; j < items.size() && items[j].groups == items[i].groups; ++j)
      components.join(candidates[items[j].candidate].a, candidates[items[j].candidate].b);
    std::vector<std::pair<std::uint32_t, std::uint32_t>> by_root;
    for (std::size_t k = i; k < j; ++k)
      by_root.emplace_back(components.find(candidates[items[k].candidate].a), items[k].candidate);
    std::ranges::sort(by_root);
    for (std::size_t k = 0; k < by_root.size();) {
      std::vector<std::uint32_t> members;
      const std::uint32_t root = by_root[k].first;
      for (; k < by_root.size() && by_root[k].first == root; ++k)
        members.push_back(by_root[k].second);
      solve(candidates, members, group, static_cast<std::uint32_t>(items[i].groups >> 32), chosen);
    }
    for (std::size_t k = i; k < j; ++k) {  // the next pair of groups starts afresh
      components.forget(candidates[items[k].candidate].a);
      components.forget(candidates[items[k].candidate].b);
    }
    i = j;
  }
  std::ranges::sort(chosen);
  return chosen;
}

}  // namespace tessera::cluster
