#include "matchers/fellegi_sunter.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <doctest/doctest.h>

#include "engine/link/compete.h"
#include "engine/schema/variants.h"
#include "tests/matchers/patterns.h"

namespace fellegi_sunter_test {

using namespace tessera;
using link::Comparator;
using matchers::Model;
using test::Class;
using test::Shares;

namespace {

std::vector<Comparator> comparators(const schema::Schema& s) {
  std::vector<Comparator> out;
  for (std::size_t p = 0; p < s.passes.size(); ++p) out.emplace_back(s, p, s.ssn);
  return out;
}

std::vector<link::PassCounts> counts(const schema::Schema& s, const std::vector<Comparator>& cs,
                                     const Shares& shares) {
  std::vector<link::PassCounts> out;
  for (std::size_t p = 0; p < cs.size(); ++p)
    out.push_back(test::draw_counts(matchers::shipped_model(), s, p, cs[p], shares, 5));
  return out;
}

std::uint32_t pattern(const Comparator& c, const std::vector<std::uint32_t>& levels) {
  std::uint32_t out = 0;
  for (std::size_t d = 0; d < levels.size(); ++d) out += levels[d] * c.digits()[d].factor;
  return out;
}

// A run of nothing but matches: the prior alone would lift anything.
link::Fit fit_to_matches_alone(const schema::Schema& s, const std::vector<Comparator>& cs) {
  auto fit = matchers::fellegi_sunter(matchers::shipped_model())
                 ->fit(s, cs, counts(s, cs, {50000, 0, 10}), {100000, 100000});
  REQUIRE(fit);
  return *std::move(fit);
}

}  // namespace

TEST_CASE("matches score above 0 and strangers below, from counts that nobody labelled") {
  const auto s = schema::load("default");
  REQUIRE(s);
  const auto cs = comparators(*s);
  const auto matcher = matchers::fellegi_sunter(matchers::shipped_model());
  for (const Shares& shares :
       {Shares{20000, 1000, 80000}, Shares{90000, 1000, 9000}, Shares{300, 20, 700}}) {
    const auto fit =
        matcher->fit(*s, cs, counts(*s, cs, shares), {shares.matches * 2, shares.matches * 2});
    REQUIRE(fit);
    CHECK(fit->notes.empty());
    REQUIRE(fit->logit.size() == cs.size());
    Splitmix random(99);
    for (std::size_t p = 0; p < cs.size(); ++p) {
      CAPTURE(p);
      CHECK(fit->expected_matches[p] ==
            doctest::Approx(static_cast<double>(shares.matches)).epsilon(0.15));
      int wrong = 0;
      for (int i = 0; i < 2000; ++i) {
        const auto& model = matchers::shipped_model();
        wrong +=
            fit->logit[p][test::draw_pattern(model, *s, p, cs[p], Class::match, 0.05, random)] <= 0;
        wrong +=
            fit->logit[p][test::draw_pattern(model, *s, p, cs[p], Class::stranger, 0.05, random)] >
            0;
      }
      CHECK(wrong < 400);  // of 4,000
    }
  }
}

TEST_CASE(
    "all values missing says nothing but the prior; a missing value lies between equal and far") {
  const auto s = schema::load("default");
  REQUIRE(s);
  const auto cs = comparators(*s);
  const auto fit = matchers::fellegi_sunter(matchers::shipped_model())
                       ->fit(*s, cs, counts(*s, cs, {20000, 1000, 80000}), {40000, 40000});
  REQUIRE(fit);
  using namespace link::level;
  const auto& l = fit->logit[0];
  CHECK(link::probability_of(l[0]) == doctest::Approx(0.2).epsilon(0.2));
  for (std::size_t d : {std::size_t{0}, std::size_t{1}, std::size_t{4}}) {
    std::vector<std::uint32_t> levels{name_equal, middle_equal, name_equal, date_equal,
                                      category_equal};
    const auto equal = l[pattern(cs[0], levels)];
    levels[d] = 0;
    const auto missing = l[pattern(cs[0], levels)];
    levels[d] = cs[0].digits()[d].levels - (d == 0 ? 2 : 1);
    const auto far = l[pattern(cs[0], levels)];
    CHECK(equal >= missing);
    CHECK(missing >= far);
    CHECK(equal > far);
  }
}

TEST_CASE("twins: last name and birth date alone never make an automatic link") {
  using namespace link::level;
  const auto plain = schema::load("default");
  const auto s = schema::with_ssn(*plain);
  REQUIRE(s);
  const auto cs = comparators(*s);
  const Model& model = matchers::shipped_model();
  const link::Fit fit = fit_to_matches_alone(*s, cs);
  for (const std::uint32_t middle :
       {middle_missing, middle_initial, middle_same_initial, middle_far})
    for (const std::uint32_t first : {name_far, name_near})
      for (const std::uint32_t ssn : {ssn_missing, ssn_equal, ssn_far}) {
        const auto twin = fit.logit[0][pattern(
            cs[0], {first, middle, name_equal, date_equal, category_equal, ssn})];
        CHECK(link::probability_of(twin) < model.automatic);
      }
  const auto same = fit.logit[0][pattern(
      cs[0], {name_equal, middle_equal, name_equal, date_equal, category_equal, ssn_equal})];
  CHECK(link::probability_of(same) >= model.automatic);
}

TEST_CASE("twins: one word of a double given name in common waits for a person") {
  using namespace link::level;
  const auto plain = schema::load("default");
  const auto s = schema::with_ssn(*plain);
  REQUIRE(s);
  const auto cs = comparators(*s);
  const Model& model = matchers::shipped_model();
  const link::Fit fit = fit_to_matches_alone(*s, cs);
  const auto probability = [&](std::uint32_t middle, std::uint32_t ssn) {
    return link::probability_of(fit.logit[0][pattern(
        cs[0], {name_part, middle, name_equal, date_equal, category_equal, ssn})]);
  };
  for (const std::uint32_t middle : {middle_missing, middle_same_initial, middle_far})
    for (const std::uint32_t ssn : {ssn_missing, ssn_far}) {
      CHECK(probability(middle, ssn) < model.automatic);
      CHECK(probability(middle, ssn) >= model.review);  // held, not thrown away
    }
  CHECK(probability(middle_equal, ssn_missing) >= model.automatic);
  CHECK(probability(middle_initial, ssn_missing) >= model.automatic);
  CHECK(probability(middle_missing, ssn_equal) >= model.automatic);
}

TEST_CASE("inside a file a family of twins is no reason to think names careless") {
  using namespace link::level;
  const auto s = schema::load("high-recall");
  REQUIRE(s);
  const auto cs = comparators(*s);
  auto counted = counts(*s, cs, {4000, 0, 800});
  std::vector<std::uint32_t> twin;
  for (std::size_t p = 0; p < cs.size(); ++p) {
    twin.push_back(pattern(cs[p], {name_far, middle_missing, name_equal, date_equal, 0}));
    if (s->passes[p].name == "names") continue;  // their names do not meet
    counted[p].pairs[twin[p]] += 150;
    counted[p].compared += 150;
  }
  const auto matcher = matchers::fellegi_sunter(matchers::shipped_model());
  const auto fit =
      matcher->fit(*s, cs, counted, {.records = 9000, .possible_matches = 36000, .within = true});
  REQUIRE(fit);
  for (std::size_t p = 0; p < cs.size(); ++p) {
    CAPTURE(s->passes[p].name);
    CHECK(link::probability_of(fit->logit[p][twin[p]]) < 0.9);
  }
}

TEST_CASE("inside a file twins whose numbers were issued together are two") {
  using namespace link::level;
  const auto plain = schema::load("high-recall");
  REQUIRE(plain);
  const auto s = schema::with_number(*plain, 9);
  REQUIRE(s);
  const auto cs = comparators(*s);
  auto counted = counts(*s, cs, {4000, 0, 800});
  const auto matcher = matchers::fellegi_sunter(matchers::shipped_model());
  std::size_t judged = 0;
  for (std::size_t p = 0; p < cs.size(); ++p) {
    if (!matchers::asks_no_given_name(*s, s->passes[p])) continue;
    std::vector<std::uint32_t> levels;
    for (const link::Digit& d : cs[p].digits()) {
      using schema::Kind;
      levels.push_back(d.kind == Kind::given_name    ? std::uint32_t{name_far}
                       : d.kind == Kind::middle_name ? std::uint32_t{middle_missing}
                       : d.kind == Kind::number      ? std::uint32_t{number_close}
                       : d.kind == Kind::category    ? std::uint32_t{category_missing}
                                                     : 1);
    }
    const std::uint32_t twin = pattern(cs[p], levels);
    counted[p].pairs[twin] += 60;
    counted[p].compared += 60;
    const auto fit =
        matcher->fit(*s, cs, counted, {.records = 9000, .possible_matches = 36000, .within = true});
    REQUIRE(fit);
    CAPTURE(s->passes[p].name);
    CHECK(link::probability_of(fit->logit[p][twin]) < 0.9);
    ++judged;
  }
  CHECK(judged > 0);
}

TEST_CASE("a roster that exchanges names makes no person of two namesakes") {
  using namespace link::level;
  const auto s = schema::load("high-recall");
  REQUIRE(s);
  const auto cs = comparators(*s);
  auto counted = counts(*s, cs, {4000, 0, 800});
  const auto given = [](std::uint32_t first, std::uint32_t last, std::uint32_t born) {
    return std::vector<std::uint32_t>{first, middle_missing, last, born, 0};
  };
  for (std::size_t p = 0; p < cs.size(); ++p) {
    counted[p].pairs[pattern(cs[p], given(name_swapped, name_swapped, date_equal))] += 800;
    counted[p].compared += 800;
  }
  const auto matcher = matchers::fellegi_sunter(matchers::shipped_model());
  const auto fit = matcher->fit(*s, cs, counted, {.records = 12000, .possible_matches = 6000});
  REQUIRE(fit);
  const auto names = static_cast<std::size_t>(
      std::ranges::find(s->passes, "names", &schema::Pass::name) - s->passes.begin());
  REQUIRE(names < cs.size());
  const auto logit = [&](std::uint32_t first, std::uint32_t last) {
    return fit->logit[names][pattern(cs[names], given(first, last, date_two_digits))];
  };
  // That names were exchanged is no better a sign than that they are equal.
  CHECK(logit(name_swapped, name_swapped) <= logit(name_equal, name_equal) + 10);
}

TEST_CASE("namesakes have their names exchanged as often as anybody") {
  using namespace link::level;
  matchers::Levels l{
      {0, .8, 0, 0, 0, 0, .1, .1}, {0, .1, 0, 0, 0, 0, .9, 0}, {0, .5, 0, 0, 0, 0, .3, .2}};
  matchers::exchange_names(l);
  CHECK(l.relative[name_swapped] == doctest::Approx(.01));
  CHECK(l.relative[name_equal] == doctest::Approx(.099));
  CHECK(l.stranger[name_swapped] == .2);  // more than that already
  double sum = 0;
  for (const double p : l.relative) sum += p;
  CHECK(sum == doctest::Approx(1));
}

TEST_CASE("a fit that turns the labels round is rejected, and said so") {
  const auto s = schema::load("default");
  REQUIRE(s);
  const auto cs = comparators(*s);
  // A model that takes equal sexes for a sign of strangers: whatever the data say, m(equal) <
  // u(equal).
  Model turned = matchers::shipped_model();
  for (auto& [name, l] : turned.levels)
    if (name.find("category") != std::string::npos) {
      l.match = {0, 0.2, 0.8};
      l.stranger = {0, 0.9, 0.1};
    }
  std::vector<link::PassCounts> few;
  for (const Comparator& c : cs) {
    link::PassCounts n;
    n.pairs.assign(c.patterns(), 0);
    n.pairs[pattern(c, {1, 1, 1, 1, 2})] = 40;
    n.compared = 40;
    few.push_back(n);
  }
  const auto fit = matchers::fellegi_sunter(turned)->fit(*s, cs, few, {80, 80});
  REQUIRE(fit);
  CHECK(fit->notes.size() == cs.size());
  CHECK(fit->notes[0].find("contradicts") != std::string::npos);
  CHECK(fit->notes[0].find(s->passes[0].name) != std::string::npos);
}

// What a million newcomers met in a synthetic state of four million, on one day of birth and by
// first names that sound alike, middle names left out; strangers, whose last names are not equal,
// `times` as often. Those of one first name are of one sex, and others are not: more often together
// than tables that know of no dependence can have it.
link::PassCounts newcomers(const Comparator& c, double times) {
  using namespace link::level;
  struct Met {
    std::uint32_t first, last, sex;
    double pairs;
  };
  constexpr std::array<Met, 17> kMet{{{name_far, name_far, category_equal, 2079720},
                                      {name_equal, name_far, category_equal, 1495260},
                                      {name_far, name_far, category_far, 1032601},
                                      {name_equal, name_far, category_far, 44207},
                                      {name_far, name_far, category_missing, 25124},
                                      {name_equal, name_equal, category_equal, 12755},
                                      {name_equal, name_far, category_missing, 12143},
                                      {name_far, name_equal, category_equal, 2970},
                                      {name_far, name_equal, category_far, 855},
                                      {name_far, 0, category_equal, 456},
                                      {name_equal, 0, category_equal, 324},
                                      {name_far, 0, category_far, 201},
                                      {name_equal, name_equal, category_far, 163},
                                      {name_equal, name_equal, category_missing, 124},
                                      {name_far, name_equal, category_missing, 31},
                                      {name_equal, 0, category_far, 8},
                                      {name_far, 0, category_missing, 6}}};
  link::PassCounts out;
  out.pairs.assign(c.patterns(), 0);
  for (const Met& m : kMet) {
    const auto n = static_cast<std::uint64_t>(m.pairs * (m.last == name_equal ? 1 : times));
    out.pairs[pattern(c, {m.first, middle_missing, m.last, date_equal, m.sex})] += n;
    out.compared += n;
  }
  return out;
}

TEST_CASE("strangers of one first name are no matches, however many of them there are") {
  using namespace link::level;
  const auto s = schema::load("default");
  REQUIRE(s);
  const auto cs = comparators(*s);
  const auto pass = static_cast<std::size_t>(
      std::ranges::find(s->passes, "dob_first", &schema::Pass::name) - s->passes.begin());
  REQUIRE(pass < cs.size());
  const auto matcher = matchers::fellegi_sunter(matchers::shipped_model());
  for (const double times : {0.01, 0.1, 1.0, 10.0, 100.0}) {
    CAPTURE(times);
    auto counted = counts(*s, cs, {5000, 100, 20000});
    counted[pass] = newcomers(cs[pass], times);
    const auto fit = matcher->fit(*s, cs, counted, {1000000, 4000000});
    REQUIRE(fit);
    CHECK(fit->expected_matches[pass] == doctest::Approx(12755).epsilon(0.2));
    const auto logit = [&](std::uint32_t last) {
      return fit->logit[pass][pattern(cs[pass], {name_equal, middle_missing, last, date_equal, 1})];
    };
    CHECK(link::probability_of(logit(name_far)) < 0.01);
    CHECK(link::probability_of(logit(name_equal)) > 0.8);
  }
}

TEST_CASE("patterns that were met score alike whether all are asked for or they alone") {
  const auto s = schema::load("default");
  REQUIRE(s);
  const auto cs = comparators(*s);
  const auto counted = counts(*s, cs, {40, 5, 200});
  const auto matcher = matchers::fellegi_sunter(matchers::shipped_model());
  link::RunSize size{300, 100};
  const auto all = matcher->fit(*s, cs, counted, size);
  size.met_only = true;
  const auto met = matcher->fit(*s, cs, counted, size);
  REQUIRE(all);
  REQUIRE(met);
  std::size_t left_out = 0;
  for (std::size_t p = 0; p < cs.size(); ++p)
    for (std::uint32_t g = 0; g < cs[p].patterns(); ++g)
      if (counted[p].pairs[g] > 0)
        REQUIRE(met->logit[p][g] == all->logit[p][g]);
      else
        left_out += met->logit[p][g] == -link::kSurest ? 1 : 0;
  CHECK(left_out > 1000);
}

TEST_CASE("logits are clamped and finite, whatever was counted") {
  const auto s = schema::load("default");
  REQUIRE(s);
  const auto cs = comparators(*s);
  std::vector<link::PassCounts> none;
  for (const Comparator& c : cs) {
    none.emplace_back();
    none.back().pairs.assign(c.patterns(), 0);
  }
  const auto fit = matchers::fellegi_sunter(matchers::shipped_model())->fit(*s, cs, none, {});
  REQUIRE(fit);
  for (std::size_t p = 0; p < cs.size(); ++p) {
    CHECK(fit->expected_matches[p] == 0);
    for (const auto l : fit->logit[p]) CHECK(std::abs(l) <= link::kSurest);
  }
}

TEST_CASE("a model without a table of a field's kind is refused by name") {
  const auto s = schema::load("default");
  REQUIRE(s);
  const auto cs = comparators(*s);
  Model poor = matchers::shipped_model();
  poor.name = "poor";
  std::erase_if(poor.levels,
                [](const auto& e) { return e.first.find("category") != std::string::npos; });
  const auto fit =
      matchers::fellegi_sunter(poor)->fit(*s, cs, counts(*s, cs, {10, 0, 10}), {20, 20});
  REQUIRE(!fit);
  CHECK(fit.error().what.find("'poor'") != std::string::npos);
  CHECK(fit.error().what.find("category") != std::string::npos);
}

}  // namespace fellegi_sunter_test
