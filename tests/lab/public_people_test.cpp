// The public population: its calendar, its shares, and draws that follow them.
#include "engine/lab/public_people.h"

#include <cmath>
#include <map>

#include "tests/lab/small_people.h"

namespace tessera::lab {

TEST_CASE("a day for each of the birth years, leap days too, in order") {
  const PublicPeople& people = small_people();
  // Six years up to 2013: 2008 and 2012 are leap years.
  REQUIRE(PublicPeople::kLastBirthYear == 2013);
  CHECK(people.days() == 6 * 365 + 2);
  CHECK(people.date(0) == BirthDate{2008, 1, 1});
  CHECK(people.date(59) == BirthDate{2008, 2, 29});
  CHECK(people.date(people.days() - 1) == BirthDate{2013, 12, 31});
  for (std::size_t day = 1; day < people.days(); ++day)
    CHECK(people.date(day - 1) < people.date(day));
}

TEST_CASE("periods change where the given names do") {
  const PublicPeople& people = small_people();
  CHECK(people.periods() == 2);
  for (std::size_t day = 0; day < people.days(); ++day)
    CHECK(people.period(day) == (people.date(day).year < 2010 ? 0 : 1));
  CHECK(PublicPeople(small_tables(), Rates{}, 1).periods() == 1);
}

TEST_CASE("shares of ethnicities and of names sum to 1") {
  const PublicPeople& people = small_people();
  double all = 0;
  for (std::size_t e = 0; e < kEthnicities; ++e) {
    all += people.share(e);
    double surnames = 0;
    people.each_surname(e, [&](std::uint32_t, double share) { surnames += share; });
    CHECK(surnames == doctest::Approx(1));
    for (std::size_t p = 0; p < people.periods(); ++p) {
      double given = 0;
      people.each_given(p, e, [&](std::uint32_t, double share) { given += share; });
      CHECK(given == doctest::Approx(1));
    }
  }
  CHECK(all == doctest::Approx(1));
  CHECK(people.two_surnames(static_cast<std::size_t>(Ethnicity::hispanic)) ==
        Rates{}.hispanic_double);
  CHECK(people.two_surnames(static_cast<std::size_t>(Ethnicity::white)) == Rates{}.other_double);
  CHECK(people.two_given() == Rates{}.two_part_first);
}

TEST_CASE("draws follow the shares they were told") {
  const PublicPeople& people = small_people();
  constexpr std::size_t kHispanic = static_cast<std::size_t>(Ethnicity::hispanic);
  std::map<std::uint32_t, double> expected_given, expected_surname, given, surname;
  people.each_given(1, kHispanic, [&](std::uint32_t i, double s) { expected_given[i] += s; });
  people.each_surname(kHispanic, [&](std::uint32_t i, double s) { expected_surname[i] += s; });
  constexpr int kDraws = 40000;
  Splitmix random(6);
  for (int i = 0; i < kDraws; ++i) {
    const NameItems g = people.draw_given(1, kHispanic, false, random);
    CHECK(g[1] == kNoName);
    given[g[0]] += 1.0 / kDraws;
    const NameItems two = people.draw_surname(kHispanic, true, random);
    REQUIRE(two[1] != kNoName);
    surname[two[0]] += 0.5 / kDraws;
    surname[two[1]] += 0.5 / kDraws;
  }
  for (const auto& [item, share] : expected_given) CHECK(std::abs(given[item] - share) < 0.015);
  for (const auto& [item, share] : expected_surname) CHECK(std::abs(surname[item] - share) < 0.015);
}

TEST_CASE("people come with the shares of the rates, and the same from the same stream") {
  const PublicPeople& people = small_people();
  std::array<double, kEthnicities> met{};
  double two_given = 0;
  double first_half = 0;
  constexpr int kDraws = 40000;
  Splitmix random(7);
  Splitmix again(7);
  for (int i = 0; i < kDraws; ++i) {
    const PublicPerson p = people.draw(random);
    const PublicPerson q = people.draw(again);
    CHECK(p.number == q.number);
    CHECK(p.surname == q.surname);
    REQUIRE(p.day < people.days());
    met[p.ethnicity] += 1.0 / kDraws;
    two_given += p.given[1] != kNoName ? 1.0 / kDraws : 0;
    first_half += p.day < people.days() / 2 ? 1.0 / kDraws : 0;
  }
  for (std::size_t e = 0; e < kEthnicities; ++e) CHECK(std::abs(met[e] - people.share(e)) < 0.015);
  CHECK(std::abs(two_given - people.two_given()) < 0.005);
  CHECK(std::abs(first_half - 0.5) < 0.015);
}

}  // namespace tessera::lab
