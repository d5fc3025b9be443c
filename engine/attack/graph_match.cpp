// Quantiles first, then similarity to believed pairs, believed pairs again, and the assignment.
#include "engine/attack/graph_match.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <Eigen/Dense>

#include "engine/core/parallel.h"

namespace tessera::attack {
namespace {

using Table = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr std::size_t kTop = 10;     // nearest neighbours that describe a node
constexpr int kBins = 512;           // of the similarity histogram
constexpr std::size_t kBlock = 256;  // rows of a product at once

Eigen::Index idx(std::size_t i) { return static_cast<Eigen::Index>(i); }

// Shares of the other nodes at which the similarity is read off.
constexpr float kShares[] = {.005F, .01F, .02F, .04F, .07F, .1F, .15F, .2F,
                             .3F,   .4F,  .5F,  .6F,  .7F,  .8F, .9F,  .97F};
constexpr std::size_t kFeatures = std::size(kShares) + 2 + 3;  // mean, deviation, three nearest

struct Nodes {
  Table features;
  std::vector<std::array<std::uint32_t, kTop>> near;
};

void describe(std::span<const float> row, float* out, std::array<std::uint32_t, kTop>& near) {
  std::array<std::uint32_t, kBins> histogram{};
  double sum = 0, squares = 0;
  std::array<float, kTop> best{};
  near.fill(kNoClaim);
  for (std::size_t j = 0; j < row.size(); ++j) {
    const float s = row[j];
    sum += s;
    squares += s * s;
    ++histogram[static_cast<std::size_t>(std::clamp(s, 0.0F, 0.9999F) * kBins)];
    if (s <= best[kTop - 1]) continue;
    std::size_t k = kTop - 1;
    for (; k > 0 && best[k - 1] < s; --k) {
      best[k] = best[k - 1];
      near[k] = near[k - 1];
    }
    best[k] = s;
    near[k] = static_cast<std::uint32_t>(j);
  }
  const auto n = static_cast<double>(row.size());
  std::size_t q = 0;
  double above = 0;
  for (int bin = kBins - 1; bin >= 0 && q < std::size(kShares); --bin) {
    const double here = histogram[static_cast<std::size_t>(bin)];
    while (q < std::size(kShares) && above + here >= static_cast<double>(kShares[q]) * n) {
      const double into = here > 0 ? (static_cast<double>(kShares[q]) * n - above) / here : 0;
      out[q++] = static_cast<float>((bin + 1 - into) / kBins);
    }
    above += here;
  }
  for (; q < std::size(kShares); ++q) out[q] = 0;
  out[q++] = static_cast<float>(sum / n);
  out[q++] = static_cast<float>(std::sqrt(std::max(0.0, squares / n - sum * sum / n / n)));
  for (std::size_t k = 0; k < 3; ++k) out[q++] = best[k];
}

void standardise(Table& t) {
  for (Eigen::Index c = 0; c < t.cols(); ++c) {
    const float mean = t.col(c).mean();
    t.col(c).array() -= mean;
    const float deviation = std::sqrt(t.col(c).squaredNorm() / static_cast<float>(t.rows()));
    if (deviation > 1e-6F)
      t.col(c) /= deviation;
    else
      t.col(c).setZero();
  }
}

// Every node by its similarities' quantiles, and by the mean of its nearest neighbours' quantiles.
Table describe_all(const Similarity& side) {
  const std::size_t n = side.size();
  Table own(idx(n), idx(kFeatures));
  std::vector<std::array<std::uint32_t, kTop>> near(n);
  parallel_for(n, 64, [&](std::size_t begin, std::size_t end) {
    std::vector<float> row(n);
    for (std::size_t i = begin; i < end; ++i) {
      side.row(i, row);
      describe(row, own.row(idx(i)).data(), near[i]);
    }
  });
  standardise(own);
  Table all(idx(n), idx(2 * kFeatures));
  for (std::size_t i = 0; i < n; ++i) {
    all.row(idx(i)).head(idx(kFeatures)) = own.row(idx(i));
    Eigen::RowVectorXf mean = Eigen::RowVectorXf::Zero(idx(kFeatures));
    float count = 0;
    for (const std::uint32_t j : near[i])
      if (j != kNoClaim) {
        mean += own.row(idx(j));
        ++count;
      }
    all.row(idx(i)).tail(idx(kFeatures)) = count > 0 ? mean / count : mean;
  }
  standardise(all);
  return all;
}

// Similarities to one side of the believed pairs.
Table to_anchors(const Similarity& side, const std::vector<std::uint32_t>& anchors) {
  Table t(idx(side.size()), idx(anchors.size()));
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
std::vector<Best> best_of(const Table& a, const Table& b, bool distance) {
  std::vector<Best> best(static_cast<std::size_t>(a.rows()));
  Eigen::RowVectorXf half;
  if (distance) half = b.rowwise().squaredNorm().transpose() / 2;
  parallel_for(best.size(), kBlock, [&](std::size_t begin, std::size_t end) {
    Table scores = a.middleRows(idx(begin), idx(end - begin)) * b.transpose();
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
  Table v = describe_all(victim), a = describe_all(attacker);
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
    believed = mutual(forth, best_of(a, v, false));
    progress.advance(1);
  }
  return assign(forth, attacker.size());
}

}  // namespace tessera::attack
