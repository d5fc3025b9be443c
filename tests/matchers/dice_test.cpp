#include "matchers/dice.h"

#include <doctest/doctest.h>

#include "engine/schema/variants.h"

using namespace tessera;
using link::Comparator;
namespace level = link::level;

namespace {

schema::Schema with_ssn() {
  auto s = schema::load("default");
  REQUIRE(s);
  auto out = schema::with_ssn(*s);
  REQUIRE(out);
  return *std::move(out);
}

std::uint32_t pattern(const Comparator& c, const std::vector<std::uint32_t>& levels) {
  std::uint32_t out = 0;
  for (std::size_t d = 0; d < levels.size(); ++d) out += levels[d] * c.digits()[d].factor;
  return out;
}

link::Fit fit(const schema::Schema& s, const std::vector<Comparator>& cs, double least) {
  std::vector<link::PassCounts> counts;
  for (const Comparator& c : cs) counts.push_back({std::vector<std::uint64_t>(c.patterns(), 1)});
  auto out = matchers::dice_threshold(least)->fit(s, cs, counts, {});
  REQUIRE(out);
  return *std::move(out);
}

}  // namespace

TEST_CASE("Dice is the weighted mean of what two records have in common") {
  const schema::Schema s = with_ssn();
  const Comparator c(s, 0, true);
  // first, middle, last, dob, sex, ssn; names set 96 + 8 + 8 bits, a date 48, a category 8.
  const auto dice = [&](std::vector<std::uint32_t> levels) {
    return matchers::dice_of(s, 0, c, pattern(c, levels));
  };
  CHECK(dice({level::name_equal, level::middle_equal, level::name_equal, level::date_equal,
              level::category_equal, level::ssn_equal}) == doctest::Approx(1));
  CHECK(dice({level::name_missing, level::middle_missing, level::name_missing, level::date_missing,
              level::category_missing, level::ssn_far}) == doctest::Approx(0));
  CHECK(dice({level::name_equal, level::middle_missing, level::name_far, level::date_missing,
              level::category_missing, level::ssn_far}) == doctest::Approx((1 + .165) / 2));
  CHECK(dice({level::name_equal, level::middle_missing, level::name_missing, level::date_far,
              level::category_missing, level::ssn_far}) == doctest::Approx(112.0 / 160));
  // A token that is not equal may stand for no number: it takes nothing away.
  CHECK(dice({level::name_equal, level::middle_missing, level::name_equal, level::date_equal,
              level::category_equal, level::ssn_far}) == doctest::Approx(1));
}

TEST_CASE("a field more alike never makes a pair less alike") {
  const schema::Schema s = with_ssn();
  const Comparator c(s, 0, true);
  const std::vector<std::vector<std::uint32_t>> rising{
      {level::name_far, level::name_near, level::name_similar, level::name_close,
       level::name_equal},
      {level::date_far, level::date_year_only, level::date_one_part, level::date_one_digit,
       level::date_equal}};
  for (std::size_t field : {0U, 3U})
    for (std::size_t i = 1; i < rising[field == 0 ? 0 : 1].size(); ++i) {
      std::vector<std::uint32_t> low{level::name_close,    level::middle_missing, level::name_close,
                                     level::date_one_part, level::category_equal, level::ssn_far};
      auto high = low;
      low[field] = rising[field == 0 ? 0 : 1][i - 1];
      high[field] = rising[field == 0 ? 0 : 1][i];
      CHECK(matchers::dice_of(s, 0, c, pattern(c, low)) <
            matchers::dice_of(s, 0, c, pattern(c, high)));
    }
}

TEST_CASE("the threshold parts links from the rest, in every pass and stratum, and orders links") {
  const schema::Schema s = with_ssn();
  std::vector<Comparator> cs;
  for (std::size_t p = 0; p < s.passes.size(); ++p) cs.emplace_back(s, p, true);
  for (const double least : {0.5, 0.85, 1.0}) {
    const link::Fit f = fit(s, cs, least);
    REQUIRE(f.logit.size() == cs.size());
    for (std::size_t p = 0; p < cs.size(); ++p) {
      double links = 0;
      for (std::uint32_t q = 0; q < cs[p].patterns(); q += 7) {
        const double dice = matchers::dice_of(s, p, cs[p], q);
        CHECK((f.logit[p][q] >= 100) == (dice >= least));
        CHECK((f.logit[p][q] == -link::kSurest) == (dice < least));
      }
      for (const link::Decinats x : f.logit[p]) links += x > 0;
      CHECK(f.expected_matches[p] == doctest::Approx(links));
    }
  }
  const link::Fit f = fit(s, cs, 0.6);
  const auto at = [&](level::Name first) {
    return f.logit[0][pattern(cs[0], {first, level::middle_missing, level::name_equal,
                                      level::date_equal, level::category_equal, level::ssn_far})];
  };
  CHECK(at(level::name_close) < at(level::name_equal));
  CHECK(at(level::name_equal) == link::kSurest);
}
