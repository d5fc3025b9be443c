// Assigning in two offices against the plain deployment: the same IDs and the same decisions, batch
// after batch.
#include "engine/comparer/compare_stored.h"

#include <algorithm>
#include <map>

#include <doctest/doctest.h>

#include "engine/comparer/store.h"
#include "engine/intake/intake.h"
#include "engine/registrar/assigning.h"
#include "engine/registrar/standing.h"
#include "engine/registry/entry_store.h"
#include "matchers/fellegi_sunter.h"
#include "tests/comparer/two_states.h"

namespace compare_stored_test {

using namespace tessera;
using reference::Person;
using registry::Reason;
using registry::Status;
using test::check_same;
using test::TwoStates;

namespace {

Person renamed(Person p, const std::string& first, const std::string& last) {
  p.first = first;
  p.last = last;
  return p;
}

// What a batch came to, by how many records had which fate.
std::map<std::pair<Status, Reason>, int> fates(const TwoStates::Both& both) {
  std::map<std::pair<Status, Reason>, int> out;
  for (const registry::Issued& e : both.plain.issued) ++out[{e.status, e.reason}];
  return out;
}

}  // namespace

TEST_CASE("two offices decide as one does, year after year") {
  TwoStates states;
  Splitmix random(9);
  std::vector<Person> north = reference::draw_people(90, 1, "n");
  std::vector<Person> south = reference::draw_people(70, 2, "s");
  for (int i = 0; i < 20; ++i)
    south[static_cast<std::size_t>(i)] =
        reference::copy_of(north[static_cast<std::size_t>(i)], random, "s" + std::to_string(i));
  for (int i = 40; i < 48; ++i) {  // twins
    north[static_cast<std::size_t>(i) + 1] = north[static_cast<std::size_t>(i)];
    north[static_cast<std::size_t>(i) + 1].id = "n" + std::to_string(i + 1);
    north[static_cast<std::size_t>(i) + 1].first = "ZELDA" + std::to_string(i);
    ++i;
  }
  const auto first = states.assign({{"north", north}, {"south", south}});
  check_same(first);
  CHECK(first.plain.ids_issued > 100);

  // Some change, some go, some move to a new owner, some come new; two keys get other holders.
  std::vector<Person> second_north(north.begin(), north.begin() + 70);
  for (std::size_t i = 0; i < 12; ++i) second_north[i].middle = "QUILL";
  second_north[20] = renamed(second_north[20], "ARNE", "LINDQVIST");
  Person holder = south[50];  // known elsewhere
  holder.id = second_north[21].id;
  second_north[21] = holder;
  std::vector<Person> west = reference::draw_people(30, 3, "w");
  for (std::size_t i = 0; i < 15; ++i) {
    west[i] = north[75 + i];
    west[i].id = "w" + std::to_string(i);
  }
  const auto second = states.assign({{"north", second_north}, {"south", south}, {"west", west}});
  check_same(second);
  CHECK(second.plain.claims > 5);
  CHECK(fates(second)[{Status::conflict, Reason::other_person}] > 0);

  // Who had gone comes back, whoever waits comes again, and the same file once more.
  auto back = north;
  for (std::size_t i = 30; i < 50; ++i) back[i].dob = "2011-05-17";
  const auto third = states.assign({{"north", back}, {"west", west}});
  check_same(third);
  const auto fourth =
      states.assign({{"south", south}, {"west", reference::draw_people(40, 4, "x")}});
  check_same(fourth);
  CHECK(fourth.mixed < 70 + 40);  // those of south that do not wait say nothing new
}

TEST_CASE("rows beyond a block's bound are held by the office that sees no block") {
  TwoStates states;
  const auto base = reference::draw_people(60, 5, "n");
  check_same(states.assign({{"north", base}, {"south", reference::draw_people(50, 6, "s")}}));
  std::vector<Person> rows = reference::draw_people(40, 7, "e");
  for (int i = 0; i < 30; ++i) {  // one name and birthday, many middle names
    rows.push_back({"g" + std::to_string(i), "MARIA",
                    std::string(1, static_cast<char>('A' + i % 26)) + "NNE", "HERNANDEZ",
                    "2010-03-07", "F", "", ""});
  }
  const auto both = states.assign({{"evil", rows}, {"south", reference::draw_people(50, 6, "s")}});
  check_same(both);
  CHECK(fates(both)[{Status::review, Reason::crowded_block}] > 10);
  CHECK(states.last_crowds() > 0);
  check_same(states.assign(
      {{"evil", rows}, {"west", reference::draw_people(40, 8, "w")}}));  // asked again
}

TEST_CASE("the registrar's registry holds no entry, the comparer's store all that is live") {
  TwoStates states;
  const auto both = states.assign({{"north", reference::draw_people(60, 5, "n")},
                                   {"south", reference::draw_people(50, 6, "s")}});
  check_same(both);
  auto registry = registry::Registry::open(states.split_registry(), registry::Access::read);
  REQUIRE(registry);
  CHECK(registry->split());
  CHECK(registry->entries().passes() == 0);
  CHECK(registry->all_handles(registry->current())->size() > 500);
  Silent silent;
  CHECK(registry->verify(silent));
}

TEST_CASE("what does not fit together is refused") {
  TwoStates states;
  check_same(states.assign({{"north", reference::draw_people(60, 5, "n")},
                            {"south", reference::draw_people(50, 6, "s")}}));
  const std::vector<test::TwoStates::Roster> next{{"west", reference::draw_people(50, 7, "w")}};

  SUBCASE("scores of another moment of the registry") {
    const auto pending = states.compare(next);
    check_same(states.assign({{"east", reference::draw_people(50, 8, "e")}}, true));
    CHECK(states.settle_error(pending).find("the registry has changed") != std::string::npos);
  }
  SUBCASE("a mix whose forerunner was never assigned") {
    const auto pending = states.compare(next);
    CHECK(states.compare_error({{"east", reference::draw_people(50, 8, "e")}}, false)
              .find("not taken in") != std::string::npos);
    CHECK(states.compare_error({{"east", reference::draw_people(50, 8, "e")}}, true).empty());
  }
  SUBCASE("the same mix may be compared again") {
    const auto pending = states.compare(next);
    CHECK(states.compare_again(pending).empty());
    CHECK(states.settle_error(pending).empty());
  }
  SUBCASE("a store that lacks live entries") {
    states.lose_store();
    CHECK(states.compare_error(next, false).find("no such store") != std::string::npos);
  }
  SUBCASE("an owner whose sums are not those of its entries") {
    auto pending = states.compare(next);
    pending.scores.front().file.header.answering->payloads[0] ^= 1;
    CHECK(states.settle_error(pending).find("sums") != std::string::npos);
  }
}

}  // namespace compare_stored_test
