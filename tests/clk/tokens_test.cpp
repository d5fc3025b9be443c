#include "engine/clk/tokens.h"

#include <doctest/doctest.h>

#include "engine/clk/python_number.h"

using namespace tessera::clk;

namespace {

using Tokens = std::vector<std::string>;

Tokens ngrams(std::string_view value, std::uint64_t n, bool positional) {
  Feature f;
  f.n = n;
  f.positional = positional;
  Tokens out;
  CHECK(tokenize(f, value, false, out));
  return out;
}
Feature number(const char* distance, std::uint64_t resolution, std::uint64_t precision) {
  Feature f;
  f.comparison = Comparison::numeric;
  f.distance = distance;
  f.resolution = resolution;
  f.precision = precision;
  return f;
}
Tokens numeric(const Feature& f, std::string_view value, bool strict = false) {
  Tokens out;
  REQUIRE_MESSAGE(tokenize(f, value, strict, out), value);
  return out;
}

}  // namespace

TEST_CASE("n-grams are padded, counted in code points, and keep repeats") {
  CHECK(ngrams("clk", 2, false) == Tokens{" c", "cl", "lk", "k "});
  CHECK(ngrams("clk", 2, true) == Tokens{"1  c", "2 cl", "3 lk", "4 k "});
  CHECK(ngrams("aaa", 1, false) == Tokens{"a", "a", "a"});
  CHECK(ngrams("ab", 3, false) == Tokens{"  a", " ab", "ab ", "b  "});
  CHECK(ngrams("\xC3\xA9\xE2\x82\xAC", 2, false) ==
        Tokens{" \xC3\xA9", "\xC3\xA9\xE2\x82\xAC", "\xE2\x82\xAC "});
  CHECK(ngrams("", 2, false).empty());
  CHECK(ngrams("x", 5, true).size() == 5);
}

TEST_CASE("numbers become a neighbourhood on a grid, as in clkhash's description") {
  // 25 with distance 8 and resolution 2, all multiplied by 4: 100 goes to 104.
  CHECK(numeric(number("8", 2, 0), "25") == Tokens{"88", "96", "104", "112", "120"});
  CHECK(numeric(number("8", 2, 0), "26") == Tokens{"88", "96", "104", "112", "120"});
  CHECK(numeric(number("8", 1, 0), "-1") == Tokens{"-8", "0", "8"});
  CHECK(numeric(number("8", 1, 0), "0") == Tokens{"-8", "0", "8"});
  CHECK(numeric(number("5", 1, 0), "-7") == Tokens{"-20", "-15", "-10"});
  // Integers are exact at any size.
  CHECK(numeric(number("2", 1, 0), "100000000000000000000000000000000001") ==
        Tokens{"200000000000000000000000000000000000", "200000000000000000000000000000000002",
               "200000000000000000000000000000000004"});
  // Fractions: cut off without precision, rounded half to even with it.
  CHECK(numeric(number("2", 1, 0), "7.9") == numeric(number("2", 1, 0), "7"));
  CHECK(numeric(number("2", 1, 0), "-7.9") == numeric(number("2", 1, 0), "-7"));
  CHECK(numeric(number("10", 1, 1), "0.25") == numeric(number("10", 1, 1), "0.2"));
  CHECK(numeric(number("10", 1, 1), "1e2") == numeric(number("10", 1, 1), "100"));
  CHECK(numeric(number("1", 1, 0), "1e30") == Tokens{"2000000000000000039769249677311",
                                                     "2000000000000000039769249677312",
                                                     "2000000000000000039769249677313"});
}

TEST_CASE("numbers that fit a machine word have the tokens that any size has") {
  // 10^30 more on both sides of a step that divides it moves every token by as much.
  std::uint64_t state = 11;
  const auto below = [&](std::uint64_t n) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (state >> 20) % n;
  };
  for (int i = 0; i < 2000; ++i) {
    const std::uint64_t steps[] = {1, 2, 5, 8, 10, 64, 1000, 15625};
    const std::string step = std::to_string(steps[below(8)]);
    const std::uint64_t resolution = 1 + below(9);
    const std::string x = std::to_string(below(std::uint64_t{1} << (1 + below(44))));
    const Feature f = number(step.c_str(), resolution, below(4));
    const Tokens few = numeric(f, x);
    const Tokens many = numeric(f, "1" + std::string(30 - x.size(), '0') + x);
    const Whole more =
        Whole::power_of_ten(30 + static_cast<unsigned>(f.precision)) * Whole(2 * resolution);
    REQUIRE(few.size() == many.size());
    for (std::size_t k = 0; k < few.size(); ++k)
      CHECK_MESSAGE((Whole::from_decimal(few[k]) + more).decimal() == many[k], x, " ", step);
    const Tokens negative = numeric(f, "-" + x);
    const Tokens far = numeric(f, "-1" + std::string(30 - x.size(), '0') + x);
    for (std::size_t k = 0; k < negative.size(); ++k)
      CHECK_MESSAGE((Whole::from_decimal(negative[k]) - more).decimal() == far[k], x, " ", step);
  }
}

TEST_CASE("strict numbers are rounded as written") {
  // 1.005 x 100 is 100.49999999999999 in doubles.
  CHECK(numeric(number("1", 1, 2), "1.005", false) == Tokens{"199", "200", "201"});
  CHECK(numeric(number("1", 1, 2), "1.005", true) == Tokens{"199", "200", "201"});  // half to even
  CHECK(numeric(number("1", 1, 2), "1.015", false) == Tokens{"201", "202", "203"});
  CHECK(numeric(number("1", 1, 2), "1.015", true) == Tokens{"203", "204", "205"});
}

TEST_CASE("what is no finite number is refused") {
  Tokens out;
  for (const bool strict : {false, true})
    for (const char* bad : {"nan", "inf", "-Infinity", "abc", "1e999", "0x10", "1_", "--1", "1 2"})
      if (!(strict && std::string_view(bad) == "1e999"))
        CHECK_FALSE_MESSAGE(tokenize(number("2", 1, 1), bad, strict, out), bad);
  CHECK(tokenize(number("2", 1, 1), "", false, out));
  CHECK(out.empty());
}

TEST_CASE("bits per feature are shared out, the first tokens having one more") {
  Feature f;
  f.bits = 10;
  CHECK(bits_of_token(f, 0, 4) == 3);
  CHECK(bits_of_token(f, 1, 4) == 3);
  CHECK(bits_of_token(f, 2, 4) == 2);
  CHECK(bits_of_token(f, 3, 4) == 2);
  CHECK(bits_of_token(f, 10, 11) == 0);
  f.per_token = true;
  CHECK(bits_of_token(f, 3, 4) == 10);
}
