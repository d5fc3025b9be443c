// The autotuner: candidates counted on a sample, costs from the scanner table.
#include "engine/bits/plan.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tessera::bits {
namespace {

constexpr std::int32_t kBand = 16;      // budgets per band
constexpr std::size_t kFewPairs = 500;  // a band with fewer sampled pairs has no say
constexpr double kCheckNs = 10;         // one candidate checked on the full filters, and
constexpr double kCheckWordNs = 0.3;    // per word

std::vector<std::size_t> widths(std::size_t words) {
  std::vector<std::size_t> out;
  for (std::size_t w = 1; w < words; w += w < 16 ? 1 : w < 32 ? 2 : 8) out.push_back(w);
  out.push_back(words);
  return out;
}

const Scanner& cheapest(const Kernel& kernel, std::size_t words, std::int32_t budget) {
  const Scanner* best = nullptr;
  double cost = std::numeric_limits<double>::infinity();
  for (const Scanner& s : kernel.scanners) {
    const double c = s.per_pair + s.per_word * static_cast<double>(words);
    if (!s.usable() || budget > s.max_budget || c >= cost) continue;
    best = &s;
    cost = c;
  }
  return *best;
}

// The largest budget of a band, where no pair has more than `most`.
std::int32_t top_of(std::size_t band, std::int32_t most) {
  return std::min(most, static_cast<std::int32_t>(band) * kBand + kBand - 1);
}

// Pairs seen and pairs let through, per band and width.
struct Counts {
  std::vector<std::size_t> seen;
  std::vector<std::vector<std::size_t>> through;
};

// Whether a fold is worth counting at a budget: folds of unlike filters differ in about half their
// bits, so a narrower one stops nothing, and a much wider one no more than this one.
bool worth_counting(std::size_t width, std::int32_t budget) {
  const double w = static_cast<double>(width);
  const double narrower = w - 2;
  return 32 * w > budget && (narrower < 1 || 32 * narrower - 40 * std::sqrt(narrower) < budget);
}

Counts sample(const Sorted& left, const Sorted& right, const Decision& decision,
              const Kernel& kernel, const std::vector<std::size_t>& all, std::int32_t most) {
  const auto bands = static_cast<std::size_t>(most / kBand) + 1;
  const double pairs =
      static_cast<double>(left.matrix.rows()) * static_cast<double>(right.matrix.rows());
  const std::size_t rows = pairs < 4e6 ? 0 : pairs < 1e9 ? 128 : pairs < 1e11 ? 256 : 512;
  Counts counts{std::vector<std::size_t>(bands),
                std::vector<std::vector<std::size_t>>(bands, std::vector<std::size_t>(all.size()))};
  const std::size_t words = left.matrix.words();
  std::vector<std::uint64_t> differ(words), folded(words);
  const std::size_t lefts = std::min(rows, left.matrix.rows());
  const std::size_t rights = std::min(rows, right.matrix.rows());
  for (std::size_t p = 0; p < lefts * rights; ++p) {
    const std::size_t i = (2 * (p / rights) + 1) * left.matrix.rows() / (2 * lefts);
    const std::size_t j = (2 * (p % rights) + 1) * right.matrix.rows() / (2 * rights);
    const std::uint32_t ni = left.matrix.count(i);
    const std::uint32_t nj = right.matrix.count(j);
    if (nj < decision.low(ni) || nj > decision.high(ni) || left.original[i] == right.original[j])
      continue;
    const std::int32_t budget = decision.left_budget(ni) + decision.right_budget(nj);
    const auto band = static_cast<std::size_t>(budget / kBand);
    ++counts.seen[band];
    for (std::size_t k = 0; k < words; ++k)
      differ[k] = left.matrix.row(i)[k] ^ right.matrix.row(j)[k];
    for (std::size_t w = 0; w < all.size(); ++w) {
      if (all[w] < words && !worth_counting(all[w], top_of(band, most))) continue;
      fold(differ.data(), words, all[w], folded.data());
      const std::uint32_t ham = kernel.count_and(folded.data(), folded.data(), all[w]);
      if (static_cast<std::int32_t>(ham) <= budget) ++counts.through[band][w];
    }
  }
  return counts;
}

}  // namespace

Step plain_step(const Kernel& kernel, std::size_t words, std::int32_t budget) {
  for (const std::size_t w : widths(words)) {
    const double width = static_cast<double>(w);
    if (w < words && 32 * width - 18 * std::sqrt(width) >= budget)
      return {&cheapest(kernel, w, budget), w};
  }
  return {&cheapest(kernel, words, budget), words};
}

Plan::Plan(const Sorted& left, const Sorted& right, const Decision& decision, const Kernel& kernel,
           std::size_t fold_words) {
  const std::size_t words = left.matrix.words();
  const std::vector<std::size_t> all = widths(words);
  const std::int32_t most =
      decision.left_budget(left.matrix.bits()) + decision.right_budget(left.matrix.bits());
  const auto bands = static_cast<std::size_t>(most / kBand) + 1;
  const Counts counts =
      fold_words == 0 ? sample(left, right, decision, kernel, all, most) : Counts{};
  for (std::size_t band = 0; band < bands; ++band) {
    const std::int32_t budget = top_of(band, most);
    if (fold_words != 0) {
      const std::size_t w = std::min(fold_words, words);
      steps_.push_back({&cheapest(kernel, w, budget), w});
    } else if (counts.seen[band] < kFewPairs) {
      steps_.push_back(plain_step(kernel, words, budget));
    } else {
      Step best{nullptr, 0};
      double least = std::numeric_limits<double>::infinity();
      for (std::size_t w = 0; w < all.size(); ++w) {
        if (all[w] < words && !worth_counting(all[w], budget)) continue;
        const Scanner& s = cheapest(kernel, all[w], budget);
        const double share = (static_cast<double>(counts.through[band][w]) + 0.5) /
                             static_cast<double>(counts.seen[band]);
        const double cost = s.per_pair + s.per_word * static_cast<double>(all[w]) +
                            share * (kCheckNs + kCheckWordNs * static_cast<double>(words));
        if (cost < least) {
          least = cost;
          best = {&s, all[w]};
        }
      }
      steps_.push_back(best);
    }
    widest_ = std::max(widest_, steps_.back().words);
  }
}

const Step& Plan::at(std::int32_t budget) const {
  return steps_[static_cast<std::size_t>(budget / kBand)];
}

}  // namespace tessera::bits
