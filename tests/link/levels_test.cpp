#include "engine/link/levels.h"

#include <algorithm>
#include <map>

#include <doctest/doctest.h>

#include "engine/schema/variants.h"
#include "tests/link/submissions.h"

using namespace tessera;
using block::Entry;
using link::Comparator;
using reference::Person;
using namespace link::level;

namespace {

// The default schema, but that the third pass asks for the year of birth alone: dates may differ
// there in more ways.
schema::Schema with_ssn() {
  auto s = schema::with_ssn(*schema::load("default"));
  REQUIRE(s);
  s->passes[2].key.pop_back();
  return *std::move(s);
}

// Two people in one pass: the levels of the first pair of entries that share a tag; empty if none.
struct Levels {
  std::vector<std::uint32_t> of_digit;  // first, middle, last, dob, sex, ssn
  std::uint32_t operator[](std::size_t d) const { return of_digit.at(d); }
};

Levels compare(const Person& a, const Person& b, std::size_t pass = 0, bool tokens = true) {
  static const schema::Schema s = with_ssn();
  const encode::Encoded x = test::encode_people(s, {a}, "north");
  const encode::Encoded y = test::encode_people(s, {b}, "south");
  const Comparator comparator(s, pass, tokens);
  auto entry = [&](const encoded::PassColumns& c, std::size_t i) {
    return Entry{0, c.presence[i], c.ssn_tokens[i], c.bits.data() + i * c.stride};
  };
  const auto& l = x.passes[pass];
  const auto& r = y.passes[pass];
  for (std::size_t i = 0; i < l.tags.size(); ++i)
    for (std::size_t j = 0; j < r.tags.size(); ++j) {
      if (l.tags[i] != r.tags[j]) continue;
      const std::uint32_t pattern = comparator.compare(entry(l, i), entry(r, j));
      CHECK(pattern == comparator.compare(entry(r, j), entry(l, i)));
      CHECK(pattern < comparator.patterns());
      Levels out;
      for (std::size_t d = 0; d < comparator.digits().size(); ++d)
        out.of_digit.push_back(comparator.level(pattern, d));
      return out;
    }
  return {};
}

const Person kMaria{"1", "MARIA", "ROSE", "GARCIA", "2010-03-07", "F", "123456789", ""};

// Maria with one value changed.
template <class Change>
Person maria(Change change) {
  Person p = kMaria;
  change(p);
  return p;
}

constexpr std::size_t kYearPass = 2;  // the unordered pair of names and the birth year
constexpr std::size_t kDayPass = 3;   // the same and the order-free day

}  // namespace

TEST_CASE("the same values are equal in every field and every pass") {
  for (std::size_t p = 0; p < with_ssn().passes.size(); ++p) {
    CAPTURE(p);
    CHECK(compare(kMaria, kMaria, p).of_digit ==
          std::vector<std::uint32_t>{name_equal, middle_equal, name_equal, date_equal,
                                     category_equal, ssn_equal});
  }
}

TEST_CASE("names by how much they share") {
  auto first = [](const char* a, const char* b) {
    return compare(maria([&](Person& p) { p.first = a; }),
                   maria([&](Person& p) { p.first = b; }))[0];
  };
  CHECK(first("ALEXANDRIA", "ALEXANDRA") == name_close);    // 9 of 11 bigrams shared
  CHECK(first("CHRISTOPHER", "CHRISTOFER") == name_close);  // 9 of 12: 0.75
  CHECK(first("CATHERINE", "KATHERINE") == name_close);     // 8 of 10
  const auto mid = first("KATHERINE", "CATHARINE");         // 6 of 10
  CHECK(mid == name_similar);
  CHECK(first("MARIA", "OLIVER") == name_far);
  CHECK(first("MARIA", "") == name_missing);
  auto last = [](const char* name) {
    return compare(kMaria, maria([&](Person& p) { p.last = name; }), 1)[2];
  };
  CHECK(last("GARCIA") == name_equal);
  CHECK(
      (last("GARCIAS") == name_close || last("GARCIAS") == name_similar));  // 6 of 8: near the edge
  CHECK(last("NGUYEN") == name_far);
  CHECK(last("") == name_missing);
}

TEST_CASE("parts of a name are seen where the whole is far") {
  auto last = [](const char* a, const char* b) {
    return compare(maria([&](Person& p) { p.last = a; }), maria([&](Person& p) { p.last = b; }),
                   1)[2];
  };
  CHECK(last("GARCIA FERNANDEZ", "FERNANDEZ") == name_part);
  CHECK(last("GARCIA FERNANDEZ", "GARCIA") == name_part);
  CHECK(last("GARCIA FERNANDEZ", "FERNANDEZ GARCIA") <= name_part);
  CHECK(last("GARCIA FERNANDEZ", "SMITH") == name_far);
  // Single names: no second part on either side, and that is no agreement.
  CHECK(last("GARCIA", "SMITH") == name_far);
}

TEST_CASE("middle names: whole, initial, other") {
  auto middle = [](const char* a, const char* b) {
    return compare(maria([&](Person& p) { p.middle = a; }),
                   maria([&](Person& p) { p.middle = b; }))[1];
  };
  CHECK(middle("ROSE", "ROSE") == middle_equal);
  CHECK(middle("ROSALIND", "ROSALINDA") == middle_close);
  CHECK(middle("ROSE", "R") == middle_initial);
  CHECK(middle("R", "R") == middle_initial);
  CHECK(middle("ROSE", "RUTH") == middle_same_initial);
  CHECK(middle("ROSE", "ANN") == middle_far);
  CHECK(middle("ROSE", "A") == middle_far);
  CHECK(middle("ROSE", "") == middle_missing);
  CHECK(middle("", "") == middle_missing);
}

TEST_CASE("dates: equal, swapped, a digit, a part, more") {
  auto by_year = [](const char* dob) {
    return compare(kMaria, maria([&](Person& p) { p.dob = dob; }), kYearPass)[3];
  };
  auto by_day = [](const char* dob) {
    return compare(kMaria, maria([&](Person& p) { p.dob = dob; }), kDayPass)[3];
  };
  CHECK(by_year("2010-03-07") == date_equal);
  CHECK(by_year("2010-07-03") == date_swapped);
  CHECK(by_day("2010-07-03") == date_swapped);
  CHECK(by_year("2010-04-07") == date_one_digit);  // the month is one code
  CHECK(by_year("2010-03-08") == date_one_digit);
  CHECK(by_year("2010-03-17") == date_one_digit);
  CHECK(by_year("2010-03-18") == date_one_part);
  CHECK(by_year("2010-04-08") == date_two_digits);
  CHECK(by_year("2010-11-28") == date_far);
  CHECK(by_day("2011-03-07") == date_one_digit);
  CHECK(by_day("1999-03-07") == date_one_part);
  CHECK(by_year("2010") == date_year_only);
}

TEST_CASE("names in each other's place are seen as swapped") {
  const Person turned = maria([](Person& p) { std::swap(p.first, p.last); });
  for (const std::size_t pass : {kYearPass, kDayPass}) {
    const Levels l = compare(kMaria, turned, pass);
    CHECK(l[0] == name_swapped);
    CHECK(l[2] == name_swapped);
    CHECK(l[3] == date_equal);
  }
}

TEST_CASE("categories and the SSN token") {
  CHECK(compare(kMaria, maria([](Person& p) { p.sex = "M"; }))[4] == category_far);
  CHECK(compare(kMaria, maria([](Person& p) { p.sex = ""; }))[4] == category_missing);
  CHECK(compare(kMaria, maria([](Person& p) { p.ssn = "123456780"; }))[5] == ssn_far);
  CHECK(compare(kMaria, maria([](Person& p) { p.ssn = ""; }))[5] ==
        ssn_far);                                              // declining leaves no mark
  CHECK(compare(kMaria, kMaria, 0, false)[5] == ssn_missing);  // after a purge
}

TEST_CASE("a former surname meets, and shows as it is") {
  const Person married = maria([](Person& p) {
    p.last = "MILLER";
    p.former = "GARCIA";
  });
  const Levels l = compare(kMaria, married, 0);
  CHECK(l[2] == name_equal);
  CHECK(l[0] == name_equal);
}

TEST_CASE("a pattern's digits give back its levels") {
  const schema::Schema s = with_ssn();
  for (std::size_t p = 0; p < s.passes.size(); ++p) {
    const Comparator c(s, p, true);
    std::uint32_t product = 1;
    for (const link::Digit& d : c.digits()) {
      CHECK(d.factor == product);
      CHECK(d.levels == link::level_names(d.kind).size());
      product *= d.levels;
    }
    CHECK(product * Comparator::kStrata == c.patterns());
    for (std::uint32_t g = 0; g < c.patterns(); g += 17) {
      std::uint32_t again = c.stratum(g) * product;
      for (std::size_t d = 0; d < c.digits().size(); ++d)
        again += c.level(g, d) * c.digits()[d].factor;
      CHECK(again == g);
    }
  }
}

TEST_CASE("a block's candidates choose the stratum and touch no level") {
  const schema::Schema s = with_ssn();
  const Comparator c(s, 0, true);
  const std::vector<std::pair<std::size_t, std::string>> wanted{
      {0, "1"},    {1, "1"},      {2, "2"},      {3, "3-4"},    {4, "3-4"},  {5, "5-8"},
      {9, "9-16"}, {32, "17-32"}, {33, "33-64"}, {64, "33-64"}, {65, "65+"}, {100000, "65+"}};
  for (const auto& [candidates, name] : wanted) {
    const std::uint32_t g = 7 + c.in_block(candidates);
    CHECK(Comparator::stratum_name(c.stratum(g)) == name);
    for (std::size_t d = 0; d < c.digits().size(); ++d) CHECK(c.level(g, d) == c.level(7, d));
    CHECK(g < c.patterns());
  }
}

TEST_CASE("comparing is symmetric on random rows, and equal rows are equal or missing") {
  Splitmix random(12);
  const schema::Schema s = with_ssn();
  std::vector<Person> people;
  for (int i = 0; i < 60; ++i) {
    people.push_back(reference::draw_person(random, std::to_string(i)));
    people.push_back(reference::copy_of(people.back(), random, std::to_string(1000 + i)));
  }
  const encode::Encoded e = test::encode_people(s, people, "north");
  for (std::size_t p = 0; p < s.passes.size(); ++p) {
    const Comparator c(s, p, true);
    const encoded::PassColumns& v = e.passes[p];
    auto entry = [&](std::size_t i) {
      return Entry{0, v.presence[i], v.ssn_tokens[i], v.bits.data() + i * v.stride};
    };
    for (std::size_t i = 0; i < v.tags.size(); ++i) {
      for (std::size_t j = i % 7; j < v.tags.size();
           j += 7)  // rows of other keys are noise to each other
        CHECK(c.compare(entry(i), entry(j)) == c.compare(entry(j), entry(i)));
      const std::uint32_t self = c.compare(entry(i), entry(i));
      for (std::size_t d = 0; d < c.digits().size(); ++d) {
        const auto l = c.level(self, d);
        const auto kind = c.digits()[d].kind;
        CHECK((l <= 1 || (kind == schema::Kind::date && l == date_year_only) ||
               (kind == schema::Kind::middle_name && l == middle_initial)));
      }
    }
  }
}

TEST_CASE("level names are the model's words: missing first, each once") {
  for (int k = 0; k <= static_cast<int>(schema::Kind::ssn); ++k) {
    const auto names = link::level_names(static_cast<schema::Kind>(k));
    REQUIRE(names.size() >= 3);
    CHECK(names[0] == "missing");
    CHECK(names[1] == "equal");
    std::map<std::string_view, int> seen;
    for (const auto n : names) CHECK(++seen[n] == 1);
  }
}
