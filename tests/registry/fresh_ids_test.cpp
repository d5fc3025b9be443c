#include "engine/registry/fresh_ids.h"

#include <filesystem>
#include <set>

#include <doctest/doctest.h>

#include "engine/registry/history.h"
#include "engine/registry/id_changes.h"
#include "engine/registry/rulings.h"
#include "tests/ledger/scratch.h"
#include "tests/registry/world.h"

namespace fresh_ids_test {

using namespace tessera;
using namespace tessera::registry;
using namespace tessera::test;
namespace fs = std::filesystem;

namespace {

// A registry, and the same one some time before.
struct Lost {
  Scratch scratch;
  std::string live = scratch / "R.db";
  std::string again = scratch / "again.db";
  Lost() { create_registry(live); }
  void back_up() const {
    for (const char* part : {"", ".entries", ".key"}) fs::copy_file(live + part, again + part);
  }
  Registry recalled() const {
    Registry r = open_registry(again, Access::write);
    REQUIRE(r.recall_lost(live));
    return r;
  }
};

// The first open question, or the one after it.
StateId rule_different(Registry r, std::uint64_t seed, std::size_t which = 0) {
  const auto open = *open_reviews(r, {});
  REQUIRE(open.size() > which);
  const auto random = seeded_random(seed);
  const auto ruled = rule(r, {open[which].review, Verdict::different, 0, kAna}, *random);
  REQUIRE(ruled);
  REQUIRE(ruled->issued);
  return ruled->id;
}

// The records of `owner` leave the ID that they share with north.
StateId split(Registry r, const std::string& owner, std::uint64_t seed) {
  const auto random = seeded_random(seed);
  auto s = r.database().prepare(
      "SELECT i.id FROM state_id i JOIN record r ON r.person = i.person JOIN owner o ON o.id = "
      "r.owner WHERE o.name = ?1");
  REQUIRE(*s->bind(1, owner).step());
  const auto id = static_cast<StateId>(s->integer(0));
  s->reset();
  const auto made = split_id(r, id, owner, {}, kAna, *random);
  REQUIRE(made);
  return made->id;
}

const Roster kNorth{"north", {{1, 100}, {2, 200}}};
// Each may be one of north's.
const Roster kLike{"south", {{5, 100, 0, true}, {6, 200, 0, true}}};

}  // namespace

TEST_CASE("a review decided again after a restore gives the ID that it gave before") {
  Lost w;
  REQUIRE(submit(w.live, {kNorth, kLike}, 1));
  w.back_up();
  const StateId had = rule_different(open_registry(w.live, Access::write), 3);
  CHECK(rule_different(w.recalled(), 4) == had);
  CHECK(verified(w.again) == "");
}

TEST_CASE("an ID that went out leads to whoever the record is ruled to be after a restore") {
  Lost w;
  const auto first = submit(w.live, {kNorth, kLike}, 1);
  REQUIRE(first);
  w.back_up();
  const StateId had = rule_different(open_registry(w.live, Access::write), 3);
  const auto same = [&](Registry r) {
    const auto open = *open_reviews(r, {});
    const auto random = seeded_random(4);
    const auto ruled = rule(r, {open.at(0).review, Verdict::same, 0, kAna}, *random);
    REQUIRE(ruled);
    CHECK_FALSE(ruled->issued);
    return ruled->id;
  };
  const StateId now = same(w.recalled());
  CHECK(now != had);
  CHECK(verified(w.again) == "");
  Registry r = open_registry(w.again, Access::write);
  const auto leads = resolve(r.database(), had);
  REQUIRE(leads);
  CHECK(leads->id == now);
  CHECK(find_id(r, now)->value().records.size() == 2);
  // The record is that person's in the next batch too, and a change of mind gives the ID back.
  const auto next = submit(r, {{"south", {{5, 100, 0, true}}}}, 5);
  REQUIRE(next);
  CHECK(next->ids_issued == 0);
  Registry again = open_registry(w.again, Access::write);
  const auto changes = *changes_of(again, had);
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].who == kAna.who);
  REQUIRE(undo_change(again, changes[0].change, kAna));
  CHECK(resolve(again.database(), had)->id == had);
  CHECK(verified(w.again) == "");
}

TEST_CASE("a split made again after a restore gives the ID that it gave before") {
  Lost w;
  REQUIRE(submit(w.live, {kNorth, {"south", {{5, 100}}}}, 1));
  w.back_up();
  const StateId had = split(open_registry(w.live, Access::write), "south", 3);
  CHECK(split(w.recalled(), "south", 4) == had);
  CHECK(verified(w.again) == "");
}

TEST_CASE("of a person with several records, any of them brings back the ID") {
  Lost w;
  REQUIRE(submit(w.live, {kNorth}, 1));
  w.back_up();
  const auto had = submit(w.live, {{"south", {{5, 500}}}}, 2);
  REQUIRE(had);
  Registry r = w.recalled();
  // A record of an owner that comes first, which the lost registry never met.
  const auto back = submit(r, {{"east", {{1, 500}}}, {"south", {{5, 500}}}}, 3);
  REQUIRE(back);
  CHECK(back->ids_issued == 1);
  CHECK(back->ids_again == 1);
  for (const Issued& i : back->issued) CHECK(i.id == had->issued[0].id);
}

TEST_CASE("an ID that was issued there is drawn for nobody else: by a batch, a ruling, a split") {
  Lost w;
  REQUIRE(submit(w.live, {kNorth, kLike, {"west", {{1, 100}}}, {"xeno", {{1, 200}}}}, 1));
  w.back_up();
  // Equal seeds draw equal IDs; here for others.
  const auto batch = [](Registry r, std::uint8_t key, std::uint64_t seed = 2) {
    const auto receipt = submit(r, {{"east", {{key, 500U + key}}}}, seed);
    REQUIRE(receipt);
    return receipt->issued.at(0).id;
  };
  const StateId first = batch(open_registry(w.live, Access::write), 1);
  const StateId second = rule_different(open_registry(w.live, Access::write), 3);
  const StateId third = split(open_registry(w.live, Access::write), "west", 4);
  Lost bare;  // what the seeds draw is the same without the guard
  fs::remove(bare.live);
  for (const char* part : {"", ".entries", ".key"})
    fs::copy_file(w.again + part, bare.again + part);
  CHECK(batch(open_registry(bare.again, Access::write), 2) == first);
  CHECK(rule_different(open_registry(bare.again, Access::write), 3, 1) == second);
  CHECK(split(open_registry(bare.again, Access::write), "xeno", 4) == third);
  const std::set<StateId> lost{first, second, third};
  CHECK_FALSE(lost.contains(batch(w.recalled(), 2)));
  CHECK_FALSE(lost.contains(rule_different(w.recalled(), 3, 1)));
  CHECK_FALSE(lost.contains(split(w.recalled(), "xeno", 4)));
  // And those whose they are get them.
  CHECK(batch(w.recalled(), 1, 7) == first);
  CHECK(rule_different(w.recalled(), 5) == second);
  CHECK(split(w.recalled(), "west", 6) == third);
  CHECK(verified(w.again) == "");
}

}  // namespace fresh_ids_test
