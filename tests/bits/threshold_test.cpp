#include "engine/bits/threshold.h"

#include <algorithm>

#include <doctest/doctest.h>

using namespace tessera;
using namespace tessera::bits;

TEST_CASE("thresholds are plain decimals") {
  for (const char* text : {"0.85", ".85", "0.850", "0.850000000"}) {
    const auto t = parse_threshold(text);
    REQUIRE(t);
    CHECK(t->numerator * 100 == 85 * t->denominator);
  }
  CHECK(parse_threshold("1")->value() == 1.0);
  CHECK(parse_threshold("0")->value() == 0.0);
  CHECK(parse_threshold("1.")->value() == 1.0);
  for (const char* text : {"", ".", "-0.5", "1.01", "2", "0,85", "85%", "1e-1", " 0.8", "0.8 ",
                           "0.1234567890", "00.8", "nan", "0x1"})
    CHECK_FALSE(parse_threshold(text));
}

TEST_CASE("need, budgets and window agree with the definition, for every pair of counts") {
  const std::size_t bits = 96;
  for (const char* text :
       {"0", "0.001", "0.3", "0.5", "0.75", "0.8", "0.85", "0.95", "0.999", "1"}) {
    const Threshold t = *parse_threshold(text);
    const Decision d(t, bits);
    for (std::size_t a = 0; a <= bits; ++a)
      for (std::size_t b = 0; b <= bits; ++b) {
        bool possible = false;
        for (std::size_t c = 0; c <= std::min(a, b); ++c) {
          // Dice >= t, written as in the papers but in integers; two empty filters score 0.
          const bool keep =
              a + b == 0 ? t.numerator == 0 : 2 * c * t.denominator >= t.numerator * (a + b);
          CHECK_MESSAGE(keep == (c >= d.need(a + b)), text, " ", a, " ", b, " ", c);
          possible |= keep;
          if (keep)
            CHECK(static_cast<std::int32_t>(a + b - 2 * c) <= d.left_budget(a) + d.right_budget(b));
        }
        CHECK_MESSAGE(possible == (b >= d.low(a) && b <= d.high(a)), text, " ", a, " ", b);
      }
  }
}
