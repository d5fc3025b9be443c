#include "engine/report/tally.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "engine/core/parallel.h"

namespace tessera::report {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kLowest = -std::numeric_limits<double>::infinity();

std::uint64_t choose_two(std::uint64_t n) { return n * (n - 1) / 2; }

bool ranks_before(const Pair& a, const Pair& b) {
  if (a.probability != b.probability) return a.probability > b.probability;
  if (a.weight != b.weight) return a.weight > b.weight;
  if (a.left != b.left) return a.left < b.left;
  return a.right < b.right;
}

bool stands_before(const Pair& a, const Pair& b) {
  if (a.left != b.left) return a.left < b.left;
  if (a.right != b.right) return a.right < b.right;
  return ranks_before(a, b);
}

}  // namespace

double ratio(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? kNan : static_cast<double>(part) / static_cast<double>(whole);
}

double Tally::precision() const { return ratio(right, right + wrong); }
double Tally::recall() const { return ratio(right, right + missed); }
double Tally::f1() const { return ratio(2 * right, 2 * right + wrong + missed); }

std::uint64_t count_pairs(std::span<const std::uint64_t> key, std::span<const std::uint32_t> owner,
                          bool within) {
  struct Item {
    std::uint64_t key;
    std::uint32_t owner;
    bool operator<(const Item& o) const { return key != o.key ? key < o.key : owner < o.owner; }
  };
  std::vector<Item> items;
  items.reserve(key.size());
  for (std::size_t i = 0; i < key.size(); ++i)
    if (key[i] != ~std::uint64_t{0}) items.push_back({key[i], owner[i]});
  parallel_sort(items.begin(), items.end());
  std::uint64_t pairs = 0;
  for (std::size_t i = 0; i < items.size();) {
    std::size_t end = i;
    std::uint64_t inside = 0;
    while (end < items.size() && items[end].key == items[i].key) {
      const std::size_t from = end;
      while (end < items.size() && items[end].key == items[i].key &&
             items[end].owner == items[from].owner)
        ++end;
      inside += choose_two(end - from);
    }
    pairs += choose_two(end - i) - (within ? 0 : inside);
    i = end;
  }
  return pairs;
}

std::uint64_t true_pairs(const People& people) {
  std::vector<std::uint64_t> key(people.person.size());
  for (std::size_t i = 0; i < key.size(); ++i)
    key[i] = people.person[i] == kNobody ? ~std::uint64_t{0} : people.person[i];
  return count_pairs(key, people.owner, people.within);
}

Sifted sift(std::vector<Pair>& pairs, const People& people) {
  Sifted out;
  std::size_t kept = 0;
  for (Pair pair : pairs) {
    if (!people.known(pair.left, pair.right)) {
      ++out.unjudged;
    } else if (!people.counts(pair.left, pair.right)) {
      ++out.within_owner;
    } else {
      if (pair.right < pair.left) std::swap(pair.left, pair.right);
      pairs[kept++] = pair;
    }
  }
  pairs.resize(kept);
  parallel_sort(pairs.begin(), pairs.end(), stands_before);
  const auto end = std::unique(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) {
    return a.left == b.left && a.right == b.right;
  });
  out.repeated = static_cast<std::uint64_t>(pairs.end() - end);
  pairs.erase(end, pairs.end());
  parallel_sort(pairs.begin(), pairs.end(), ranks_before);
  return out;
}

Sweep sweep(std::span<const Pair> ranked, const People& people, std::uint64_t truth_total,
            std::span<const double> thresholds) {
  Sweep out;
  out.best = {1, std::numeric_limits<double>::infinity(), {0, 0, truth_total}};
  std::vector<std::size_t> order(thresholds.size());  // strictest threshold first
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::sort(order,
                    [&](std::size_t a, std::size_t b) { return thresholds[a] > thresholds[b]; });
  out.at.resize(thresholds.size());
  out.strict = out.best;
  Tally now{0, 0, truth_total};
  std::size_t next = 0;
  auto settle_above = [&](double probability) {
    for (; next < order.size() && thresholds[order[next]] > probability; ++next)
      out.at[order[next]] = {thresholds[order[next]], kLowest, now};
  };
  constexpr std::uint64_t kCurvePoints = 200;
  std::uint64_t drawn = 0;  // steps of the curve so far, in pairs accepted on either side
  const std::uint64_t step = std::max<std::uint64_t>(1, truth_total / kCurvePoints);
  for (std::size_t i = 0; i < ranked.size();) {
    const Pair& first = ranked[i];
    settle_above(first.probability);
    for (; i < ranked.size() && ranked[i].probability == first.probability &&
           ranked[i].weight == first.weight;
         ++i)
      ++(people.same(ranked[i].left, ranked[i].right) ? now.right : now.wrong);
    now.missed = truth_total - now.right;
    const Point here{first.probability, first.weight, now};
    if (now.f1() > out.best.tally.f1()) out.best = here;
    if (now.right > out.strict.tally.right && now.precision() >= kStrictPrecision)
      out.strict = here;
    if (out.curve.empty() || now.right >= drawn + step || i == ranked.size()) {
      out.curve.push_back(here);
      drawn = now.right;
    }
  }
  settle_above(-1);
  return out;
}

std::span<const double> shown_thresholds() {
  static constexpr std::array kShown{0.05, 0.1, 0.15, 0.2,  0.25,  0.3,   0.35,   0.4,
                                     0.45, 0.5, 0.55, 0.6,  0.65,  0.7,   0.75,   0.8,
                                     0.85, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9995, 0.9999};
  return kShown;
}

}  // namespace tessera::report
