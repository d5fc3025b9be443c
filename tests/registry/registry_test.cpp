#include "engine/registry/registry.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include <doctest/doctest.h>

#include "engine/registry/epoch.h"
#include "engine/registry/events.h"
#include "engine/registry/history.h"
#include "engine/registry/rulings.h"
#include "tests/ledger/scratch.h"
#include "tests/registry/world.h"

namespace registry_test {

using namespace tessera;
using namespace tessera::registry;
using namespace tessera::test;

namespace {

std::vector<Issued> issued(const std::string& path, const std::vector<Roster>& rosters,
                           std::uint64_t seed, bool provisional = false) {
  const auto receipt = submit(path, rosters, seed, provisional);
  if (!receipt) FAIL(receipt.error().what);
  return receipt->issued;
}

std::uint64_t entries_of(const std::string& path) {
  Registry r = open_registry(path, Access::read);
  std::uint64_t n = 0;
  for (std::size_t p = 0; p < r.entries().passes(); ++p) n += r.entries().read_all(p)->tags.size();
  return n;
}

Counts counts_of(const std::string& path) {
  Registry r = open_registry(path, Access::read);
  return *count(r);
}

}  // namespace

TEST_CASE("R3: the same batch again issues nothing, stores nothing and asks nothing new") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  create_registry(path);
  const std::vector<Roster> batch = {
      {"a", {{1, 11}, {2, 12}, {3, 13, 0, true}, {9, 19, 0, false, 0, false}}},
      {"b", {{1, 11}, {2, 22}, {4, 13}}}};
  const auto first = issued(path, batch, 1);
  CHECK(first[0].status == Status::new_id);
  CHECK(first[0].id == first[4].id);  // one person of two owners in one run: one ID
  CHECK(first[1].id != first[5].id);
  CHECK(first[2].status == Status::new_id);  // likely one person: the first by (owner, key) is new
  CHECK(first[6].status == Status::review);
  CHECK(first[6].id == 0);
  CHECK(first[3].reason == Reason::too_little_evidence);
  const Counts before = counts_of(path);
  const std::uint64_t stored = entries_of(path);
  const auto again = issued(path, batch, 2);
  for (std::size_t i = 0; i < first.size(); ++i) {
    CAPTURE(i);
    CHECK(again[i].id == first[i].id);
    CHECK(again[i].status == (first[i].id == 0 ? Status::review : Status::existing));
  }
  const Counts after = counts_of(path);
  CHECK(after.student_ids == before.student_ids);
  CHECK(after.records == before.records);
  CHECK(after.open_reviews == before.open_reviews);
  CHECK(entries_of(path) == stored);
  CHECK(verified(path) == "");
}

TEST_CASE("R2, R11: an ID stays through moves, new names and returns") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  create_registry(path);
  const auto id = issued(path, {{"a", {{1, 11}}}}, 1)[0].id;
  CHECK(issued(path, {{"a", {{1, 99, 1}}}}, 2)[0].id == id);  // a new name: known by its record key
  const auto moved = issued(path, {{"b", {{5, 99, 1}}}}, 3)[0];
  CHECK(moved.id == id);
  CHECK(moved.status == Status::existing);
  for (std::uint64_t year = 0; year < 5; ++year)
    issued(path, {{"c", {{1, 500 + year, 9}}}}, 10 + year);
  CHECK(issued(path, {{"d", {{7, 99, 1}}}}, 20)[0].id == id);
  const Counts n = counts_of(path);
  CHECK(n.claims == 2);
  Registry r = open_registry(path, Access::read);
  const auto card = find_id(r, id);
  REQUIRE(card);
  REQUIRE(card->has_value());
  CHECK((*card)->records.size() == 3);
  CHECK((*card)->history.front().what == "issued");
}

TEST_CASE("an old payload no longer draws anybody, and coming back to it does") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  create_registry(path);
  const auto id = issued(path, {{"a", {{1, 11}}}}, 1)[0].id;
  issued(path, {{"a", {{1, 12, 1}}}}, 2);
  CHECK(entries_of(path) == 5);  // one per pass: the old ones are gone
  CHECK(issued(path, {{"b", {{1, 11}}}}, 3)[0].status == Status::new_id);
  issued(path, {{"a", {{1, 11}}}}, 1);  // the first file again, handles and all
  CHECK(issued(path, {{"c", {{1, 12, 1}}}}, 5)[0].status == Status::new_id);
  const auto torn = issued(path, {{"d", {{1, 11}}}}, 6)[0];  // now like two persons: never guessed
  CHECK(torn.status == Status::review);
  CHECK(torn.reason == Reason::two_persons);
  CHECK(torn.id != id);
  CHECK(verified(path) == "");
}

TEST_CASE("a fourth distinct payload of a record key is held, and raises an alarm") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  create_registry(path);
  const auto id = issued(path, {{"a", {{1, 11, 0}}}}, 1)[0].id;
  CHECK(issued(path, {{"a", {{1, 11, 1}}}}, 2)[0].id == id);
  CHECK(issued(path, {{"a", {{1, 11, 2}}}}, 3)[0].id == id);
  CHECK(issued(path, {{"a", {{1, 11, 0}}}}, 4)[0].id == id);  // seen before: not distinct
  const std::uint64_t stored = entries_of(path);
  const auto held = issued(path, {{"a", {{1, 11, 3}}}}, 5)[0];
  CHECK(held.status == Status::review);
  CHECK(held.reason == Reason::too_many_versions);
  CHECK(held.id == 0);  // nothing returns
  CHECK(entries_of(path) == stored);
  CHECK(counts_of(path).alarms == 1);
  CHECK(issued(path, {{"a", {{1, 11, 2}}}}, 6)[0].id == id);
  CHECK(verified(path) == "");
}

TEST_CASE("whoever waits for a person's word is not linked by a later batch that says the same") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  create_registry(path);
  const auto sure = issued(path, {{"a", {{1, 11, 0, true}}}}, 1)[0];
  REQUIRE(issued(path, {{"b", {{1, 11}}}}, 2)[0].status == Status::review);
  // By now the other record is clear, and the pair looks sure: still the same question.
  const auto later = issued(path, {{"a", {{1, 11, 1}}}, {"b", {{1, 11}}}}, 3);
  CHECK(later[0].id == sure.id);
  CHECK(later[1].status == Status::review);
  CHECK(later[1].id == 0);
  CHECK(counts_of(path).open_reviews == 1);
  const auto corrected = issued(path, {{"b", {{1, 11, 1}}}}, 4)[0];
  CHECK(corrected.status == Status::existing);
  CHECK(corrected.id == sure.id);
  CHECK(counts_of(path).open_reviews == 0);
  CHECK(verified(path) == "");
}

TEST_CASE("R5: a record in review may carry a provisional ID, which it keeps") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  create_registry(path);
  const auto sure = issued(path, {{"a", {{1, 11}}}}, 1)[0];
  const auto first = issued(path, {{"b", {{1, 11, 0, true}}}}, 2, true)[0];
  CHECK(first.status == Status::review);
  CHECK(first.provisional);
  CHECK(first.id != 0);
  CHECK(first.id != sure.id);
  const auto again = issued(path, {{"b", {{1, 11, 0, true}}}}, 3, true)[0];
  CHECK(again.id == first.id);
  CHECK(again.status == Status::review);
  const Counts n = counts_of(path);
  CHECK(n.provisional == 1);
  CHECK(n.open_reviews == 1);
  CHECK(verified(path) == "");
}

TEST_CASE("R5: a provisional ID becomes permanent once nobody known is like it") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  create_registry(path);
  issued(path, {{"a", {{1, 11}}}}, 1);
  const auto first = issued(path, {{"b", {{1, 11, 0, true}}}}, 2, true)[0];
  REQUIRE(first.provisional);
  const auto later =
      issued(path, {{"b", {{1, 77, 1}}}}, 3)[0];  // corrected: somebody else altogether
  CHECK(later.status == Status::existing);
  CHECK(later.id == first.id);
  CHECK_FALSE(later.provisional);
  CHECK(counts_of(path).provisional == 0);
  CHECK(counts_of(path).open_reviews == 0);
  CHECK(verified(path) == "");
}

TEST_CASE("R5: a provisional ID resolves to the survivor once it is clear who it is") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  create_registry(path);
  const auto sure = issued(path, {{"a", {{1, 11}}}}, 1)[0];
  const auto first = issued(path, {{"b", {{1, 11, 0, true}}}}, 2, true)[0];
  const auto later = issued(path, {{"b", {{1, 11, 1}}}}, 3)[0];  // corrected: surely the same
  CHECK(later.status == Status::existing);
  CHECK(later.id == sure.id);
  Registry r = open_registry(path, Access::read);
  const auto card = find_id(r, first.id);
  REQUIRE(card);
  REQUIRE(card->has_value());
  CHECK((*card)->state == "retired");
  CHECK((*card)->survivor == sure.id);
  CHECK(counts_of(path).open_reviews == 0);
  CHECK(counts_of(path).claims == 1);
  CHECK(verified(path) == "");
}

TEST_CASE("R4: an ID says nothing of the order, the owner or the record") {
  // Chi-squared tests at one in ten thousand: the nine drawn digits against the place in the batch,
  // the owner and the record key's first byte. Seeds are fixed, so the outcome is too.
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  create_registry(path);
  std::vector<Roster> batch;
  for (const char* owner : {"a", "b", "c", "d"}) {
    Roster roster{owner, {}};
    for (std::uint64_t k = 0; k < 250; ++k)
      roster.rows.push_back({static_cast<std::uint8_t>(k), 1000 * (batch.size() + 1) + k});
    batch.push_back(roster);
  }
  const auto out = issued(path, batch, 8);
  REQUIRE(out.size() == 1000);
  const auto independent = [&](auto&& group_of, std::size_t groups, std::uint64_t unit) {
    std::vector<std::vector<double>> seen(groups, std::vector<double>(10, 0));
    for (std::size_t i = 0; i < out.size(); ++i)
      ++seen[group_of(i)][static_cast<std::size_t>(out[i].id / unit % 10)];
    double chi = 0;
    std::vector<double> digit(10, 0);
    for (const auto& row : seen)
      for (std::size_t d = 0; d < 10; ++d) digit[d] += row[d];
    for (const auto& row : seen) {
      double all = 0;
      for (const double n : row) all += n;
      for (std::size_t d = 0; d < 10; ++d) {
        const double expected = all * digit[d] / static_cast<double>(out.size());
        if (expected > 0) chi += (row[d] - expected) * (row[d] - expected) / expected;
      }
    }
    const double k = static_cast<double>((groups - 1) * 9);
    return chi < k + 3.72 * std::sqrt(2 * k) + 10;  // beyond the 1e-4 quantile
  };
  for (std::uint64_t unit = 10; unit < 1'000'000'000; unit *= 10) {
    CAPTURE(unit);
    CHECK(independent([](std::size_t i) { return i / 250; }, 4, unit));        // owner
    CHECK(independent([](std::size_t i) { return i % 250 / 25; }, 10, unit));  // record key, order
  }
  std::size_t rising = 0;
  for (std::size_t i = 1; i < out.size(); ++i) rising += out[i].id > out[i - 1].id ? 1 : 0;
  CHECK(rising > 440);  // a coin's tosses: 500 expected, 16 a standard deviation
  CHECK(rising < 560);
}

TEST_CASE("R7: staff and students have IDs of their own; a match across is a note, not a merge") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  create_registry(path);
  const auto student = issued(path, {{"a", {{1, 11}}}}, 1)[0];
  const auto staff = issued(path, {{"a", {{1, 11}}, encoded::Population::staff}}, 2)[0];
  CHECK(staff.status == Status::new_id);
  CHECK(staff.id != student.id);
  Registry r = open_registry(path, Access::read);
  CHECK((*find_id(r, student.id))->space == Space::student);
  CHECK((*find_id(r, staff.id))->space == Space::staff);
  const auto open = open_reviews(r, {"", Reason::other_space, "", 0});
  REQUIRE(open);
  REQUIRE(open->size() == 1);
  CHECK((*open)[0].candidates[0].id == student.id);
}

TEST_CASE("R1, R2, R3 are constraints of the database itself") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  create_registry(path);
  issued(path, {{"a", {{1, 11}, {2, 12}}}}, 1);
  Registry r = open_registry(path, Access::write);
  for (const char* sql :
       {"DELETE FROM state_id", "UPDATE state_id SET person = 2 WHERE person = 1",
        "UPDATE state_id SET space = 2", "UPDATE state_id SET id = 9999999999 WHERE person = 1",
        "UPDATE state_id SET state = 2 WHERE person = 1",
        "INSERT OR REPLACE INTO state_id SELECT id, space, 2, 1, NULL FROM state_id WHERE person = "
        "1",
        "INSERT INTO state_id SELECT 1000000000, 1, 1, 1, NULL",
        "INSERT INTO state_id SELECT 1000000000, 2, 1, 3, NULL",
        "UPDATE state_id SET survivor = id, state = 3", "UPDATE person SET space = 2",
        "DELETE FROM record", "UPDATE record SET key = zeroblob(16) WHERE id = 1",
        "DELETE FROM person WHERE id = 1",
        "INSERT INTO record SELECT 9, owner, population, key, person, ssn, batch FROM record WHERE "
        "id = 1"}) {
    CAPTURE(sql);
    const auto done = r.database().exec(sql);
    REQUIRE_FALSE(done);
    CHECK(done.error().code == ErrorCode::conflict);
  }
  // What a merge does is allowed: the loser's ID retires and points at the survivor's, for ever.
  REQUIRE(r.database().exec(
      "UPDATE state_id SET state = 3, survivor = (SELECT id FROM state_id WHERE person = 2) "
      "WHERE person = 1"));
  const auto loser =
      static_cast<StateId>(*r.database().integer("SELECT id FROM state_id WHERE person = 1"));
  const auto card = find_id(r, loser);
  REQUIRE(card);
  CHECK((*card)->state == "retired");
  CHECK((*card)->person == 2);
}

TEST_CASE("over any batches: no ID has two persons, none goes away, and replay gives the tables") {
  for (std::uint64_t world = 1; world <= 6; ++world) {
    const Scratch scratch;
    const std::string path = scratch / "R.db";
    create_registry(path, world);
    Splitmix g(77, world);
    std::map<std::pair<std::string, std::uint8_t>, StateId> given;
    std::set<StateId> ever;
    for (std::uint64_t n = 0; n < 8; ++n) {
      std::vector<Roster> batch;
      for (const char* owner : {"a", "b", "c"}) {
        Roster roster{owner, {}};
        for (std::uint8_t key = 1; key <= 12; ++key)
          if (g.chance(.5))
            roster.rows.push_back(
                {key, g.below(30), static_cast<std::uint8_t>(g.below(2)), g.chance(.2)});
        batch.push_back(roster);
      }
      const auto out = issued(path, batch, world * 100 + n, g.chance(.3));
      std::size_t i = 0;
      for (const Roster& roster : batch)
        for (const Row& row : roster.rows) {
          const Issued& issue = out[i++];
          StateId& id = given[{roster.owner, row.key}];
          if (issue.reason == Reason::too_many_versions) continue;
          // A record key keeps its ID whatever it brings; a provisional one may resolve.
          if (id != 0 && issue.id != id) {
            Registry now = open_registry(path, Access::read);
            CHECK((*find_id(now, id))->survivor == issue.id);
          }
          if (issue.id != 0) id = issue.id;
          if (issue.id != 0) ever.insert(issue.id);
        }
      for (std::size_t x = 0, at = 0; x < batch.size(); ++x) {
        std::set<StateId> own;
        for (std::size_t k = 0; k < batch[x].rows.size(); ++k, ++at)
          if (out[at].id != 0)
            CHECK(own.insert(out[at].id).second);  // never two rows of an owner on one ID
      }
    }
    Registry r = open_registry(path, Access::read);
    for (const StateId id : ever) REQUIRE((*find_id(r, id)).has_value());
    CHECK(*r.database().integer("SELECT count(*) FROM state_id") ==
          static_cast<std::int64_t>(ever.size()));
    CHECK(verified(path) == "");
  }
}

TEST_CASE(
    "R4: IDs are drawn in the order of owners and record keys, so one seed gives one outcome") {
  const Scratch scratch;
  create_registry(scratch / "x.db");
  create_registry(scratch / "y.db");
  const auto x = issued(scratch / "x.db", {{"a", {{1, 11}, {2, 12}}}, {"b", {{1, 13}}}}, 5);
  const auto y = issued(scratch / "y.db", {{"a", {{2, 12}, {1, 11}}}, {"b", {{1, 13}}}}, 5);
  CHECK(x[0].id != x[1].id);
  CHECK(x[2].id != x[0].id);
  CHECK(std::set{x[0].id, x[1].id, x[2].id} == std::set{y[0].id, y[1].id, y[2].id});
  CHECK(x[0].id == y[1].id);
  CHECK(x[1].id == y[0].id);
}

TEST_CASE("known to be different: a reviewer's word is never overridden") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  create_registry(path);
  const auto a = issued(path, {{"a", {{1, 11}}}}, 1)[0];
  const auto b = issued(path, {{"b", {{1, 11, 0, true}}}}, 2)[0];
  CHECK(b.status == Status::review);
  {
    Registry r = open_registry(path, Access::write);
    const auto random = seeded_random(9);
    const auto said = rule(r, {1, Verdict::different, 0, {"ana", "case-1"}}, *random);
    REQUIRE(said);
    CHECK(said->issued);
    CHECK(said->closed);
  }
  const auto after = issued(path, {{"b", {{1, 11, 0, true}}}}, 3)[0];
  CHECK(after.status == Status::existing);
  CHECK(after.id != a.id);
  CHECK(counts_of(path).open_reviews == 0);
  CHECK(verified(path) == "");
}

TEST_CASE("files of another schema, key, protection or population are refused") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  create_registry(path);
  issued(path, {{"a", {{1, 11}}}}, 1);  // sets the key check
  const Registry r = open_registry(path, Access::read);
  encoded::Header good;
  good.schema_digest = r.current().digest;
  good.key_check = {1, 2, 3, 4};
  CHECK(r.accepts(good, "f"));
  for (int n = 0; n < 4; ++n) {
    encoded::Header bad = good;
    if (n == 0) bad.schema_digest[0] ^= 1;
    if (n == 1) bad.key_check[0] ^= 1;
    if (n == 2) bad.protection = encoded::Protection::oprf;
    if (n == 3) bad.population = encoded::Population::wage;
    const auto refused = r.accepts(bad, "f");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::conflict);
    CHECK(refused.error().where == "f");
  }
}

TEST_CASE("events name no tag, filter or payload, and are canonical") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  create_registry(path);
  issued(path, {{"a", {{1, 11}, {2, 12, 0, true}}}, {"b", {{1, 11}, {2, 12}}}}, 1, true);
  Registry r = open_registry(path, Access::read);
  const auto all = r.entries().read_all(0);
  std::set<std::string> hidden;
  for (const auto& tag : all->tags) hidden.insert(to_hex(tag));
  auto s = r.database().prepare("SELECT type, body FROM event");
  int seen = 0;
  while (*s->step()) {
    ++seen;
    const std::string body(s->text(1));
    CHECK(json::to_canonical(*json::parse(body, "event")) == body);
    CHECK(body_of(*read_happening(s->text(0), body)) == body);
    for (const std::string& tag : hidden) CHECK(body.find(tag) == std::string::npos);
  }
  CHECK(seen > 8);
}

TEST_CASE("a registry of another make, or an entry store of another registry, is refused") {
  const Scratch scratch;
  create_registry(scratch / "x.db", 1);
  create_registry(scratch / "y.db", 2);
  namespace fs = std::filesystem;
  CHECK(Registry::create(scratch / "x.db", {}, *seeded_random(1)).error().code ==
        ErrorCode::conflict);
  fs::copy_file(scratch / "y.db.entries", scratch / "x.db.entries",
                fs::copy_options::overwrite_existing);
  const auto mixed = Registry::open(scratch / "x.db", Access::write);
  REQUIRE_FALSE(mixed);
  CHECK(mixed.error().code == ErrorCode::conflict);
  fs::remove(scratch / "y.db.entries");
  CHECK(Registry::open(scratch / "y.db", Access::read).error().code == ErrorCode::io);
}

}  // namespace registry_test
