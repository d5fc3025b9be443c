// Rare features of a record and its neighbours, weighed; then spreading from what is believed.
#include <algorithm>
#include <unordered_map>

#include "engine/attack/refine.h"
#include "engine/lab/synth_stream.h"
#include "engine/link/levels.h"

namespace tessera::attack {
namespace {

using lab::mix;

constexpr int kRounds = 3;

class Describer {
 public:
  Describer(const schema::Schema& schema, const Seen& seen, std::size_t largest_block)
      : seen_(seen), largest_block_(largest_block) {
    for (int round = 0; round <= kRounds; ++round) colours_.push_back(colours(seen, round));
    for (std::size_t p = 0; p < schema.passes.size(); ++p)
      comparators_.emplace_back(schema, p, false);
  }

  void describe(std::uint32_t r, std::vector<std::uint64_t>& out) const {
    for (int round = 1; round <= kRounds; ++round)
      out.push_back(mix(colours_[static_cast<std::size_t>(round)][r], 101));
    std::uint64_t sizes = colours_[0][r];
    for (std::size_t p = 0; p < seen_.passes.size(); ++p) {
      const Seen::Rows& rows = seen_.rows_of[p];
      for (std::uint32_t k = rows.start[r]; k < rows.start[r + 1]; ++k) {
        const std::uint32_t size = seen_.passes[p].size(rows.block[k]);
        if (size < 2) continue;
        sizes += mix(size, p, 103);
        out.push_back(mix(mix(size, p, 107), colours_[0][r]));
        if (size <= largest_block_) neighbours(r, p, rows.list[k], rows.block[k], out);
      }
    }
    out.push_back(mix(sizes, 109));
  }

 private:
  void neighbours(std::uint32_t r, std::size_t p, std::uint32_t row, std::uint32_t block,
                  std::vector<std::uint64_t>& out) const {
    const SeenPass& pass = seen_.passes[p];
    const auto entry = [&](std::uint32_t at) {
      return block::Entry{pass.record[at], pass.columns.presence[at], 0, pass.bits(at)};
    };
    for (std::uint32_t other = pass.first[block]; other < pass.first[block + 1]; ++other) {
      const std::uint32_t s = pass.record[other];
      if (s == r) continue;
      const std::uint32_t levels = comparators_[p].compare(entry(row), entry(other));
      out.push_back(mix(levels, p, 127));
      for (int round = 0; round < kRounds; ++round)
        out.push_back(mix(mix(levels, p, 131 + static_cast<std::uint64_t>(round)),
                          colours_[static_cast<std::size_t>(round)][s]));
    }
  }

  const Seen& seen_;
  std::size_t largest_block_;
  std::vector<std::vector<std::uint64_t>> colours_;
  std::vector<link::Comparator> comparators_;
};

}  // namespace

Claims refine_tolerant(const schema::Schema& schema, const Seen& victim, const Seen& attacker,
                       const TolerantOptions& options, Progress& progress) {
  const auto described = [&](const Seen& seen) {
    const Describer describer(schema, seen, options.largest_block);
    return features_of(seen.records, [&](std::uint32_t r, std::vector<std::uint64_t>& out) {
      describer.describe(r, out);
    });
  };
  return claim_by_features(described(victim), described(attacker), options.rare, progress);
}

std::vector<std::uint32_t> percolate(const Seen& victim, const Seen& attacker,
                                     std::span<const std::pair<std::uint32_t, std::uint32_t>> seeds,
                                     float least_marks) {
  std::vector<std::uint32_t> to(victim.records, kNoClaim), from(attacker.records, kNoClaim);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> fresh;
  for (const auto& [v, a] : seeds)
    if (to[v] == kNoClaim && from[a] == kNoClaim) {
      to[v] = a;
      from[a] = v;
      fresh.emplace_back(v, a);
    }
  std::unordered_map<std::uint32_t, std::unordered_map<std::uint32_t, float>> marks;
  // Members of two blocks of a believed pair become candidates for one another.
  const auto mark = [&](std::size_t p, std::uint32_t vb, std::uint32_t ab) {
    const SeenPass &vp = victim.passes[p], &ap = attacker.passes[p];
    const float weight = 2.0F / static_cast<float>(vp.size(vb) + ap.size(ab));
    for (std::uint32_t i = vp.first[vb]; i < vp.first[vb + 1]; ++i) {
      if (to[vp.record[i]] != kNoClaim) continue;
      for (std::uint32_t j = ap.first[ab]; j < ap.first[ab + 1]; ++j)
        if (from[ap.record[j]] == kNoClaim && vp.columns.presence[i] == ap.columns.presence[j])
          marks[vp.record[i]][ap.record[j]] += weight;
    }
  };
  while (!fresh.empty()) {
    for (const auto& [v, a] : fresh)
      for (std::size_t p = 0; p < victim.passes.size(); ++p) {
        const Seen::Rows &vr = victim.rows_of[p], &ar = attacker.rows_of[p];
        for (std::uint32_t i = vr.start[v]; i < vr.start[v + 1]; ++i)
          for (std::uint32_t j = ar.start[a]; j < ar.start[a + 1]; ++j) {
            const std::uint32_t vs = victim.passes[p].size(vr.block[i]);
            const std::uint32_t as = attacker.passes[p].size(ar.block[j]);
            // Blocks that differ much in size are not the same block; a dummy's is of one.
            if (vs < 2 || as < 2 || vs > 64 || as > 64 || 2 * vs < as || 2 * as < vs) continue;
            mark(p, vr.block[i], ar.block[j]);
          }
      }
    fresh.clear();
    for (auto& [v, candidates] : marks) {
      if (to[v] != kNoClaim) continue;
      float best = 0, second = 0;
      std::uint32_t who = kNoClaim;
      for (const auto& [a, m] : candidates) {
        if (from[a] != kNoClaim) continue;
        if (m > best) {
          second = best;
          best = m;
          who = a;
        } else {
          second = std::max(second, m);
        }
      }
      if (who == kNoClaim || best - second < least_marks) continue;
      to[v] = who;
      from[who] = v;
      fresh.emplace_back(v, who);
    }
    for (const auto& [v, a] : fresh) marks.erase(v);
  }
  return to;
}

}  // namespace tessera::attack
