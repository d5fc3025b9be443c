#include "engine/attack/malicious.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "tests/attack/attack_fixture.h"
#include "tests/ledger/scratch.h"

namespace tessera::attack {
namespace {

using record::Fields;

StateOffice office_in(const tessera::test::Scratch& folder) {
  auto made = StateOffice::open(folder / "", test::usual(), 7);
  REQUIRE(made.has_value());
  return *std::move(made);
}

Batch sent(StateOffice& office, const std::string& owner, std::span<const Fields> people) {
  Silent silent;
  auto batch = office.assign(owner, people, silent);
  REQUIRE(batch.has_value());
  return *std::move(batch);
}

TEST_CASE("the office answers as assign and locate do, and tells a former owner of a claim") {
  const tessera::test::Scratch folder;
  StateOffice office = office_in(folder);
  const auto people = test::draw(300);
  const Batch first = sent(office, "north", people);
  const auto issued = std::ranges::count(first.told, registry::Status::new_id, &Told::status);
  CHECK(issued > 280);
  const std::vector<Fields> moved(people.begin(), people.begin() + 20);
  const Batch second = sent(office, "south", moved);
  std::size_t known = 0;
  for (std::size_t i = 0; i < moved.size(); ++i) {
    if (second.told[i].status != registry::Status::existing) continue;
    ++known;
    CHECK(second.told[i].id == first.told[i].id);
    CHECK(second.claimed.contains(second.told[i].id));
  }
  CHECK(known > 15);
  Silent silent;
  std::size_t found = 0;
  for (std::size_t i = 100; i < 110; ++i) {
    const auto asked = office.locate("east", people[i], silent);
    REQUIRE(asked.has_value());
    if (asked->reply != intake::Reply::found) continue;
    ++found;
    CHECK(asked->id == first.told[i].id);
    CHECK(asked->outside);
  }
  CHECK(found > 5);
}

TEST_CASE("guesses are wrong in the one value they say") {
  const auto people = test::draw(400);
  const std::span<const Fields> all(people);
  const Guesses g = guesses_about(test::usual(), all.first(80), all.last(5), "g", 1);
  REQUIRE(g.rows.size() == 85);
  const std::size_t date = *test::usual().field(schema::Kind::date);
  std::set<std::string> kinds(g.secret.begin(), g.secret.end()), ids;
  CHECK(kinds.size() == 9);
  for (std::size_t i = 0; i < 80; ++i) {
    const record::Date& told = g.rows[i].values[date].date;
    const record::Date& real = people[i].values[date].date;
    const int parts =
        (told.year != real.year) + (told.month != real.month) + (told.day != real.day);
    CHECK(parts ==
          (g.secret[i] == "wrong day" || g.secret[i] == "wrong month" || g.secret[i] == "wrong year"
               ? 1
               : 0));
    ids.insert(g.rows[i].local_id);
  }
  CHECK(ids.size() == 80);
}

TEST_CASE("plain rows find no birthday and are held; entries of one pass find them, and are told") {
  const tessera::test::Scratch folder;
  StateOffice office = office_in(folder);
  const auto people = test::draw(300);
  sent(office, "north", people);
  const std::size_t date = *test::usual().field(schema::Kind::date);
  std::vector<Fields> victims;
  for (const Fields& p : people) {
    const record::Date& d = p.values[date].date;
    const bool whole = d.month > 0 && d.day > 0 && !d.doubted && !(d.month == 2 && d.day == 29);
    if (whole && victims.size() < 3) victims.push_back(p);
  }
  Silent silent;
  const auto plain = hunt_birthdays(office, test::usual(), "evil", victims, 0, false, silent);
  REQUIRE(plain.has_value());
  CHECK(plain->found == 0);
  CHECK(plain->held > 0);
  CHECK(plain->beyond == 0);
  CHECK(plain->unseen == 0);
  const auto crafted = hunt_birthdays(office, test::usual(), "evil", victims, 0, true, silent);
  REQUIRE(crafted.has_value());
  CHECK(crafted->found == 3);
  CHECK(crafted->unseen == 0);
  CHECK(crafted->bits / static_cast<double>(crafted->admitted) < 1.585);
}

}  // namespace
}  // namespace tessera::attack
