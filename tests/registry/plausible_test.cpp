#include "engine/registry/plausible.h"

#include <cmath>

#include <doctest/doctest.h>

using namespace tessera;
using namespace tessera::registry;

TEST_CASE(
    "the bound is three at least, five standard deviations over the mean, and rarely passed") {
  CHECK(plausible_records(0, 1'000'000) == 3);
  CHECK(plausible_records(1e-9, 10) == 3);
  for (const double mean : {.01, .1, .5, 1., 3., 10., 50., 150., 1000.}) {
    CAPTURE(mean);
    const auto most = plausible_records(mean / kConcentration / 1e6, 1'000'000);
    CHECK(static_cast<double>(most) >= mean + 5 * std::sqrt(mean) - 1e-6);
    if (mean > 100) continue;
    // P(X > most), summed from the far end: at most one in 3.5 million, and no lower bound does.
    const auto tail = [mean](std::uint64_t above) {
      double sum = 0;
      for (std::uint64_t k = above + 400; k > above; --k)
        sum += std::exp(static_cast<double>(k) * std::log(mean) - mean -
                        std::lgamma(static_cast<double>(k) + 1));
      return sum;
    };
    CHECK(tail(most) <= 2.87e-7);
    if (most > 3 && static_cast<double>(most - 1) >= mean + 5 * std::sqrt(mean))
      CHECK(tail(most - 1) > 2.86e-7);
  }
}

TEST_CASE(
    "passes of the shipped schemas have a share, and one of a number alone has none to speak of") {
  for (const schema::Shipped& s : schema::shipped()) {
    const auto schema = schema::load(std::string(s.name));
    REQUIRE(schema);
    CAPTURE(std::string(s.name));
    for (const auto& share : heaviest_shares(*schema)) {
      REQUIRE(share.has_value());
      CHECK(*share > 0);
      CHECK(*share < .05);
    }
  }
  CHECK_FALSE(heaviest_share("exact(shoe)").has_value());
}
