// How sure a share is: confidence intervals of a proportion.
#pragma once

#include <cstdint>

namespace tessera::report {

// Bounds of a share, 0 <= low <= high <= 1.
struct Interval {
  double low = 0;
  double high = 1;
};

// Two-sided 95 % Wilson score interval of hits / trials (Wilson 1927; Brown, Cai & DasGupta 2001,
// eq. 4). [0, 1] where there were no trials. REQUIRES: hits <= trials.
Interval wilson(std::uint64_t hits, std::uint64_t trials);

// One-sided upper bound of hits / trials at `confidence` (Clopper & Pearson 1934): the share under
// which seeing at most `hits` has chance 1 - confidence. 1 where there were no trials.
// REQUIRES: hits <= trials, 0 < confidence < 1.
double clopper_pearson_upper(std::uint64_t hits, std::uint64_t trials, double confidence);

// I_x(a, b), the regularised incomplete beta function (continued fraction of DLMF 8.17.22 by
// Lentz's method). REQUIRES: a, b > 0; 0 <= x <= 1.
double incomplete_beta(double a, double b, double x);

}  // namespace tessera::report
