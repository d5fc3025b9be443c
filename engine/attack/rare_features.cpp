// Lists of attacker records by feature; scores summed over what a victim's record has of them.
#include "engine/attack/rare_features.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "engine/core/parallel.h"
#include "engine/lab/synth_stream.h"

namespace tessera::attack {
namespace {

using lab::mix;

// The attacker's records by feature.
class Postings {
 public:
  explicit Postings(const Features& features) : records_(features.records()) {
    list_.reserve(features.value.size());
    for (std::uint32_t r = 0; r < records_; ++r)
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

void number_copies(std::span<std::uint64_t> sorted, std::uint64_t salt) {
  std::uint64_t last = 0, copy = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    copy = i > 0 && sorted[i] == last ? copy + 1 : 0;
    last = sorted[i];
    if (copy > 0) sorted[i] = mix(last, copy, salt);
  }
}

Features features_of(
    std::uint32_t records,
    const std::function<void(std::uint32_t record, std::vector<std::uint64_t>& out)>& describe) {
  constexpr std::size_t kChunk = 2048;
  std::vector<std::vector<std::uint64_t>> chunks((records + kChunk - 1) / kChunk);
  std::vector<std::size_t> count(records);
  parallel_for(records, kChunk, [&](std::size_t begin, std::size_t end) {
    std::vector<std::uint64_t> one;
    for (std::size_t r = begin; r < end; ++r) {
      one.clear();
      describe(static_cast<std::uint32_t>(r), one);
      std::ranges::sort(one);
      number_copies(one, 113);
      std::ranges::sort(one);
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

Claims claim_by_features(const Features& victim, const Features& attacker,
                         const RareOptions& options, Progress& progress) {
  progress.begin("refining", victim.records(), "records");
  const Postings postings(attacker);
  Claims out{std::vector<std::uint32_t>(victim.records(), kNoClaim),
             std::vector<float>(victim.records(), 0)};
  parallel_for(victim.records(), 1024, [&](std::size_t begin, std::size_t end) {
    std::unordered_map<std::uint32_t, float> score;
    for (std::size_t r = begin; r < end; ++r) {
      score.clear();
      for (const std::uint64_t f : victim.of(static_cast<std::uint32_t>(r))) {
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

}  // namespace tessera::attack
