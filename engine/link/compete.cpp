#include "engine/link/compete.h"

#include <cmath>
#include <numeric>

#include "engine/core/parallel.h"

namespace tessera::link {
namespace {

double weight_of(Decinats logit) { return std::exp(static_cast<double>(logit) / 10.0); }

// One end of a pair: its record, and the group it looks for a match in.
struct End {
  std::uint32_t record;
  std::uint32_t other_group;
  std::uint32_t pair;
};

}  // namespace

double probability_of(Decinats logit) { return 1.0 / (1.0 + std::exp(-static_cast<double>(logit) / 10.0)); }

std::vector<float> compete(std::span<const Pair> pairs, std::span<const std::uint32_t> group) {
  std::vector<End> ends;
  ends.reserve(pairs.size() * 2);
  for (std::uint32_t i = 0; i < pairs.size(); ++i) {
    const std::uint32_t ga = group[pairs[i].a];
    const std::uint32_t gb = group[pairs[i].b];
    if (ga == gb) continue;
    ends.push_back({pairs[i].a, gb, i});
    ends.push_back({pairs[i].b, ga, i});
  }
  parallel_sort(ends.begin(), ends.end(), [](const End& x, const End& y) {
    if (x.record != y.record) return x.record < y.record;
    if (x.other_group != y.other_group) return x.other_group < y.other_group;
    return x.pair < y.pair;
  });
  std::vector<double> mass(pairs.size());  // the larger of the two sums
  for (std::size_t i = 0; i < pairs.size(); ++i) mass[i] = weight_of(pairs[i].logit);
  for (std::size_t i = 0; i < ends.size();) {
    std::size_t j = i;
    double sum = 0;
    for (; j < ends.size() && ends[j].record == ends[i].record && ends[j].other_group == ends[i].other_group; ++j)
      sum += weight_of(pairs[ends[j].pair].logit);
    for (; i < j; ++i) mass[ends[i].pair] = std::max(mass[ends[i].pair], sum);
  }
  std::vector<float> out(pairs.size());
  for (std::size_t i = 0; i < pairs.size(); ++i)
    out[i] = static_cast<float>(weight_of(pairs[i].logit) / (1.0 + mass[i]));
  return out;
}

}  // namespace tessera::link
