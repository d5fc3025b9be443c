// Learns tokens from bits, then looks the tokens up among everybody's.
#include "engine/attack/known_pairs.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include <fmt/format.h>

#include "engine/attack/pattern.h"
#include "engine/core/random.h"

namespace tessera::attack {
namespace {

Eigen::Index row_of(std::size_t i) { return static_cast<Eigen::Index>(i); }

Table rows_of(const Table& t, std::span<const std::uint32_t> which) {
  Table out(row_of(which.size()), t.cols());
  for (std::size_t i = 0; i < which.size(); ++i) out.row(row_of(i)) = t.row(row_of(which[i]));
  return out;
}

// Scores of every token for each victim, by ridge regression over the known.
Table ridge(const Table& known, const Table& taught, const Table& victims) {
  const Eigen::RowVectorXf mean_x = known.colwise().mean(), mean_y = taught.colwise().mean();
  const Table x = known.rowwise() - mean_x, y = taught.rowwise() - mean_y;
  Table kernel = x * x.transpose();
  const float scale = kernel.diagonal().mean();
  kernel.diagonal().array() += 0.05F * scale + 1e-3F;
  const Table alpha = kernel.llt().solve(y);
  Table out = ((victims.rowwise() - mean_x) * x.transpose()) * alpha;
  out.rowwise() += mean_y;
  return out;
}

// One hidden layer; outputs through the logistic function, trained on cross-entropy.
class Network {
 public:
  Network(Eigen::Index in, Eigen::Index out, std::uint64_t seed) {
    Splitmix rng(seed, 51);
    w1_ = draw(in, kHidden, rng);
    w2_ = draw(kHidden, out, rng);
    b1_ = Eigen::RowVectorXf::Zero(kHidden);
    b2_ = Eigen::RowVectorXf::Zero(out);
    for (Moments* m : {&m1_, &m2_}) m->t = 0;
  }

  void train(const Table& x, const Table& y, int turns, Splitmix& rng) {
    std::vector<std::uint32_t> order(static_cast<std::size_t>(x.rows()));
    std::iota(order.begin(), order.end(), 0U);
    b2_ = (y.colwise().mean().array().max(1e-3F).min(0.999F))
              .unaryExpr([](float p) { return std::log(p / (1 - p)); })
              .matrix();
    for (int turn = 0; turn < turns; ++turn) {
      shuffle(order, rng);
      for (std::size_t at = 0; at < order.size(); at += kBatch) {
        const std::span<const std::uint32_t> batch(order.data() + at,
                                                   std::min(kBatch, order.size() - at));
        step(rows_of(x, batch), rows_of(y, batch));
      }
    }
  }

  // Logits.
  Table read(const Table& x) const { return (hidden(x) * w2_).rowwise() + b2_; }

 private:
  static constexpr Eigen::Index kHidden = 96;
  static constexpr std::size_t kBatch = 50;
  struct Moments {
    Table mean, square;
    int t = 0;
  };

  static Table draw(Eigen::Index rows, Eigen::Index cols, Splitmix& rng) {
    const float scale = std::sqrt(6.0F / static_cast<float>(rows + cols));
    Table out(rows, cols);
    for (Eigen::Index i = 0; i < out.size(); ++i)
      out.data()[i] = scale * static_cast<float>(2 * rng.uniform() - 1);
    return out;
  }
  Table hidden(const Table& x) const { return ((x * w1_).rowwise() + b1_).cwiseMax(0.0F); }

  void step(const Table& x, const Table& y) {
    const Table h = hidden(x);
    Table error = (h * w2_).rowwise() + b2_;
    error = error.unaryExpr([](float z) { return 1 / (1 + std::exp(-z)); }) - y;
    error /= static_cast<float>(x.rows());
    const Table back =
        (error * w2_.transpose()).cwiseProduct((h.array() > 0).cast<float>().matrix());
    adam(w2_, h.transpose() * error, m2_);
    adam(w1_, x.transpose() * back, m1_);
    b2_ -= 0.05F * error.colwise().sum();
    b1_ -= 0.05F * back.colwise().sum();
  }

  static void adam(Table& w, const Table& g, Moments& m) {
    constexpr float kRate = 3e-3F, kMean = 0.9F, kSquare = 0.999F;
    if (m.t == 0) m.mean = m.square = Table::Zero(w.rows(), w.cols());
    ++m.t;
    m.mean = kMean * m.mean + (1 - kMean) * g;
    m.square = kSquare * m.square + (1 - kSquare) * g.cwiseProduct(g);
    const float c1 = 1 - std::pow(kMean, static_cast<float>(m.t));
    const float c2 = 1 - std::pow(kSquare, static_cast<float>(m.t));
    w.array() -= kRate * (m.mean.array() / c1) / ((m.square.array() / c2).sqrt() + 1e-8F);
  }

  Table w1_, w2_;
  Eigen::RowVectorXf b1_, b2_;
  Moments m1_, m2_;
};

// Mean Dice of the best-scored tokens with the true ones, as many as people have on average.
double token_dice(const Table& scores, const Table& truth, Eigen::Index take) {
  double sum = 0;
  std::vector<Eigen::Index> order(static_cast<std::size_t>(scores.cols()));
  for (Eigen::Index i = 0; i < scores.rows(); ++i) {
    std::iota(order.begin(), order.end(), Eigen::Index{0});
    std::partial_sort(order.begin(), order.begin() + take, order.end(),
                      [&](Eigen::Index a, Eigen::Index b) { return scores(i, a) > scores(i, b); });
    double hit = 0;
    for (Eigen::Index k = 0; k < take; ++k) hit += truth(i, order[static_cast<std::size_t>(k)]);
    sum += 2 * hit / (static_cast<double>(take) + static_cast<double>(truth.row(i).sum()));
  }
  return scores.rows() == 0 ? 0 : sum / static_cast<double>(scores.rows());
}

}  // namespace

Table bit_table(const bits::Matrix& rows) {
  Table out(row_of(rows.rows()), row_of(rows.bits()));
  for (std::size_t i = 0; i < rows.rows(); ++i)
    for (std::size_t b = 0; b < rows.bits(); ++b)
      out(row_of(i), row_of(b)) = static_cast<float>(rows.row(i)[b / 64] >> (b % 64) & 1);
  return out;
}

Table bit_table(const Seen& seen, std::span<const std::size_t> passes) {
  std::size_t width = 0;
  for (const std::size_t p : passes) width += seen.passes[p].columns.stride * std::size_t{8};
  Table out = Table::Zero(row_of(seen.records), row_of(width));
  std::size_t at = 0;
  for (const std::size_t p : passes) {
    const Seen::Rows& rows = seen.rows_of[p];
    const std::size_t bits = seen.passes[p].columns.stride * std::size_t{8};
    for (std::uint32_t r = 0; r < seen.records; ++r) {
      if (rows.start[r] == rows.start[r + 1]) continue;
      const std::uint8_t* row = seen.passes[p].bits(rows.list[rows.start[r]]);
      for (std::size_t b = 0; b < bits; ++b)
        out(row_of(r), row_of(at + b)) = static_cast<float>(row[b / 8] >> (b % 8) & 1);
    }
    at += bits;
  }
  return out;
}

Table token_table(std::span<const std::vector<std::string>> values, std::span<const bool> digits) {
  std::map<std::string, std::vector<std::uint32_t>> holders;
  for (std::uint32_t i = 0; i < values.size(); ++i)
    for (std::size_t f = 0; f < values[i].size(); ++f) {
      if (digits[f]) {
        for (std::size_t k = 0; k < values[i][f].size(); ++k)
          holders[fmt::format("{}:{}:{}", f, k, values[i][f][k])].push_back(i);
      } else {
        for (const std::string& g : bigrams(values[i][f]))
          holders[fmt::format("{}:{}", f, g)].push_back(i);
      }
    }
  std::erase_if(holders, [](const auto& h) { return h.second.size() < 2; });
  Table out = Table::Zero(row_of(values.size()), row_of(holders.size()));
  Eigen::Index column = 0;
  for (const auto& [token, who] : holders) {
    for (const std::uint32_t i : who) out(row_of(i), column) = 1;
    ++column;
  }
  return out;
}

KnownPairsResult attack_known_pairs(const Table& encodings, const Table& tokens,
                                    std::span<const std::uint32_t> known,
                                    std::span<const std::uint32_t> victims, Learner learner,
                                    std::uint64_t seed) {
  const Table x = rows_of(encodings, known), y = rows_of(tokens, known);
  const Table theirs = rows_of(encodings, victims), truth = rows_of(tokens, victims);
  KnownPairsResult out;
  out.victims = victims.size();
  if (victims.empty()) return out;
  Table scores;
  if (learner == Learner::ridge) {
    scores = ridge(x, y, theirs);
  } else {
    Network network(x.cols(), y.cols(), seed);
    Splitmix rng(seed, 52);
    // As many steps for few pairs as for many.
    network.train(x, y, static_cast<int>(std::clamp<Eigen::Index>(40000 / x.rows(), 20, 200)), rng);
    scores = network.read(theirs).unaryExpr([](float z) { return 1 / (1 + std::exp(-z)); });
  }
  const auto take = std::clamp<Eigen::Index>(
      static_cast<Eigen::Index>(std::lround(y.sum() / static_cast<float>(y.rows()))), 1, y.cols());
  out.dice = token_dice(scores, truth, take);
  const Eigen::RowVectorXf common = y.colwise().mean();
  out.baseline = token_dice(Table(common.replicate(theirs.rows(), 1)), truth, take);
  // The person whose tokens lie most in the direction of the scores.
  Table people = tokens.rowwise() - common;
  for (Eigen::Index i = 0; i < people.rows(); ++i)
    people.row(i) /= std::max(1e-6F, people.row(i).norm());
  scores.rowwise() -= common;
  const Table like = scores * people.transpose();
  for (Eigen::Index i = 0; i < like.rows(); ++i) {
    Eigen::Index who = 0;
    const float best = like.row(i).maxCoeff(&who);
    const bool alone = (like.row(i).array() >= best).count() == 1;
    out.right += alone && static_cast<std::uint32_t>(who) == victims[static_cast<std::size_t>(i)];
  }
  return out;
}

}  // namespace tessera::attack
