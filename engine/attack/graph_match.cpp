// Features first, then similarity to believed pairs, believed pairs again, and the assignment.
#include "engine/attack/graph_match.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "engine/attack/graph_features.h"
#include "engine/core/parallel.h"

namespace tessera::attack {
namespace {

constexpr std::size_t kBlock = 256;  // rows of a product at once

// Similarities to one side of the believed pairs.
GraphTable to_anchors(const Similarity& side, const std::vector<std::uint32_t>& anchors) {
  GraphTable t(idx(side.size()), idx(anchors.size()));
  parallel_for(side.size(), 64, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i)
      side.to(i, anchors, {t.row(idx(i)).data(), anchors.size()});
  });
  // A believed pair must not confirm itself: at its own column it looks average.
  Eigen::RowVectorXf mean = t.colwise().mean();
  for (std::size_t a = 0; a < anchors.size(); ++a) t(idx(anchors[a]), idx(a)) = mean(idx(a));
  standardise(t);
  for (Eigen::Index i = 0; i < t.rows(); ++i) {
    t.row(i).array() -= t.row(i).mean();
    const float norm = t.row(i).norm();
    if (norm > 1e-6F) t.row(i) /= norm;
  }
  return t;
}

struct Best {
  std::uint32_t at = kNoClaim;
  float score = -std::numeric_limits<float>::max();
  float second = -std::numeric_limits<float>::max();
  void offer(std::uint32_t j, float s) {
    if (s > score) {
      second = score;
      score = s;
      at = j;
    } else if (s > second) {
      second = s;
    }
  }
  float margin() const { return score - second; }
};

// The best of b's rows for each of a's: largest product, or nearest (`distance`).
std::vector<Best> best_of(const GraphTable& a, const GraphTable& b, bool distance) {
  std::vector<Best> best(static_cast<std::size_t>(a.rows()));
  Eigen::RowVectorXf half;
  if (distance) half = b.rowwise().squaredNorm().transpose() / 2;
  parallel_for(best.size(), kBlock, [&](std::size_t begin, std::size_t end) {
    GraphTable scores = a.middleRows(idx(begin), idx(end - begin)) * b.transpose();
    if (distance) scores.rowwise() -= half;
    for (std::size_t i = begin; i < end; ++i) {
      const float* s = scores.row(idx(i - begin)).data();
      for (std::uint32_t j = 0; j < static_cast<std::uint32_t>(b.rows()); ++j)
        best[i].offer(j, s[j]);
    }
  });
  return best;
}

struct Pair {
  std::uint32_t victim, attacker;
  float margin;
  bool operator==(const Pair&) const = default;
};

// Pairs that choose each other, the clearest first.
std::vector<Pair> mutual(const std::vector<Best>& forth, const std::vector<Best>& back) {
  std::vector<Pair> out;
  for (std::uint32_t i = 0; i < forth.size(); ++i) {
    const std::uint32_t j = forth[i].at;
    if (j == kNoClaim || back[j].at != i || forth[i].margin() <= 0) continue;
    out.push_back({i, j, std::min(forth[i].margin(), back[j].margin())});
  }
  std::ranges::stable_sort(out, std::greater{}, &Pair::margin);
  return out;
}

// Each victim's best, the clearest first, no attacker record twice.
std::vector<std::uint32_t> assign(const std::vector<Best>& forth, std::size_t attackers) {
  std::vector<std::uint32_t> order(forth.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, std::greater{},
                           [&](std::uint32_t i) { return forth[i].margin(); });
  std::vector<bool> taken(attackers);
  std::vector<std::uint32_t> claim(forth.size(), kNoClaim);
  for (const std::uint32_t i : order) {
    const std::uint32_t j = forth[i].at;
    if (j == kNoClaim || taken[j] || forth[i].margin() <= 0) continue;
    taken[j] = true;
    claim[i] = j;
  }
  return claim;
}

}  // namespace

std::vector<std::uint32_t> match_graphs(const Similarity& victim, const Similarity& attacker,
                                        const GraphMatchOptions& options, Progress& progress) {
  progress.begin("matching graphs", static_cast<std::uint64_t>(options.turns) + 1, "turns");
  if (victim.size() < 2 || attacker.size() < 2)
    return std::vector<std::uint32_t>(victim.size(), kNoClaim);
  GraphTable v = graph_features(victim), a = graph_features(attacker);
  const GraphTable weigh = rehearse(attacker, a, victim.size());
  v = v * weigh;
  a = a * weigh;
  std::vector<Best> forth = best_of(v, a, true);
  std::vector<Pair> believed = mutual(forth, best_of(a, v, true));
  progress.advance(1);
  for (int turn = 0; turn < options.turns && believed.size() >= 4; ++turn) {
    // Few at first, as most of the first beliefs are wrong; the clearest are the best of them.
    const std::size_t least = std::max<std::size_t>(30, victim.size() / 20);
    const std::size_t most = std::min(options.anchors, least << turn);
    std::vector<std::uint32_t> va, aa;
    for (std::size_t k = 0; k < believed.size() && k < most; ++k) {
      va.push_back(believed[k].victim);
      aa.push_back(believed[k].attacker);
    }
    v = to_anchors(victim, va);
    a = to_anchors(attacker, aa);
    forth = best_of(v, a, false);
    std::vector<Pair> now = mutual(forth, best_of(a, v, false));
    progress.advance(1);
    if (now == believed) break;
    believed = std::move(now);
  }
  return assign(forth, attacker.size());
}

}  // namespace tessera::attack
