// The table of rates and its scaling.
#include "engine/lab/synth_rates.h"

#include <algorithm>
#include <set>
#include <string>

#include <doctest/doctest.h>

using namespace tessera::lab;

TEST_CASE("every rate has a name of its own, is a share, and says of what") {
  std::set<std::string> names;
  const std::set<std::string> groups{"people", "life", "copy", "error", "ssn"};
  for (const RateLine& line : rate_lines()) {
    CAPTURE(std::string(line.name));
    CHECK(names.insert(std::string(line.name)).second);
    CHECK(groups.contains(std::string(line.group)));
    CHECK(line.value > 0);
    CHECK(line.value < 1);
    CHECK_FALSE(line.what.empty());
  }
  CHECK(names.size() > 50);
}

TEST_CASE("the lines are the values that the code uses, in their order") {
  const Rates rates;
  std::size_t i = 0;
#define X(of, rate, number, words)            \
  CHECK(rate_lines()[i].group == #of);        \
  CHECK(rate_lines()[i].name == #rate);       \
  CHECK(rate_lines()[i].value == rates.rate); \
  CHECK(rate_lines()[i].what == (words));     \
  ++i;
  TESSERA_SYNTH_RATES(X)
#undef X
  CHECK(i == rate_lines().size());
}

TEST_CASE("noise scales errors alone, and none beyond 0.9") {
  const Rates usual;
  for (const double factor : {0.0, 0.5, 1.0, 3.0, 1e6}) {
    const Rates scaled = scaled_rates(factor);
#define X(of, rate, number, words)                                              \
  CHECK(scaled.rate == doctest::Approx(std::string_view(#of) == "error"         \
                                           ? std::min(0.9, usual.rate * factor) \
                                           : usual.rate));
    TESSERA_SYNTH_RATES(X)
#undef X
  }
}
