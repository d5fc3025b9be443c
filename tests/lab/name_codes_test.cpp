// The codes of names against the encoder's own keys and against counting draws.
#include "engine/lab/name_codes.h"

#include <cmath>
#include <set>

#include "tests/lab/small_people.h"

namespace tessera::lab {
namespace {

std::uint32_t item_of(const std::string& plain) {
  for (std::uint32_t i = 0; i < small_tables().size(); ++i)
    if (small_tables().name(i).plain == plain) return i;
  FAIL("no such name: " << plain);
  return kNoName;
}

}  // namespace

TEST_CASE("the book numbers codes as they come, each once") {
  CodeBook book;
  CHECK(book.number_of("b") == 0);
  CHECK(book.number_of("a") == 1);
  CHECK(book.number_of("b") == 0);
  CHECK(book.number_of("") == 2);
  CHECK(book.size() == 3);
}

TEST_CASE("names that sound alike share a code, others do not") {
  const schema::Schema s = with_keys({{"phonetic(last)"}});
  CodeBook book;
  const NameCodes codes(s, s.passes[0].key, 12, small_people(), book);
  const auto of = [&](const char* name) {
    return codes.codes_of(NameItems{item_of(name), kNoName});
  };
  CHECK_FALSE(of("Smith").empty());
  CHECK(of("Smith") == of("Smith"));
  CHECK(of("Smith") != of("Garcia"));
  CHECK(of("Garcia") != of("Lopez"));
}

TEST_CASE("a name in two parts has the codes of each part, up to the cap") {
  const schema::Schema s = with_keys({{"phonetic(last)"}});
  CodeBook book;
  const NameCodes codes(s, s.passes[0].key, 12, small_people(), book);
  const NameItems both{item_of("Garcia"), item_of("Lopez")};
  const NameCodes::Codes two = codes.codes_of(both);
  const std::set<std::uint32_t> met(two.begin(), two.end());
  for (const char* part : {"Garcia", "Lopez"})
    for (const std::uint32_t c : codes.codes_of(NameItems{item_of(part), kNoName}))
      CHECK(met.contains(c));
  CodeBook small;
  const NameCodes capped(s, s.passes[0].key, 1, small_people(), small);
  CHECK(capped.codes_of(both).size() == 1);
}

TEST_CASE("rows are the shares that counting people gives") {
  for (const char* key : {"phonetic(last)", "phonetic(first)", "initial(first)"}) {
    CAPTURE(key);
    const schema::Schema s = with_keys({{key}});
    CodeBook book;
    NameCodes codes(s, s.passes[0].key, 12, small_people(), book);
    codes.count(3);
    REQUIRE(codes.rows().size() == small_people().periods() * kEthnicities);
    std::vector<std::vector<double>> counted(codes.rows().size(), std::vector<double>(book.size()));
    std::vector<double> people(codes.rows().size());
    Splitmix random(11, 5);
    for (int i = 0; i < 60000; ++i) {
      const PublicPerson p = small_people().draw(random);
      const std::size_t row = small_people().period(p.day) * kEthnicities + p.ethnicity;
      people[row] += 1;
      for (const std::uint32_t c : codes.codes_of(p)) {
        REQUIRE(c < book.size());
        counted[row][c] += 1;
      }
    }
    for (std::size_t row = 0; row < counted.size(); ++row) {
      REQUIRE(codes.rows()[row].size() == book.size());
      for (std::size_t c = 0; c < book.size(); ++c)
        CHECK(std::abs(counted[row][c] / people[row] - codes.rows()[row][c]) <
              4 * 0.5 / std::sqrt(people[row]) + 0.002);
    }
  }
}

TEST_CASE("surnames are the same in every period, and a seed is a count") {
  const schema::Schema s = with_keys({{"phonetic(last)"}});
  CodeBook a, b;
  NameCodes one(s, s.passes[0].key, 12, small_people(), a);
  NameCodes two(s, s.passes[0].key, 12, small_people(), b);
  one.count(3);
  two.count(3);
  CHECK(one.rows() == two.rows());
  for (std::size_t e = 0; e < kEthnicities; ++e)
    CHECK(one.rows()[e] == one.rows()[kEthnicities + e]);
}

}  // namespace tessera::lab
