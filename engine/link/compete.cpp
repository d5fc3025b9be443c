#include "engine/link/compete.h"

#include <algorithm>
#include <cmath>

#include "engine/core/parallel.h"

namespace tessera::link {
namespace {

double weight_of(Decinats logit) { return std::exp(static_cast<double>(logit) / 10.0); }

// One end of a pair: the unit there, the group and unit at the other end.
struct End {
  std::uint32_t unit;
  std::uint32_t other_group;
  std::uint32_t other_unit;
  std::uint32_t pair;
};

bool before(const End& x, const End& y) {
  if (x.unit != y.unit) return x.unit < y.unit;
  if (x.other_group != y.other_group) return x.other_group < y.other_group;
  if (x.other_unit != y.other_unit) return x.other_unit < y.other_unit;
  return x.pair < y.pair;
}

}  // namespace

double probability_of(Decinats logit) {
  return 1.0 / (1.0 + std::exp(-static_cast<double>(logit) / 10.0));
}

Decinats logit_of(double probability) {
  const double p = std::clamp(probability, 1e-17, 1 - 1e-12);
  return static_cast<Decinats>(std::lround(std::clamp(10 * std::log(p / (1 - p)), -400.0, 400.0)));
}

std::vector<float> compete(std::span<const Pair> pairs, std::span<const std::uint32_t> group,
                           std::span<const std::uint32_t> unit) {
  auto unit_of = [&](std::uint32_t record) { return unit.empty() ? record : unit[record]; };
  std::vector<End> ends;
  ends.reserve(pairs.size() * 2);
  for (std::uint32_t i = 0; i < pairs.size(); ++i) {
    const std::uint32_t ga = group[pairs[i].a];
    const std::uint32_t gb = group[pairs[i].b];
    if (ga == gb) continue;
    const std::uint32_t ua = unit_of(pairs[i].a);
    const std::uint32_t ub = unit_of(pairs[i].b);
    ends.push_back({ua, gb, ub, i});
    ends.push_back({ub, ga, ua, i});
  }
  parallel_sort(ends.begin(), ends.end(), before);
  std::vector<double> mass(pairs.size());  // the larger of the two sums
  for (std::size_t i = 0; i < pairs.size(); ++i) mass[i] = weight_of(pairs[i].logit);
  for (std::size_t i = 0; i < ends.size();) {
    double sum = 0;
    std::size_t j = i;
    while (j < ends.size() && ends[j].unit == ends[i].unit &&
           ends[j].other_group == ends[i].other_group) {
      const std::uint32_t rival = ends[j].other_unit;
      double strongest = 0;
      for (; j < ends.size() && ends[j].unit == ends[i].unit &&
             ends[j].other_group == ends[i].other_group && ends[j].other_unit == rival;
           ++j)
        strongest = std::max(strongest, weight_of(pairs[ends[j].pair].logit));
      sum += strongest;
    }
    for (; i < j; ++i) mass[ends[i].pair] = std::max(mass[ends[i].pair], sum);
  }
  std::vector<float> out(pairs.size());
  for (std::size_t i = 0; i < pairs.size(); ++i)
    out[i] = static_cast<float>(weight_of(pairs[i].logit) / (1.0 + mass[i]));
  return out;
}

}  // namespace tessera::link
