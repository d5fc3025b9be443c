// All numbers of a person, and what people said of their records.
#include "engine/registry/whole_person.h"

#include <doctest/doctest.h>

#include "engine/registry/history.h"
#include "engine/registry/id_changes.h"
#include "engine/registry/rulings.h"
#include "tests/ledger/scratch.h"
#include "tests/registry/world.h"

using namespace tessera;
using namespace tessera::registry;
using namespace tessera::test;

namespace whole_person_test {

TEST_CASE("R58: all IDs that lead to a person are the person's, whichever is asked for") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  create_registry(path);
  const auto first = submit(path, {{"a", {{1, 11}, {2, 22}, {3, 33}, {4, 44}}}}, 1);
  REQUIRE(first);
  std::vector<StateId> id;
  for (const Issued& i : first->issued) id.push_back(i.id);
  for (const auto& [from, into] : {std::pair{0, 1}, std::pair{1, 2}}) {
    Registry r = open_registry(path, Access::write);
    REQUIRE(merge_ids(r, id[from], id[into], kAna));
  }
  Registry r = open_registry(path, Access::read);
  std::vector<StateId> expected{id[2], std::min(id[0], id[1]), std::max(id[0], id[1])};
  for (const int i : {0, 1, 2}) CHECK(*ids_of(r, id[i]) == expected);
  CHECK(*ids_of(r, id[3]) == std::vector<StateId>{id[3]});
  CHECK(ids_of(r, 1000000008).error().code == ErrorCode::usage);
  CHECK(whole_person(r, id[0])->ids == expected);
}

TEST_CASE("R58: what people decided of a person's records, and where the person was named") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  create_registry(path);
  const StateId a = submit(path, {{"a", {{1, 11}}}}, 1)->issued[0].id;
  REQUIRE(submit(path, {{"b", {{1, 11, 0, true}}}}, 2));
  REQUIRE(submit(path, {{"c", {{1, 11, 0, true}}}}, 3));
  const auto say = [&](std::int64_t review, Verdict verdict, const char* why) {
    Registry r = open_registry(path, Access::write);
    const auto random = seeded_random(static_cast<std::uint64_t>(review) + 9);
    Ruling ruling;
    ruling.review = review;
    ruling.verdict = verdict;
    ruling.author = {"ana", why};
    const auto said = rule(r, ruling, *random);
    if (!said) FAIL(said.error().what);
    return said->id;
  };
  say(1, Verdict::unsure, "case 1");
  CHECK(say(1, Verdict::same, "case 2") == a);
  const StateId other = say(2, Verdict::different, "case 3");
  Registry r = open_registry(path, Access::read);
  const auto of_a = whole_person(r, a);
  REQUIRE(of_a);
  REQUIRE(of_a->decisions.size() == 3);
  CHECK(of_a->decisions[0].verdict == Verdict::unsure);
  CHECK(of_a->decisions[0].why == "case 1");
  CHECK(of_a->decisions[1].verdict == Verdict::same);
  CHECK(of_a->decisions[1].meant);
  CHECK(of_a->decisions[2].verdict == Verdict::different);
  CHECK_FALSE(of_a->decisions[2].meant);
  const auto of_other = whole_person(r, other);
  REQUIRE(of_other);
  REQUIRE(of_other->decisions.size() == 1);
  CHECK(of_other->decisions[0].meant);
}

}  // namespace whole_person_test
