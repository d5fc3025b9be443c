#include "engine/encode/decoys.h"

#include <map>
#include <set>

#include <doctest/doctest.h>

#include "engine/encode/encoder.h"
#include "engine/schema/variants.h"
#include "tests/reference/people.h"

namespace decoys_test {

using namespace tessera;

namespace {

Secret<32> secret_of(std::uint8_t seed) {
  Secret<32> out;
  for (auto& b : out.fill()) b = seed = static_cast<std::uint8_t>(seed * 5 + 3);
  return out;
}

std::string told(const record::Fields& f) {
  std::string out;
  for (const record::Value& v : f.values) {
    out += v.text + "/" + (v.names.empty() ? "" : v.names[0].whole) + "/";
    out += std::to_string(v.date.year * 10000 + v.date.month * 100 + v.date.day) + ",";
  }
  return out;
}

std::vector<record::Fields> roster_of(const schema::Schema& schema, int people) {
  Splitmix random(3);
  std::vector<reference::Person> out;
  for (int i = 0; i < people; ++i)
    out.push_back(reference::draw_person(random, "p" + std::to_string(i)));
  for (reference::Person& p : out) p.ssn = "212345678";
  return reference::roster(schema, out);
}

}  // namespace

TEST_CASE("decoys are made of the roster's values, are nobody in it, and have numbers as often") {
  const schema::Schema schema = *schema::with_ssn(*schema::load("default"));
  auto roster = roster_of(schema, 200);
  const std::size_t ssn = *schema.field(schema::Kind::ssn);
  for (std::size_t i = 0; i < roster.size(); ++i) {
    const bool has = i % 2 == 0;
    if (!has) roster[i].values[ssn].text.clear();
    roster[i].ssn_state = has ? encoded::SsnState::provided : encoded::SsnState::declined;
  }
  const auto made = encode::decoys(schema, roster, 40, secret_of(1));
  REQUIRE(made.size() == 40);
  std::set<std::string> real, ids;
  for (const record::Fields& p : roster) real.insert(told(p));
  int provided = 0;
  const std::size_t date = *schema.field(schema::Kind::date);
  std::set<std::uint32_t> dates;
  const auto day = [&](const record::Fields& f) {
    const record::Date& d = f.values[date].date;
    return d.year * 10000U + d.month * 100U + d.day;
  };
  for (const record::Fields& p : roster) dates.insert(day(p));
  for (const record::Fields& d : made) {
    CHECK_FALSE(real.contains(told(d)));
    CHECK(dates.contains(day(d)));
    const bool has = d.ssn_state == encoded::SsnState::provided;
    CHECK(d.values[ssn].text.size() == (has ? 9 : 0));
    CHECK(d.values[ssn].text != "212345678");
    provided += has;
    CHECK(encode::is_decoy(d.local_id));
    CHECK(ids.insert(d.local_id).second);
  }
  CHECK(provided > 8);
  CHECK(provided < 32);
  for (const record::Fields& p : roster) CHECK_FALSE(encode::is_decoy(p.local_id));
}

TEST_CASE("the same roster and secret make the same decoys; another secret makes others") {
  const schema::Schema schema = *schema::load("default");
  const auto roster = roster_of(schema, 100);
  const auto one = encode::decoys(schema, roster, 20, secret_of(1));
  const auto again = encode::decoys(schema, roster, 20, secret_of(1));
  const auto other = encode::decoys(schema, roster, 20, secret_of(2));
  std::size_t same = 0;
  for (std::size_t i = 0; i < 20; ++i) {
    CHECK(told(one[i]) == told(again[i]));
    same += told(one[i]) == told(other[i]) ? 1 : 0;
  }
  CHECK(same < 3);
}

// Whoever compares two runs of an owner sees record keys: decoys must stay as people do.
TEST_CASE("a roster that changed a little keeps most decoys, and a kept one keeps its values") {
  const schema::Schema schema = *schema::load("default");
  const auto roster = roster_of(schema, 400);
  auto later = roster;
  later.erase(later.begin() + 17, later.begin() + 21);
  std::map<std::string, std::string> before;
  for (const record::Fields& d : encode::decoys(schema, roster, 80, secret_of(1)))
    before[d.local_id] = told(d);
  std::size_t kept = 0;
  for (const record::Fields& d : encode::decoys(schema, later, 80, secret_of(1)))
    if (const auto known = before.find(d.local_id); known != before.end()) {
      ++kept;
      CHECK(known->second == told(d));
    }
  CHECK(kept > 68);
  CHECK(kept < 80);
}

TEST_CASE("two people are enough for decoys, and none is one of the two") {
  const schema::Schema schema = *schema::load("default");
  auto two = roster_of(schema, 2);
  two[1].values[*schema.field(schema::Kind::surname)].names[0].whole = "OTHER";
  const auto made = encode::decoys(schema, two, 10, secret_of(1));
  for (const record::Fields& d : made)
    for (const record::Fields& p : two) CHECK(told(d) != told(p));
}

}  // namespace decoys_test
