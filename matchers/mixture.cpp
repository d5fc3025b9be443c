// EM for one pass: three classes over a histogram of patterns.
#include <algorithm>
#include <array>
#include <cmath>

#include <Eigen/Core>

#include "matchers/fellegi_sunter.h"

namespace tessera::matchers {
namespace {

constexpr std::size_t kClasses = 3;
using Posterior = Eigen::Array<double, Eigen::Dynamic, 3>;

const std::vector<double>& table(const Levels& l, std::size_t c) {
  return c == 0 ? l.match : c == 1 ? l.relative : l.stranger;
}
std::vector<double>& table(Levels& l, std::size_t c) {
  return c == 0 ? l.match : c == 1 ? l.relative : l.stranger;
}

// Log-likelihood of each pattern under each class; a missing value says nothing.
Posterior class_likelihood(const MixtureData& data, const std::vector<Levels>& tables) {
  Posterior out = Posterior::Zero(static_cast<Eigen::Index>(data.count.size()), 3);
  for (std::size_t g = 0; g < data.count.size(); ++g)
    for (std::size_t d = 0; d < tables.size(); ++d)
      if (const std::uint8_t l = data.level[g][d]; l != 0)
        for (std::size_t c = 0; c < kClasses; ++c)
          out(static_cast<Eigen::Index>(g), static_cast<Eigen::Index>(c)) +=
              std::log(table(tables[d], c)[l]);
  return out;
}

// Dirichlet log-density of the tables that move, up to a constant: what EM climbs besides the
// likelihood.
double log_prior(const std::vector<Levels>& now, const std::vector<Levels>& start, std::size_t c,
                 double weight) {
  double sum = 0;
  for (std::size_t d = 0; d < now.size(); ++d)
    for (std::size_t l = 1; l < table(now[d], c).size(); ++l)
      sum += weight * table(start[d], c)[l] * std::log(table(now[d], c)[l]);
  return sum;
}

// Expected counts of a class's levels plus the prior's, made into probabilities.
void refit(const MixtureData& data, const Posterior& posterior, const std::vector<Levels>& start,
           std::size_t c, double weight, std::vector<Levels>& tables) {
  for (std::size_t d = 0; d < tables.size(); ++d) {
    std::vector<double>& p = table(tables[d], c);
    for (std::size_t l = 1; l < p.size(); ++l) p[l] = weight * table(start[d], c)[l];
    for (std::size_t g = 0; g < data.count.size(); ++g)
      if (const std::uint8_t l = data.level[g][d]; l != 0)
        p[l] +=
            data.count[g] * posterior(static_cast<Eigen::Index>(g), static_cast<Eigen::Index>(c));
    double sum = 0;
    for (std::size_t l = 1; l < p.size(); ++l) sum += p[l];
    for (std::size_t l = 1; l < p.size(); ++l) p[l] /= sum;
  }
}

}  // namespace

MixtureData mixture_data(const link::Comparator& comparator, const link::PassCounts& counts) {
  MixtureData out;
  for (std::uint32_t g = 0; g < counts.pairs.size(); ++g) {
    if (counts.pairs[g] == 0) continue;
    auto& levels = out.level.emplace_back();
    for (std::size_t d = 0; d < comparator.digits().size(); ++d)
      levels.push_back(static_cast<std::uint8_t>(comparator.level(g, d)));
    out.count.push_back(static_cast<double>(counts.pairs[g]));
  }
  return out;
}

Mixture fit_mixture(const MixtureData& data, const std::vector<Levels>& start,
                    double relative_share, const MixtureRules& rules) {
  Mixture out;
  out.tables = start;
  double pairs = 0;
  for (const double n : data.count) pairs += n;
  const double most =
      rules.most_matches > 0 ? std::min(0.999, rules.most_matches / std::max(pairs, 1.0)) : 0.999;
  const double first = std::min(0.5, most);
  out.share = {first, (1 - first) * relative_share, (1 - first) * (1 - relative_share)};
  if (pairs == 0) return out;
  const Eigen::Map<const Eigen::ArrayXd> count(data.count.data(),
                                               static_cast<Eigen::Index>(data.count.size()));

  // The relatives' share of the non-matches leans on the model's by so many pairs: with few pairs
  // the data cannot tell a dirty match from a sibling.
  constexpr double kShareWeight = 20;
  constexpr int kSharesOnly = 30;  // shares settle before the tables may move
  double last = -1e300;
  for (int i = 0; i < rules.most_iterations; ++i) {
    Posterior p = class_likelihood(data, out.tables);
    for (Eigen::Index c = 0; c < 3; ++c)
      p.col(c) += std::log(std::max(out.share[static_cast<std::size_t>(c)], 1e-300));
    const Eigen::ArrayXd top = p.rowwise().maxCoeff();
    p = (p.colwise() - top).exp();
    const Eigen::ArrayXd sum = p.rowwise().sum();
    p.colwise() /= sum;
    out.log_likelihood = (count * (top + sum.log())).sum();
    out.iterations = i + 1;
    const double others_now = 1 - out.share[0];
    const double objective =
        out.log_likelihood + log_prior(out.tables, start, 0, rules.match_prior) +
        log_prior(out.tables, start, 2, rules.stranger_prior) +
        kShareWeight * (relative_share * std::log(out.share[1] / others_now) +
                        (1 - relative_share) * std::log(out.share[2] / others_now)) +
        rules.share_prior * (rules.expected_share * std::log(out.share[0]) +
                             (1 - rules.expected_share) * std::log(others_now));
    if (rules.trace != nullptr) rules.trace->push_back(objective);
    if (i > kSharesOnly && objective - last < 1e-7 * std::abs(objective) + 1e-9) break;
    last = objective;

    std::array<double, 3> n{};
    for (Eigen::Index c = 0; c < 3; ++c) n[static_cast<std::size_t>(c)] = (count * p.col(c)).sum();
    const double matches =
        std::clamp((n[0] + rules.share_prior * rules.expected_share) / (pairs + rules.share_prior),
                   1e-9, most);
    const double kin = (n[1] + kShareWeight * relative_share) / (n[1] + n[2] + kShareWeight);
    out.share = {matches, (1 - matches) * kin, (1 - matches) * (1 - kin)};
    if (i < kSharesOnly) continue;
    refit(data, p, start, 0, rules.match_prior, out.tables);
    if (n[1] + n[2] >= rules.strangers_needed)
      refit(data, p, start, 2, rules.stranger_prior, out.tables);
  }
  return out;
}

}  // namespace tessera::matchers
