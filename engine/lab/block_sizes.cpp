// Sums over the table of shares.
#include "engine/lab/block_sizes.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

namespace tessera::lab {
namespace {

constexpr int kStepBits = 9;    // 2^9 steps to a doubling
constexpr int kSmallest = -80;  // shares below 2^-80 count as 2^-80
constexpr std::size_t kSteps = (2 - kSmallest) << kStepBits;

}  // namespace

// The first bits of a double's mantissa cut a doubling into steps. The factor keeps round shares
// such as 1/4, which rounding may move, off the edges.
std::size_t BlockSizes::rank_of(double share) {
  constexpr std::int64_t kFirst = std::int64_t{1023 + kSmallest} << kStepBits;
  const auto bits = std::bit_cast<std::int64_t>(share * 1.0003);
  return static_cast<std::size_t>(
      std::clamp<std::int64_t>((bits >> (52 - kStepBits)) - kFirst, 0, kSteps - 1));
}

BlockSizes::BlockSizes() : steps_(kSteps) {}

void BlockSizes::add(const BlockSizes& other) {
  for (std::size_t i = 0; i < kSteps; ++i) {
    steps_[i].blocks += other.steps_[i].blocks;
    steps_[i].held += other.steps_[i].held;
  }
}

double BlockSizes::blocks() const {
  double sum = 0;
  for (const Step& s : steps_) sum += s.held > 0 ? s.blocks : 0;
  return sum;
}

double BlockSizes::tags_per_person() const {
  double sum = 0;
  for (const Step& s : steps_) sum += s.held;
  return sum;
}

Sizes BlockSizes::sizes(double people) const {
  Sizes out;
  const double all = tags_per_person();
  for (const Step& s : steps_) {
    if (s.held <= 0) continue;
    const double share = s.held / s.blocks, part = s.held / all;
    const double others = share * (people - 1);
    out.in_use += s.blocks * -std::expm1(-share * people);
    out.size_biased += part * (1 + others);
    double chance = std::exp(-others), below = 0;  // of exactly k others; of fewer than k
    for (int k = 0; k < 9; ++k) {
      (k == 0 ? out.alone : k < 4 ? out.to_4 : out.to_9) += part * chance;
      below += chance;
      chance *= others / (k + 1);
    }
    out.more += part * std::max(0.0, 1 - below);
  }
  out.mean = out.in_use > 0 ? people * all / out.in_use : 0;
  return out;
}

Opened BlockSizes::heaviest(double quota) const {
  Opened out;
  double held = 0, left = quota;
  for (std::size_t i = kSteps; i-- > 0;) {
    const Step& s = steps_[i];
    if (s.held <= 0) continue;
    out.rank = i;
    out.part_at_rank = std::min(1.0, left / s.blocks);
    held += out.part_at_rank * s.held;
    left -= s.blocks;
    if (left <= 0) break;
  }
  const double all = tags_per_person();
  out.share = all > 0 ? held / all : 0;
  return out;
}

double BlockSizes::heaviest_known(double people, double quota) const {
  std::vector<double> blocks_of_size;
  for (const Step& s : steps_) {
    if (s.held <= 0) continue;
    const double entries = people * s.held / s.blocks;   // expected in a block of this step
    const double spread = 12 * std::sqrt(entries) + 24;  // Poisson counts lie inside
    const auto from = static_cast<std::size_t>(std::max(1.0, std::floor(entries - spread)));
    const auto to = static_cast<std::size_t>(entries + spread);
    if (blocks_of_size.size() <= to) blocks_of_size.resize(to + 1);
    double log_chance = -entries + static_cast<double>(from) * std::log(entries) -
                        std::lgamma(static_cast<double>(from) + 1);
    for (std::size_t k = from; k <= to; ++k) {
      blocks_of_size[k] += s.blocks * std::exp(log_chance);
      log_chance += std::log(entries / static_cast<double>(k + 1));
    }
  }
  double held = 0, left = quota;
  for (std::size_t k = blocks_of_size.size(); k-- > 1 && left > 0;) {
    held += static_cast<double>(k) * std::min(left, blocks_of_size[k]);
    left -= blocks_of_size[k];
  }
  const double all = people * tags_per_person();
  return all > 0 ? std::min(1.0, held / all) : 0;
}

double BlockSizes::opened_by_roster(double enrolment) const {
  double held = 0;
  for (const Step& s : steps_) {
    if (s.held <= 0) continue;
    const double share = std::min(s.held / s.blocks, 1 - 1e-12);
    held += s.held * -std::expm1(enrolment * std::log1p(-share));
  }
  const double all = tags_per_person();
  return all > 0 ? held / all : 0;
}

}  // namespace tessera::lab
