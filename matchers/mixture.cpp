// EM for one pass: three classes over a histogram of patterns.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

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

// Errors of matches at most so many times as common as the model has them.
void hold(const std::vector<Levels>& start, double most_growth, std::vector<Levels>& tables) {
  for (std::size_t d = 0; d < tables.size(); ++d) {
    std::vector<double>& p = tables[d].match;
    double rest = 1;
    for (std::size_t l = 2; l < p.size(); ++l)
      rest -= p[l] = std::min(p[l], most_growth * start[d].match[l]);
    if (rest > p[1]) p[1] = rest;
    double sum = 0;
    for (std::size_t l = 1; l < p.size(); ++l) sum += p[l];
    for (std::size_t l = 1; l < p.size(); ++l) p[l] /= sum;
  }
}

using Shares = std::array<double, 3>;
constexpr std::size_t kStrata = link::Comparator::kStrata;

// Candidates that a record has in a stratum's blocks, about.
constexpr std::array<double, kStrata> kCandidates{1, 2, 3.5, 6.5, 12.5, 24, 48, 128};

// What the shares lean on, per stratum, in pairs.
struct SharePrior {
  std::vector<double> match, match_weight;  // of all pairs
  std::vector<double> kin, kin_weight;      // relatives, of the pairs that are no match
};

double log_prior(const std::vector<Shares>& share, const SharePrior& prior) {
  double sum = 0;
  for (std::size_t s = 0; s < share.size(); ++s) {
    const double others = 1 - share[s][0];
    sum += prior.kin_weight[s] * (prior.kin[s] * std::log(share[s][1] / others) +
                                  (1 - prior.kin[s]) * std::log(share[s][2] / others)) +
           prior.match_weight[s] *
               (prior.match[s] * std::log(share[s][0]) + (1 - prior.match[s]) * std::log(others));
  }
  return sum;
}

// Posterior of each pattern in place of its class likelihoods; returns the data's log-likelihood.
double weigh(const MixtureData& data, const std::vector<std::uint8_t>& stratum,
             const std::vector<Shares>& share, Posterior& p) {
  for (Eigen::Index g = 0; g < p.rows(); ++g)
    for (Eigen::Index c = 0; c < 3; ++c)
      p(g, c) += std::log(std::max(
          share[stratum[static_cast<std::size_t>(g)]][static_cast<std::size_t>(c)], 1e-300));
  const Eigen::Map<const Eigen::ArrayXd> count(data.count.data(),
                                               static_cast<Eigen::Index>(data.count.size()));
  const Eigen::ArrayXd top = p.rowwise().maxCoeff();
  p = (p.colwise() - top).exp();
  const Eigen::ArrayXd sum = p.rowwise().sum();
  p.colwise() /= sum;
  return (count * (top + sum.log())).sum();
}

std::vector<Shares> pairs_by_class(const MixtureData& data,
                                   const std::vector<std::uint8_t>& stratum, std::size_t strata,
                                   const Posterior& p) {
  std::vector<Shares> n(strata, Shares{});
  for (std::size_t g = 0; g < data.count.size(); ++g)
    for (std::size_t c = 0; c < kClasses; ++c)
      n[stratum[g]][c] +=
          data.count[g] * p(static_cast<Eigen::Index>(g), static_cast<Eigen::Index>(c));
  return n;
}

double pairs_in(const Shares& n) { return n[0] + n[1] + n[2]; }

// The best shares for these expected counts, and no more matches than there may be.
std::vector<Shares> refit(const std::vector<Shares>& n, const SharePrior& prior, double most) {
  std::vector<Shares> out(n.size());
  std::vector<double> match(n.size());
  double all = 0;
  for (std::size_t s = 0; s < n.size(); ++s) {
    const double pairs = pairs_in(n[s]);
    match[s] = (n[s][0] + prior.match_weight[s] * prior.match[s]) / (pairs + prior.match_weight[s]);
    all += match[s] * pairs;
  }
  const double cut = all > most ? most / all : 1;
  for (std::size_t s = 0; s < n.size(); ++s) {
    const double m = std::clamp(match[s] * cut, 1e-9, 0.999);
    const double kin =
        (n[s][1] + prior.kin_weight[s] * prior.kin[s]) / (n[s][1] + n[s][2] + prior.kin_weight[s]);
    out[s] = {m, (1 - m) * kin, (1 - m) * (1 - kin)};
  }
  return out;
}

// The relatives' share of the non-matches leans on the model's by so many pairs: with few pairs
// the data cannot tell a dirty match from a sibling.
constexpr double kKinWeight = 20;
constexpr double kStratumWeight = 10;  // pairs that the strata's common share counts for in each
constexpr double kTwinsHeld = 0.3;     // expected twins weigh so many times what the data say
constexpr int kSharesOnly = 30;        // shares settle before the tables may move

// From the shares of all pairs together (`all`, and `n` the pairs of each class by stratum under
// them): a record has about one match wherever it is, so that matches are spread as records are,
// and blocks with twice the candidates have half the share.
SharePrior spread(const MixtureRules& rules, double relative_share, const Shares& all,
                  const std::vector<Shares>& n) {
  double pairs = 0;
  double records = 0;
  std::size_t occupied = 0;
  for (std::size_t s = 0; s < n.size(); ++s) {
    pairs += pairs_in(n[s]);
    records += pairs_in(n[s]) / kCandidates[s];
    occupied += pairs_in(n[s]) > 0;
  }
  SharePrior out;
  const double common = occupied > 1 ? kStratumWeight : 0;
  for (std::size_t s = 0; s < n.size(); ++s) {
    const double here = records > 0 ? 1 / kCandidates[s] / records : 0;  // of a pair's records
    const double match = std::clamp(all[0] * pairs * here, 1e-4, 0.98);
    const double weight = rules.share_prior + common;
    out.match_weight.push_back(weight);
    out.match.push_back((rules.share_prior * rules.expected_share + common * match) / weight);
    if (rules.twins <= 0) {
      out.kin.push_back(relative_share);
      out.kin_weight.push_back(kKinWeight);
      continue;
    }
    const double twins = rules.twins * here * pairs_in(n[s]);
    const double known = kKinWeight + kTwinsHeld * (twins + n[s][2]);
    out.kin.push_back(std::clamp(twins / std::max(twins + n[s][2], 1e-9), 1e-4, 0.98));
    out.kin_weight.push_back(known);
  }
  return out;
}

// All pairs as one stratum, tables fixed: the shares from which the strata start.
Shares shares_of_all(const MixtureData& data, const std::vector<Levels>& start,
                     double relative_share, const MixtureRules& rules, double most) {
  const std::vector<std::uint8_t> one(data.count.size(), 0);
  const SharePrior prior{
      {rules.expected_share}, {rules.share_prior}, {relative_share}, {kKinWeight}};
  const double pairs = std::accumulate(data.count.begin(), data.count.end(), 0.0);
  const double first = pairs > 0 ? std::min(0.5, most / pairs) : 0.5;
  std::vector<Shares> share{
      {first, (1 - first) * relative_share, (1 - first) * (1 - relative_share)}};
  const Posterior likelihood = class_likelihood(data, start);
  for (int i = 0; i < kSharesOnly && pairs > 0; ++i) {
    Posterior p = likelihood;
    weigh(data, one, share, p);
    share = refit(pairs_by_class(data, one, 1, p), prior, most);
  }
  return share[0];
}

}  // namespace

bool silent(schema::Kind kind, std::uint32_t level) {
  return level == 0 || (kind == schema::Kind::surname && level == link::level::name_swapped);
}

void exchange_names(Levels& given_name) {
  using namespace link::level;
  for (std::vector<double>* p : {&given_name.relative, &given_name.stranger}) {
    const double least = (*p)[name_equal] * given_name.match[name_swapped];
    if ((*p)[name_swapped] >= least) continue;
    const double rest = (1 - least) / (1 - (*p)[name_swapped]);
    for (std::size_t l = 1; l < p->size(); ++l) (*p)[l] *= rest;
    (*p)[name_swapped] = least;
  }
}

MixtureData mixture_data(const link::Comparator& comparator, const link::PassCounts& counts) {
  MixtureData out;
  for (std::uint32_t g = 0; g < counts.pairs.size(); ++g) {
    if (counts.pairs[g] == 0) continue;
    auto& levels = out.level.emplace_back();
    for (std::size_t d = 0; d < comparator.digits().size(); ++d)
      levels.push_back(silent(comparator.digits()[d].kind, comparator.level(g, d))
                           ? std::uint8_t{0}
                           : static_cast<std::uint8_t>(comparator.level(g, d)));
    out.stratum.push_back(static_cast<std::uint8_t>(comparator.stratum(g)));
    out.count.push_back(static_cast<double>(counts.pairs[g]));
  }
  return out;
}

Mixture fit_mixture(const MixtureData& data, const std::vector<Levels>& start,
                    double relative_share, const MixtureRules& rules) {
  Mixture out;
  out.tables = start;
  const double pairs = std::accumulate(data.count.begin(), data.count.end(), 0.0);
  const double most =
      rules.most_matches > 0 ? std::min(0.999 * pairs, rules.most_matches) : 0.999 * pairs;
  out.share = shares_of_all(data, start, relative_share, rules, most);
  out.strata.assign(kStrata, out.share);
  if (pairs == 0) return out;
  std::vector<std::uint8_t> stratum = data.stratum;
  stratum.resize(data.count.size(), 0);

  Posterior p = class_likelihood(data, start);
  weigh(data, stratum, out.strata, p);
  std::vector<Shares> n = pairs_by_class(data, stratum, kStrata, p);
  const SharePrior prior = spread(rules, relative_share, out.share, n);
  const double match_prior =
      rules.match_prior + rules.match_prior_rate * pairs * (1 - out.share[0]);
  out.strata = refit(n, prior, most);
  double last = -1e300;
  for (int i = 0; i < rules.most_iterations; ++i) {
    p = class_likelihood(data, out.tables);
    out.log_likelihood = weigh(data, stratum, out.strata, p);
    out.iterations = i + 1;
    const double objective = out.log_likelihood + log_prior(out.strata, prior) +
                             log_prior(out.tables, start, 0, match_prior) +
                             log_prior(out.tables, start, 2, rules.stranger_prior);
    if (rules.trace != nullptr) rules.trace->push_back(objective);
    if (i > kSharesOnly && objective - last < 1e-7 * std::abs(objective) + 1e-9) break;
    last = objective;
    n = pairs_by_class(data, stratum, kStrata, p);
    out.strata = refit(n, prior, most);
    if (i < kSharesOnly) continue;
    double others = 0;
    for (const Shares& s : n) others += s[1] + s[2];
    refit(data, p, start, 0, match_prior, out.tables);
    if (rules.most_growth > 0) hold(start, rules.most_growth, out.tables);
    if (others >= rules.strangers_needed)
      refit(data, p, start, 2, rules.stranger_prior, out.tables);
  }
  out.share = {};
  for (std::size_t s = 0; s < kStrata; ++s)
    for (std::size_t c = 0; c < kClasses; ++c)
      out.share[c] += out.strata[s][c] * pairs_in(n[s]) / pairs;
  return out;
}

}  // namespace tessera::matchers
