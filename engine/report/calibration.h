// Do the probabilities mean what they say? Reliability by bins, Brier score and log loss.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/report/intervals.h"
#include "engine/report/tally.h"

namespace tessera::report {

inline constexpr double kCalibrationFloor =
    0.05;  // pairs below it are nearly all plain non-matches
inline constexpr std::size_t kCalibrationBins = 10;

struct Bin {
  double low = 0;  // least and greatest probability in the bin
  double high = 0;
  std::uint64_t pairs = 0;
  double said = 0;       // mean probability
  double seen = 0;       // share that are true pairs; fractional where equal probabilities straddle
  Interval seen_bounds;  // Wilson, of the rounded number of true pairs
};

struct Calibration {
  std::uint64_t pairs = 0;  // with probability >= kCalibrationFloor
  std::vector<Bin> bins;  // lowest first; fewer than ten only where there are fewer than ten pairs
  double error = 0;       // expected calibration error: mean of |said - seen| weighted by pairs
  double brier = 0;       // mean (p - y)^2 over those pairs
  double log_loss = 0;    // mean, in nats, with p held within 1e-9 of 0 and 1
  double brier_all = 0;   // over all judged pairs
  double log_loss_all = 0;
};

// Bins of equal count: bin i holds ranks [n i / 10, n (i + 1) / 10). Among pairs of one and the
// same probability each is given that group's share of true pairs, so that the result does not
// depend on their order. NaN where there is nothing to average. REQUIRES: the order of sift().
Calibration calibrate(std::span<const Pair> ranked, const People& people);

// Pairs by probability, `bins` bins of equal width over 0..1; 1 falls in the last.
struct Histogram {
  std::vector<std::uint64_t> same;       // true pairs
  std::vector<std::uint64_t> different;  // the others
};
Histogram histogram(std::span<const Pair> pairs, const People& people, std::size_t bins);

}  // namespace tessera::report
