#include "engine/attack/digits.h"

#include <algorithm>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/core/random.h"

namespace tessera::attack {
namespace {

std::uint64_t median_rows(std::size_t known) {
  std::vector<std::uint64_t> rows;
  for (std::uint64_t trial = 0; trial < 301; ++trial) {
    Splitmix rng(trial);
    const std::string secret = fmt::format("{:09}", rng.below(1'000'000'000));
    rows.push_back(rows_to_find(secret, known, 100'000, trial));
    CHECK(rows.back() > 0);
  }
  std::ranges::sort(rows);
  return rows[rows.size() / 2];
}

TEST_CASE("two numbers are near from seven equal digits on") {
  CHECK(digit_level("123456789", "123456789") == DigitLevel::equal);
  CHECK(digit_level("123456789", "123456700") == DigitLevel::near);
  CHECK(digit_level("123456789", "123456000") == DigitLevel::far);
}

TEST_CASE("a shown level gives a number away in about a hundred rows") {
  const std::uint64_t last_four = median_rows(4), last_five = median_rows(5);
  CHECK(last_four > 60);  // half of the guesses need 81 rows to be near
  CHECK(last_four <= 126);
  CHECK(last_five < 47);
}

TEST_CASE("who may not ask often does not find it") {
  std::uint64_t found = 0;
  for (std::uint64_t trial = 0; trial < 200; ++trial)
    found += rows_to_find("123456789", 4, 3, trial) > 0 ? 1U : 0U;
  CHECK(found == 0);
}

}  // namespace
}  // namespace tessera::attack
