// Capacity by turns: the prior moves towards the secrets whose answers stand out.
#include "engine/attack/channel.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/core/random.h"

namespace tessera::attack {
namespace {

constexpr int kMostTurns = 2000;
constexpr double kClose = 1e-6;  // bits between the two bounds of a turn
constexpr double kSure = 0.95;

}  // namespace

void Channel::add(const std::string& secret, const std::string& answer) {
  const std::size_t s = secret_.try_emplace(secret, secret_.size()).first->second;
  const std::size_t a = answer_.try_emplace(answer, answer_.size()).first->second;
  ++seen_[{s, a}];
  ++trials_;
}

Channel::Counts Channel::counts() const {
  Counts out(secret_.size(), std::vector<std::uint64_t>(answer_.size()));
  for (const auto& [at, n] : seen_) out[at.first][at.second] = n;
  return out;
}

double Channel::capacity(const Counts& counts) {
  if (counts.empty()) return 0;
  const std::size_t answers = counts[0].size();
  std::vector<std::vector<double>> chance;  // of an answer, given the secret
  for (const auto& row : counts) {
    const auto all = static_cast<double>(std::accumulate(row.begin(), row.end(), std::uint64_t{0}));
    std::vector<double>& c = chance.emplace_back();
    for (const std::uint64_t n : row) c.push_back(static_cast<double>(n) / all);
  }
  std::vector<double> prior(counts.size(), 1.0 / static_cast<double>(counts.size()));
  double bits = 0;
  for (int turn = 0; turn < kMostTurns; ++turn) {
    std::vector<double> overall(answers);
    for (std::size_t s = 0; s < prior.size(); ++s)
      for (std::size_t a = 0; a < answers; ++a) overall[a] += prior[s] * chance[s][a];
    std::vector<double> weight(prior.size());
    double most = 0;
    for (std::size_t s = 0; s < prior.size(); ++s) {
      double told = 0;  // bits by which this secret's answers differ from the rest's
      for (std::size_t a = 0; a < answers; ++a)
        if (chance[s][a] > 0) told += chance[s][a] * std::log2(chance[s][a] / overall[a]);
      most = std::max(most, told);
      weight[s] = prior[s] * std::exp2(told);
    }
    const double sum = std::accumulate(weight.begin(), weight.end(), 0.0);
    bits = std::log2(sum);
    for (std::size_t s = 0; s < prior.size(); ++s) prior[s] = weight[s] / sum;
    if (most - bits < kClose) break;
  }
  return bits;
}

double Channel::bits() const { return capacity(counts()); }

double Channel::bits_bound(std::uint64_t seed, int draws) const {
  const Counts real = counts();
  Splitmix rng(seed, 91);
  std::vector<double> drawn;
  for (int d = 0; d < draws; ++d) {
    Counts again(real.size(), std::vector<std::uint64_t>(answer_.size()));
    for (std::size_t s = 0; s < real.size(); ++s) {
      const std::uint64_t all = std::accumulate(real[s].begin(), real[s].end(), std::uint64_t{0});
      for (std::uint64_t i = 0; i < all; ++i) {
        std::uint64_t at = rng.below(all);
        std::size_t a = 0;
        while (at >= real[s][a]) at -= real[s][a++];
        ++again[s][a];
      }
    }
    drawn.push_back(capacity(again));
  }
  std::sort(drawn.begin(), drawn.end());
  const auto at = static_cast<std::size_t>(kSure * static_cast<double>(drawn.size()));
  return std::max(bits(), drawn.empty() ? 0 : drawn[std::min(at, drawn.size() - 1)]);
}

}  // namespace tessera::attack
