// Precision and recall without a truth: a stratified sample of pairs for people to judge, what
// their answers say, and what the model itself expects.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/core/json.h"
#include "engine/core/random.h"
#include "engine/report/intervals.h"

namespace tessera::report {

// Strata of pairs by probability: from each bound to below the next, the last to 1.
inline constexpr std::array<double, 7> kClericalBounds{0, 0.01, 0.05, 0.5, 0.9, 0.99, 0.9995};
inline constexpr std::size_t kClericalStrata = kClericalBounds.size();
std::size_t clerical_stratum(double probability);

// Indices of `wanted` pairs, or all if there are fewer, in random order. Half of them go to the
// strata alike, while these have pairs: recall hangs on the doubtful, which are few. The rest is
// drawn from all the others: precision hangs on the stratum that holds nearly all links.
std::vector<std::uint32_t> draw_sample(std::span<const double> probability, std::size_t wanted,
                                       Random& random);

enum class Answer : std::uint8_t { open, same, different };

// A share with its 95 % interval; NaN where nothing speaks.
struct Estimate {
  double value = 0;
  Interval bounds;
};

struct ClericalStratum {
  std::uint64_t pairs = 0;   // of the pairs file
  std::uint64_t judged = 0;  // with an answer
  std::uint64_t same = 0;    // of them
};

struct ClericalReport {
  double threshold = 0;
  std::array<ClericalStratum, kClericalStrata> strata;
  Estimate precision;         // of the pairs at or above the threshold
  Estimate recall;            // among all pairs of the file: pairs never compared are not in it
  double said_precision = 0;  // by the model: mean probability above the threshold
  double said_recall = 0;     // expected matches above the threshold among all expected
};

// `answer` per pair; pairs that were not asked are open. The share of matches of a stratum is that
// of its judged pairs; a stratum without answers counts with the model's own mean, and with the
// whole interval from 0 to 1. Intervals: Jeffreys' posterior Beta(same + 1/2, different + 1/2) per
// stratum, 20,000 joint draws from a fixed seed, central 95 %, and reaching to the estimate itself,
// as where all answers agree (Brown, Cai and DasGupta 2001, section 4.1.2). A threshold inside a
// stratum parts its pairs and answers in two. REQUIRES: same sizes.
ClericalReport judge(std::span<const double> probability, std::span<const Answer> answer,
                     double threshold);

json::Value to_json(const ClericalReport& report);
std::string to_table(const ClericalReport& report);

}  // namespace tessera::report
