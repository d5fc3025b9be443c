#include "engine/report/clerical.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include <fmt/format.h>

#include "engine/report/figures.h"

namespace tessera::report {
namespace {

constexpr int kDraws = 20000;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// Pairs of a stratum on one side of the threshold.
struct Cell {
  ClericalStratum seen;
  double said = 0;  // sum of probabilities
  bool accepted = false;
  double share() const {
    if (seen.judged > 0) return static_cast<double>(seen.same) / static_cast<double>(seen.judged);
    return seen.pairs > 0 ? said / static_cast<double>(seen.pairs) : 0;
  }
};

double normal(Splitmix& random) {  // Box and Muller 1958
  const double u = 1 - random.uniform();
  return std::sqrt(-2 * std::log(u)) * std::cos(2 * 3.14159265358979323846 * random.uniform());
}

// Gamma(shape, 1): Marsaglia and Tsang 2000, with the boost for shapes below 1.
double gamma_draw(double shape, Splitmix& random) {
  if (shape < 1) return gamma_draw(shape + 1, random) * std::pow(1 - random.uniform(), 1 / shape);
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = normal(random);
    const double v = std::pow(1 + c * x, 3);
    if (v <= 0) continue;
    if (std::log(1 - random.uniform()) < x * x / 2 + d - d * v + d * std::log(v)) return d * v;
  }
}

double beta_draw(double a, double b, Splitmix& random) {
  const double x = gamma_draw(a, random);
  return x / (x + gamma_draw(b, random));
}

struct Rates {
  double precision = kNone;
  double recall = kNone;
};
Rates rates(std::span<const Cell> cells, std::span<const double> share) {
  double accepted = 0;
  double right = 0;
  double all = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto pairs = static_cast<double>(cells[i].seen.pairs);
    all += pairs * share[i];
    if (!cells[i].accepted) continue;
    accepted += pairs;
    right += pairs * share[i];
  }
  return {accepted > 0 ? right / accepted : kNone, all > 0 ? right / all : kNone};
}

// The middle 95 % of the draws, and the value where that lies outside.
Interval middle(std::vector<double>& draws, double value) {
  std::erase_if(draws, [](double x) { return std::isnan(x); });
  if (draws.empty()) return {};
  std::ranges::sort(draws);
  const auto at = [&](double q) {
    return draws[static_cast<std::size_t>(q * static_cast<double>(draws.size() - 1))];
  };
  return {std::min(at(0.025), value), std::max(at(0.975), value)};
}

std::vector<Cell> cells_of(std::span<const double> probability, std::span<const Answer> answer,
                           double threshold) {
  std::vector<Cell> cells(2 * kClericalStrata);
  for (std::size_t i = 0; i < probability.size(); ++i) {
    const bool accepted = probability[i] >= threshold;
    Cell& c = cells[2 * clerical_stratum(probability[i]) + (accepted ? 1 : 0)];
    c.accepted = accepted;
    c.said += probability[i];
    ++c.seen.pairs;
    c.seen.judged += answer[i] != Answer::open;
    c.seen.same += answer[i] == Answer::same;
  }
  return cells;
}

}  // namespace

std::size_t clerical_stratum(double probability) {
  const auto* it = std::ranges::upper_bound(kClericalBounds, probability);
  return it == kClericalBounds.begin() ? 0
                                       : static_cast<std::size_t>(it - kClericalBounds.begin()) - 1;
}

std::vector<std::uint32_t> draw_sample(std::span<const double> probability, std::size_t wanted,
                                       Random& random) {
  std::array<std::vector<std::uint32_t>, kClericalStrata> strata;
  for (std::uint32_t i = 0; i < probability.size(); ++i)
    strata[clerical_stratum(probability[i])].push_back(i);
  for (auto& s : strata) shuffle(s, random);
  wanted = std::min(wanted, probability.size());
  std::vector<std::uint32_t> out;
  const std::size_t alike = (wanted + 1) / 2;
  // In turn, the doubtful ones last; there are pairs enough, for `alike` is no more than all.
  for (std::size_t s = kClericalStrata; out.size() < alike; --s) {
    if (s == 0) s = kClericalStrata;
    if (strata[s - 1].empty()) continue;
    out.push_back(strata[s - 1].back());
    strata[s - 1].pop_back();
  }
  std::vector<std::uint32_t> others;
  for (const auto& s : strata) others.insert(others.end(), s.begin(), s.end());
  shuffle(others, random);
  others.resize(wanted - out.size());
  out.insert(out.end(), others.begin(), others.end());
  shuffle(out, random);  // the order says nothing about the score
  return out;
}

ClericalReport judge(std::span<const double> probability, std::span<const Answer> answer,
                     double threshold) {
  ClericalReport out;
  out.threshold = threshold;
  const std::vector<Cell> cells = cells_of(probability, answer, threshold);
  std::vector<double> share;
  std::vector<double> said;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    ClericalStratum& s = out.strata[i / 2];
    s.pairs += cells[i].seen.pairs;
    s.judged += cells[i].seen.judged;
    s.same += cells[i].seen.same;
    share.push_back(cells[i].share());
    said.push_back(
        cells[i].seen.pairs > 0 ? cells[i].said / static_cast<double>(cells[i].seen.pairs) : 0);
  }
  const Rates model = rates(cells, said);
  out.said_precision = model.precision;
  out.said_recall = model.recall;
  const Rates found = rates(cells, share);
  Splitmix random(20261121);
  std::vector<double> precision;
  std::vector<double> recall;
  for (int draw = 0; draw < kDraws; ++draw) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const ClericalStratum& s = cells[i].seen;
      // All of a stratum judged: nothing is left to chance.
      if (s.pairs == s.judged) continue;
      share[i] = s.judged == 0 ? random.uniform()
                               : beta_draw(static_cast<double>(s.same) + 0.5,
                                           static_cast<double>(s.judged - s.same) + 0.5, random);
    }
    const Rates r = rates(cells, share);
    precision.push_back(r.precision);
    recall.push_back(r.recall);
  }
  out.precision = {found.precision, middle(precision, found.precision)};
  out.recall = {found.recall, middle(recall, found.recall)};
  return out;
}

json::Value to_json(const ClericalReport& r) {
  const auto number = [](double x) { return std::isnan(x) ? json::Value() : json::Value(x); };
  const auto estimate = [&](const Estimate& e) {
    return json::Object{{"value", number(e.value)},
                        {"low_95", number(e.bounds.low)},
                        {"high_95", number(e.bounds.high)}};
  };
  json::Array strata;
  for (std::size_t s = 0; s < kClericalStrata; ++s)
    strata.push_back(json::Object{{"from", kClericalBounds[s]},
                                  {"pairs", r.strata[s].pairs},
                                  {"judged", r.strata[s].judged},
                                  {"same", r.strata[s].same}});
  return json::Object{{"threshold", r.threshold},
                      {"precision", estimate(r.precision)},
                      {"recall_among_compared", estimate(r.recall)},
                      {"model_precision", number(r.said_precision)},
                      {"model_recall_among_compared", number(r.said_recall)},
                      {"strata", std::move(strata)}};
}

std::string to_table(const ClericalReport& r) {
  std::string out =
      fmt::format("{:<22} {:>10} {:>8} {:>8}\n", "probability from", "pairs", "judged", "same");
  for (std::size_t s = 0; s < kClericalStrata; ++s)
    out += fmt::format("{:<22} {:>10} {:>8} {:>8}\n", kClericalBounds[s], whole(r.strata[s].pairs),
                       r.strata[s].judged, r.strata[s].same);
  const auto line = [&](std::string_view name, const Estimate& e, double said) {
    return fmt::format("{:<22} {} ({}), the model says {}\n", name, share(e.value),
                       bounds(e.bounds), share(said));
  };
  out += fmt::format("at a probability of {} and more, with 95 % intervals:\n",
                     report::threshold(r.threshold));
  out += line("precision", r.precision, r.said_precision);
  out += line("recall among compared", r.recall, r.said_recall);
  return out;
}

}  // namespace tessera::report
