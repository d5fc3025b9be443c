// The people of the synthetic state: ages, families, names, numbers.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "engine/lab/synth_noise.h"
#include "tests/lab/synth_fixture.h"

using namespace tessera;
using namespace tessera::lab;
using namespace tessera::lab::test;

TEST_CASE("a person depends on the seed and the index alone") {
  const People& people = big().state.people;
  const Person a = people.person(1234), b = people.person(1234);
  CHECK(a.first == b.first);
  CHECK(a.born == b.born);
  CHECK(a.ssn == b.ssn);
  Shape other = big_shape();
  other.seed = 12;
  const State second(tables(), other, 1.0, 0.5);
  int same = 0;
  for (std::uint32_t i = 0; i < 200; ++i)
    same += second.people.person(i).born == people.person(i).born;
  CHECK(same < 10);
}

TEST_CASE("born() is the birthday of person()") {
  const People& people = big().state.people;
  for (std::uint32_t i = 0; i < people.size(); i += 97)
    CHECK(people.born(i) == people.person(i).born);
}

TEST_CASE("twins share surname and birthday, never the first name") {
  const People& people = big().state.people;
  const Rates& rates = big().state.rates;
  std::size_t houses = 0, twins = 0, triplets = 0, several = 0, similar = 0;
  for (std::uint32_t i = 0; i < people.children();) {
    const Household house = people.household(i);
    REQUIRE(house.first == i);
    ++houses;
    twins += house.multiple && house.size == 2;
    triplets += house.multiple && house.size == 3;
    several += !house.multiple && house.size > 1;
    if (house.multiple) {
      const Person a = people.person(i), b = people.person(i + 1);
      CHECK(a.born == b.born);
      CHECK(a.household == b.household);
      if (a.first == a.last || b.first == b.last) {  // one legal name: nothing to tell apart
        i += house.size;
        continue;
      }
      CHECK(a.last == b.last);
      CHECK(a.first != b.first);
      const auto* list = tables().similar(b.sex == 'X' ? 'F' : b.sex, a.first);
      if (list != nullptr) similar += std::count(list->begin(), list->end(), b.first) > 0;
    }
    i += house.size;
  }
  CHECK(fits(double(twins), double(houses), rates.twin_household));
  CHECK(fits(double(triplets), double(houses), rates.triplet_household, 0.3));
  CHECK(fits(double(several), double(houses), rates.sibling_household));
  CHECK(similar > twins / 20);  // where the table knows similar names at all
}

TEST_CASE("students are 2 to 22 years old, in grades PK to 12 and on to 21") {
  const Big& b = big();
  std::set<int> grades;
  for (const Spell& s : b.spells) {
    if (b.state.lives.owners().of(s.owner).sector != Sector::student) continue;
    const BirthDate born = b.state.people.born(s.person);
    for (std::uint32_t tick = s.begin; tick < s.end; tick += b.state.shape.slots()) {
      const int year = static_cast<int>(tick / b.state.shape.slots());
      const int age = kFirstYear + year - born.year - (born.month > 10 ? 1 : 0);
      const bool ok = age >= 2 && age <= 22;
      REQUIRE(ok);
      grades.insert(grade_in(born, static_cast<std::uint32_t>(year)));
    }
  }
  for (int grade = -2; grade <= 16; ++grade) CHECK(grades.count(grade) == 1);
}

TEST_CASE("everybody's SSN is possible and their own") {
  std::set<std::uint32_t> seen;
  const People& people = big().state.people;
  for (std::uint32_t i = 0; i < people.size(); i += 3) {
    const Person p = people.person(i);
    if (p.ssn == 0) continue;
    const std::uint32_t area = p.ssn / 1000000;
    const bool possible =
        area != 0 && area != 666 && area < 900 && p.ssn / 10000 % 100 != 0 && p.ssn % 10000 != 0;
    CHECK(possible);
    CHECK(seen.insert(p.ssn).second);
    CHECK(p.ssn != p.parent_ssn);
  }
}

TEST_CASE("people have the shares of the table") {
  const People& people = big().state.people;
  const Rates& r = big().state.rates;
  double n = 0, hispanic = 0, hispanic_double = 0, no_middle = 0, x = 0, none = 0, male = 0,
         suffix = 0, one_name = 0, strangers = 0, only = 0, refugees = 0, accents = 0, two_part = 0;
  std::map<std::string, int> surnames;
  for (std::uint32_t i = 0; i < people.children(); ++i) {
    const Person p = people.person(i);
    ++n;
    hispanic += p.ethnicity == Ethnicity::hispanic;
    hispanic_double += p.ethnicity == Ethnicity::hispanic && p.compound;
    no_middle += p.middle.empty();
    x += p.sex == 'X';
    none += p.ssn == 0;
    male += p.sex == 'M';
    suffix += !p.suffix.empty();
    one_name += p.first == p.last;
    only += p.siblings == 1;
    strangers += p.stranger;
    refugees += p.origin == Origin::refugee;
    if (p.origin == Origin::refugee && !p.stranger)
      CHECK(std::pair(p.born.month, p.born.day) == std::pair(1, 1));
    accents += without_accents(p.last) != p.last;
    two_part += p.first.find(' ') != std::string::npos;
    ++surnames[folded(p.last)];
  }
  CHECK(fits(hispanic, n, r.hispanic));
  CHECK(fits(hispanic_double, hispanic, r.hispanic_double));
  CHECK(fits(no_middle, n, r.no_middle + r.one_name));
  CHECK(fits(x, n, r.sex_x));
  CHECK(fits(none, n, r.no_ssn + r.international));
  CHECK(fits(suffix, male, r.suffix));
  CHECK(fits(one_name, n, r.one_name, 0.3));
  CHECK(fits(strangers, only, r.stranger, 0.3));
  CHECK(fits(refugees, n, r.refugee, 0.3));
  CHECK(accents > n * 0.02);
  CHECK(two_part > n * 0.01);
  int most = 0;
  for (const auto& [name, count] : surnames) most = std::max(most, count);
  CHECK(most > n * 0.005);
  CHECK(most < n * 0.015);
}

TEST_CASE("a stranger shares names and birthday with somebody of another household") {
  const People& people = big().state.people;
  std::map<std::tuple<std::string, std::string, BirthDate>, std::vector<std::uint32_t>> seen;
  std::vector<Person> strangers;
  for (std::uint32_t i = 0; i < people.children(); ++i) {
    const Person p = people.person(i);
    seen[{p.first, p.last, p.born}].push_back(i);
    if (p.stranger) strangers.push_back(p);
  }
  REQUIRE(strangers.size() > 10);
  std::size_t met = 0;
  for (const Person& p : strangers) met += seen[{p.first, p.last, p.born}].size() >= 2;
  CHECK(met + 1 >= strangers.size());  // the other may have one legal name, written twice
}
