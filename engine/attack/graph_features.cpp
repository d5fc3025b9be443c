// Similarities read off at fixed shares, then once more around each node.
#include "engine/attack/graph_features.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/attack/graph_match.h"
#include "engine/core/parallel.h"
#include "engine/core/random.h"

namespace tessera::attack {
namespace {

constexpr std::size_t kTop = 10;  // nearest neighbours that describe a node
constexpr int kBins = 512;        // of the similarity histogram

// Shares of the other nodes at which the similarity is read off.
constexpr float kShares[] = {.005F, .01F, .02F, .04F, .07F, .1F, .15F, .2F,
                             .3F,   .4F,  .5F,  .6F,  .7F,  .8F, .9F,  .97F};
constexpr std::size_t kOwn = std::size(kShares) + 2 + 3;  // mean, deviation, three nearest
// Places in kShares: the nodes over which surroundings are averaged, beside the nearest. A share of
// them bears a part of the people missing, and the nearest bear a graph with few edges.
constexpr std::size_t kAround[] = {1, 3, 5};
constexpr std::size_t kFeatures = kOwn * (2 + std::size(kAround));

// Of a standardised feature's variance, what another key may move it by.
constexpr float kOtherKey = .01F;

using Nearest = std::array<std::uint32_t, kTop>;

// The similarities at kShares. `histogram`: of `nodes` similarities.
void read_off(std::span<const std::uint32_t> histogram, double nodes, float* out) {
  std::size_t q = 0;
  double above = 0;
  for (int bin = kBins - 1; bin >= 0; --bin) {
    const double here = histogram[static_cast<std::size_t>(bin)];
    while (q < std::size(kShares) && above + here >= static_cast<double>(kShares[q]) * nodes) {
      const double into = here > 0 ? (static_cast<double>(kShares[q]) * nodes - above) / here : 0;
      out[q++] = static_cast<float>((bin + 1 - into) / kBins);
    }
    above += here;
  }
  for (; q < std::size(kShares); ++q) out[q] = 0;
}

void describe(std::span<const float> row, float* out, Nearest& near) {
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
  read_off(histogram, n, out);
  out += std::size(kShares);
  *out++ = static_cast<float>(sum / n);
  *out++ = static_cast<float>(std::sqrt(std::max(0.0, squares / n - sum * sum / n / n)));
  std::copy_n(best.begin(), 3, out);
}

// Means of `own` over the nodes at the shares kAround of `row`, whose ends are `ends`.
void average_around(std::span<const float> row, const float* ends, const GraphTable& own,
                    Eigen::Ref<GraphTable> out) {
  std::array<float, std::size(kAround)> count{};
  out.setZero();
  for (std::size_t j = 0; j < row.size(); ++j)
    for (std::size_t k = std::size(kAround); k-- > 0;) {  // each lies within the one before it
      if (row[j] <= 0 || row[j] < ends[kAround[k]]) break;
      out.row(idx(k)) += own.row(idx(j));
      ++count[k];
    }
  for (std::size_t k = 0; k < count.size(); ++k) out.row(idx(k)) /= std::max(1.0F, count[k]);
}

Eigen::RowVectorXf average_nearest(const Nearest& near, const GraphTable& own) {
  Eigen::RowVectorXf sum = Eigen::RowVectorXf::Zero(own.cols());
  float count = 0;
  for (const std::uint32_t j : near)
    if (j != kNoClaim) {
      sum += own.row(idx(j));
      ++count;
    }
  return sum / std::max(1.0F, count);
}

// Some of the nodes of a graph.
class Part final : public Similarity {
 public:
  Part(const Similarity& whole, std::vector<std::uint32_t> members)
      : whole_(whole), members_(std::move(members)) {}
  std::size_t size() const override { return members_.size(); }
  void row(std::size_t i, std::span<float> out) const override {
    whole_.to(members_[i], members_, out);
  }
  void to(std::size_t i, std::span<const std::uint32_t> others,
          std::span<float> out) const override {
    std::vector<std::uint32_t> there;
    for (const std::uint32_t j : others) there.push_back(members_[j]);
    whole_.to(members_[i], there, out);
  }

 private:
  const Similarity& whole_;
  std::vector<std::uint32_t> members_;
};

}  // namespace

void standardise(GraphTable& table) {
  for (Eigen::Index c = 0; c < table.cols(); ++c) {
    const float mean = table.col(c).mean();
    table.col(c).array() -= mean;
    const float deviation =
        std::sqrt(table.col(c).squaredNorm() / static_cast<float>(table.rows()));
    if (deviation > 1e-6F)
      table.col(c) /= deviation;
    else
      table.col(c).setZero();
  }
}

GraphTable graph_features(const Similarity& side) {
  const std::size_t n = side.size();
  GraphTable own(idx(n), idx(kOwn));
  std::vector<Nearest> near(n);
  const auto each = [&](const auto& use) {
    parallel_for(n, 64, [&](std::size_t begin, std::size_t end) {
      std::vector<float> row(n);
      for (std::size_t i = begin; i < end; ++i) {
        side.row(i, row);
        use(i, row);
      }
    });
  };
  each([&](std::size_t i, std::span<const float> row) {
    describe(row, own.row(idx(i)).data(), near[i]);
  });
  const GraphTable ends = own;  // as they are, to tell who is around
  standardise(own);
  GraphTable all(idx(n), idx(kFeatures));
  each([&](std::size_t i, std::span<const float> row) {
    GraphTable around(idx(std::size(kAround)), idx(kOwn));
    average_around(row, ends.row(idx(i)).data(), own, around);
    all.row(idx(i)) << own.row(idx(i)), around.reshaped<Eigen::RowMajor>().transpose(),
        average_nearest(near[i], own);
  });
  standardise(all);
  return all;
}

GraphTable rehearse(const Similarity& attacker, const GraphTable& among_all, std::size_t victims) {
  Splitmix rng(1, 83);
  auto drawn = shuffled(static_cast<std::uint32_t>(attacker.size()), rng);
  drawn.resize(std::max<std::size_t>(1, std::min(victims, drawn.size() * 4 / 5)));
  std::ranges::sort(drawn);
  GraphTable before(idx(drawn.size()), among_all.cols());
  for (std::size_t i = 0; i < drawn.size(); ++i) before.row(idx(i)) = among_all.row(idx(drawn[i]));
  standardise(before);
  const GraphTable moved = graph_features(Part(attacker, drawn)) - before;
  Eigen::MatrixXf within = moved.transpose() * moved / static_cast<float>(drawn.size());
  within.diagonal().array() += kOtherKey;
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXf> axes(within);
  return axes.eigenvectors() * axes.eigenvalues().cwiseSqrt().cwiseInverse().asDiagonal();
}

}  // namespace tessera::attack
