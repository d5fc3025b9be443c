// Rare features of a record and its neighbours, weighed; then spreading from what is believed.
#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "engine/attack/refine.h"
#include "engine/core/parallel.h"
#include "engine/lab/synth_stream.h"
#include "engine/link/levels.h"

namespace tessera::attack {
namespace {

using lab::mix;

constexpr int kRounds = 3;

// The features of all records, each a 64-bit hash; the n-th copy of one in a record is another.
struct Features {
  std::vector<std::size_t> start;
  std::vector<std::uint64_t> value;
  std::span<const std::uint64_t> of(std::uint32_t r) const {
    return {value.data() + start[r], start[r + 1] - start[r]};
  }
};

class Describer {
 public:
  Describer(const schema::Schema& schema, const Seen& seen, const TolerantOptions& options)
      : seen_(seen), options_(options) {
    for (int round = 0; round <= kRounds; ++round) colours_.push_back(colours(seen, round));
    for (std::size_t p = 0; p < schema.passes.size(); ++p)
      comparators_.emplace_back(schema, p, false);
  }

  void describe(std::uint32_t r, std::vector<std::uint64_t>& out) const {
    out.clear();
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
        if (size <= options_.largest_block) neighbours(r, p, rows.list[k], rows.block[k], out);
      }
    }
    out.push_back(mix(sizes, 109));
    std::ranges::sort(out);
    number_copies(out);
  }

 private:
  static void number_copies(std::vector<std::uint64_t>& sorted) {
    std::uint64_t last = 0, copy = 0;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      copy = i > 0 && sorted[i] == last ? copy + 1 : 0;
      last = sorted[i];
      if (copy > 0) sorted[i] = mix(last, copy, 113);
    }
    std::ranges::sort(sorted);
  }

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
  TolerantOptions options_;
  std::vector<std::vector<std::uint64_t>> colours_;
  std::vector<link::Comparator> comparators_;
};

Features describe(const schema::Schema& schema, const Seen& seen, const TolerantOptions& options) {
  const Describer describer(schema, seen, options);
  constexpr std::size_t kChunk = 2048;
  std::vector<std::vector<std::uint64_t>> chunks((seen.records + kChunk - 1) / kChunk);
  std::vector<std::size_t> count(seen.records);
  parallel_for(seen.records, kChunk, [&](std::size_t begin, std::size_t end) {
    std::vector<std::uint64_t> one;
    for (std::size_t r = begin; r < end; ++r) {
      describer.describe(static_cast<std::uint32_t>(r), one);
      count[r] = one.size();
      chunks[begin / kChunk].insert(chunks[begin / kChunk].end(), one.begin(), one.end());
    }
  });
  Features out;
  out.start.assign(1, 0);
  for (const std::size_t n : count) out.start.push_back(out.start.back() + n);
  out.value.reserve(out.start.back());
  for (const auto& chunk : chunks) out.value.insert(out.value.end(), chunk.begin(), chunk.end());
  return out;
}

// The attacker's records by feature.
class Postings {
 public:
  Postings(const Features& features, std::uint32_t records) : records_(records) {
    list_.reserve(features.value.size());
    for (std::uint32_t r = 0; r < records; ++r)
      for (const std::uint64_t f : features.of(r)) list_.emplace_back(f, r);
    parallel_sort(list_.begin(), list_.end());
  }
  std::span<const std::pair<std::uint64_t, std::uint32_t>> of(std::uint64_t feature) const {
    const auto begin = std::lower_bound(list_.begin(), list_.end(), std::pair(feature, 0U));
    auto end = begin;
    while (end != list_.end() && end->first == feature) ++end;
    return {begin, end};
  }
  float weight(std::size_t holders) const {
    return std::log(static_cast<float>(records_ + 1) / static_cast<float>(holders));
  }

 private:
  std::uint32_t records_;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> list_;
};

}  // namespace

Claims refine_tolerant(const schema::Schema& schema, const Seen& victim, const Seen& attacker,
                       const TolerantOptions& options, Progress& progress) {
  progress.begin("refining", victim.records, "records");
  const Features mine = describe(schema, attacker, options);
  const Features theirs = describe(schema, victim, options);
  const Postings postings(mine, attacker.records);
  Claims out{std::vector<std::uint32_t>(victim.records, kNoClaim),
             std::vector<float>(victim.records, 0)};
  parallel_for(victim.records, 1024, [&](std::size_t begin, std::size_t end) {
    std::unordered_map<std::uint32_t, float> score;
    for (std::size_t r = begin; r < end; ++r) {
      score.clear();
      for (const std::uint64_t f : theirs.of(static_cast<std::uint32_t>(r))) {
        const auto holders = postings.of(f);
        if (holders.empty() || holders.size() > options.rarest) continue;
        const float w = postings.weight(holders.size());
        for (const auto& [feature, a] : holders) score[a] += w;
      }
      float best = 0, second = 0;
      std::uint32_t who = kNoClaim;
      for (const auto& [a, s] : score) {
        if (s > best) {
          second = best;
          best = s;
          who = a;
        } else {
          second = std::max(second, s);
        }
      }
      if (best <= 0 || best - second <= static_cast<float>(options.margin) * best) continue;
      out.claim[r] = who;
      out.margin[r] = (best - second) / best;
    }
    progress.advance(end - begin);
  });
  return out;
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
