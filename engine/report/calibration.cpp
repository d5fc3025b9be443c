#include "engine/report/calibration.h"

#include <algorithm>
#include <cmath>

namespace tessera::report {
namespace {

struct Loss {
  double brier = 0;
  double log = 0;
};

Loss mean_loss(std::span<const Pair> pairs, const People& people) {
  Loss sum;
  for (const Pair& pair : pairs) {
    const bool same = people.same(pair.left, pair.right);
    const double off = pair.probability - (same ? 1 : 0);
    sum.brier += off * off;
    const double p = std::clamp(pair.probability, 1e-9, 1 - 1e-9);
    sum.log -= same ? std::log(p) : std::log1p(-p);
  }
  const auto n = static_cast<double>(pairs.size());
  return {sum.brier / n, sum.log / n};  // 0 / 0 is the NaN that says there was nothing
}

// True pairs among `pairs` of equal probability that begin at `from`, and where they end.
struct Tie {
  std::size_t end;
  double share;
};
Tie tie_at(std::span<const Pair> pairs, const People& people, std::size_t from) {
  std::size_t end = from;
  std::uint64_t same = 0;
  for (; end < pairs.size() && pairs[end].probability == pairs[from].probability; ++end)
    if (people.same(pairs[end].left, pairs[end].right)) ++same;
  return {end, static_cast<double>(same) / static_cast<double>(end - from)};
}

}  // namespace

Calibration calibrate(std::span<const Pair> ranked, const People& people) {
  Calibration out;
  const auto cut = std::ranges::partition_point(
      ranked, [](const Pair& p) { return p.probability >= kCalibrationFloor; });
  const std::span<const Pair> kept = ranked.first(static_cast<std::size_t>(cut - ranked.begin()));
  const Loss loss = mean_loss(kept, people);
  const Loss all = mean_loss(ranked, people);
  out.pairs = kept.size();
  out.brier = loss.brier;
  out.log_loss = loss.log;
  out.brier_all = all.brier;
  out.log_loss_all = all.log;
  out.error = std::nan("");
  if (kept.empty()) return out;

  const std::size_t n = kept.size();
  double weighted = 0;
  Tie tie{0, 0};
  for (std::size_t b = 0; b < kCalibrationBins; ++b) {
    const std::size_t begin = n * b / kCalibrationBins;
    const std::size_t end = n * (b + 1) / kCalibrationBins;
    if (begin == end) continue;
    Bin bin{kept[end - 1].probability, kept[begin].probability, end - begin, 0, 0, {}};
    for (std::size_t i = begin; i < end; ++i) {
      if (i >= tie.end) tie = tie_at(kept, people, i);
      bin.said += kept[i].probability;
      bin.seen += tie.share;
    }
    const double size = static_cast<double>(bin.pairs);
    bin.seen_bounds =
        wilson(std::min(bin.pairs, static_cast<std::uint64_t>(std::llround(bin.seen))), bin.pairs);
    weighted += std::abs(bin.said - bin.seen);
    bin.said /= size;
    bin.seen /= size;
    out.bins.push_back(bin);
  }
  out.error = weighted / static_cast<double>(n);
  std::ranges::reverse(out.bins);
  return out;
}

Histogram histogram(std::span<const Pair> pairs, const People& people, std::size_t bins) {
  Histogram out{std::vector<std::uint64_t>(bins), std::vector<std::uint64_t>(bins)};
  for (const Pair& pair : pairs) {
    const auto at =
        std::min(bins - 1, static_cast<std::size_t>(pair.probability * static_cast<double>(bins)));
    ++(people.same(pair.left, pair.right) ? out.same : out.different)[at];
  }
  return out;
}

}  // namespace tessera::report
