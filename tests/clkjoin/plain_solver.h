// The greedy solver as its description says it, with maps and sets: slow, for tests only.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "engine/clkjoin/solver.h"

namespace tessera::clkjoin {

using Group = std::vector<Record>;  // sorted

inline std::vector<Group> as_lists(const Groups& groups) {
  std::vector<Group> out;
  for (std::size_t g = 0; g < groups.size(); ++g)
    out.emplace_back(groups[g].begin(), groups[g].end());
  return out;
}

inline std::vector<Group> plain_solve(std::span<const Pair> pairs, const SolverOptions& options) {
  std::map<Record, std::size_t> group_of;
  std::vector<std::set<Record>> groups;
  std::map<std::pair<std::size_t, std::size_t>, std::uint64_t> seen;  // smaller group first
  const auto key = [](std::size_t a, std::size_t b) {
    return std::pair(std::min(a, b), std::max(a, b));
  };
  for (const Pair& p : pairs) {
    const Record r0{p.dataset0, p.row0};
    const Record r1{p.dataset1, p.row1};
    if (r0 == r1) continue;
    const bool in0 = group_of.contains(r0);
    const bool in1 = group_of.contains(r1);
    if (!in0 && !in1 && options.deduplicated && r0.first == r1.first) continue;
    if (in0 && in1 && group_of[r0] == group_of[r1]) continue;
    for (const Record& r : {r0, r1})
      if (!group_of.contains(r)) {
        group_of[r] = groups.size();
        groups.push_back({r});
      }
    const std::size_t g0 = group_of[r0];
    const std::size_t g1 = group_of[r1];
    const std::uint64_t now = ++seen[key(g0, g1)];
    bool allowed = true;
    for (const Record& a : groups[g0])
      for (const Record& b : groups[g1]) allowed &= !options.deduplicated || a.first != b.first;
    const bool both_new = !in0 && !in1;
    const bool enough = now * options.merge_threshold.denominator >=
                        options.merge_threshold.numerator * groups[g0].size() * groups[g1].size();
    if (!both_new && !(allowed && enough)) continue;
    for (const Record& r : groups[g1]) group_of[r] = g0;
    groups[g0].insert(groups[g1].begin(), groups[g1].end());
    groups[g1].clear();
    seen.erase(key(g0, g1));
    std::map<std::pair<std::size_t, std::size_t>, std::uint64_t> moved;
    for (const auto& [between, n] : seen) {
      const std::size_t a = between.first == g1 ? g0 : between.first;
      const std::size_t b = between.second == g1 ? g0 : between.second;
      moved[key(a, b)] += n;
    }
    seen = moved;
  }
  std::vector<Group> out;
  for (const auto& g : groups)
    if (g.size() > 1) out.emplace_back(g.begin(), g.end());
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace tessera::clkjoin
