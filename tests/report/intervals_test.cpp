#include "engine/report/intervals.h"

#include <cmath>
#include <initializer_list>

#include <doctest/doctest.h>

using namespace tessera::report;

namespace {

// P(X <= k) for X ~ Binomial(n, p), term by term.
double binomial_cdf(int k, int n, double p) {
  double sum = 0;
  for (int i = 0; i <= k; ++i)
    sum += std::exp(std::lgamma(n + 1.0) - std::lgamma(i + 1.0) - std::lgamma(n - i + 1.0) +
                    i * std::log(p) + (n - i) * std::log1p(-p));
  return sum;
}

}  // namespace

TEST_CASE("Wilson intervals are those of the published formula") {
  // 81 of 263: Newcombe 1998, table I, method 3 gives 0.2553 to 0.3662.
  const Interval a = wilson(81, 263);
  CHECK(a.low == doctest::Approx(0.2553).epsilon(0.0002));
  CHECK(a.high == doctest::Approx(0.3662).epsilon(0.0002));
  // 15 of 148: 0.0624 to 0.1605.
  const Interval b = wilson(15, 148);
  CHECK(b.low == doctest::Approx(0.0624).epsilon(0.001));
  CHECK(b.high == doctest::Approx(0.1605).epsilon(0.001));
  // 0 of 20: 0 to 0.1611; 1 of 29: 0.0061 to 0.1718.
  CHECK(wilson(0, 20).low == 0);
  CHECK(wilson(0, 20).high == doctest::Approx(0.1611).epsilon(0.001));
  CHECK(wilson(1, 29).low == doctest::Approx(0.0061).epsilon(0.01));
  CHECK(wilson(1, 29).high == doctest::Approx(0.1718).epsilon(0.001));
}

TEST_CASE("Wilson intervals hold the share and end where shares end") {
  CHECK(wilson(0, 0).low == 0);
  CHECK(wilson(0, 0).high == 1);
  for (std::uint64_t n = 1; n <= 40; ++n)
    for (std::uint64_t k = 0; k <= n; ++k) {
      const double share = static_cast<double>(k) / static_cast<double>(n);
      const Interval i = wilson(k, n);
      CHECK(i.low <= share);
      CHECK(i.high >= share);
      CHECK((k == 0) == (i.low == 0));
      CHECK((k == n) == (i.high == 1));
      const Interval mirror = wilson(n - k, n);
      CHECK(i.low == doctest::Approx(1 - mirror.high));
    }
}

TEST_CASE("the upper bound is where the binomial tail has the chance asked for") {
  for (const int n : {1, 2, 7, 30, 200})
    for (int k = 0; k < n; k += 1 + n / 11) {
      const double p =
          clopper_pearson_upper(static_cast<std::uint64_t>(k), static_cast<std::uint64_t>(n), 0.95);
      CHECK(binomial_cdf(k, n, p) == doctest::Approx(0.05).epsilon(1e-6));
    }
  CHECK(clopper_pearson_upper(3, 3, 0.95) == 1);
  CHECK(clopper_pearson_upper(0, 0, 0.95) == 1);
}

TEST_CASE("the upper bound for rare events at the size of a state") {
  // No event in 300,000: the rule of three, ln 20 / n.
  CHECK(clopper_pearson_upper(0, 300000, 0.95) * 1e5 == doctest::Approx(0.99858).epsilon(1e-4));
  // One: the Poisson bound 4.7439 / n holds to five digits at this n.
  CHECK(clopper_pearson_upper(1, 300000, 0.95) * 3e5 == doctest::Approx(4.7439).epsilon(1e-4));
  // Ten: 16.962.
  CHECK(clopper_pearson_upper(10, 10000000, 0.95) * 1e7 == doctest::Approx(16.962).epsilon(1e-4));
}

TEST_CASE("the incomplete beta function at known places") {
  CHECK(incomplete_beta(1, 1, 0.3) == doctest::Approx(0.3));
  CHECK(incomplete_beta(2, 3, 0.5) == doctest::Approx(0.6875));
  CHECK(incomplete_beta(5, 5, 0.5) == doctest::Approx(0.5));
  CHECK(incomplete_beta(2, 5, 0) == 0);
  CHECK(incomplete_beta(2, 5, 1) == 1);
}
