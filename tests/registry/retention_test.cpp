#include "engine/registry/retention.h"

#include <algorithm>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/core/file.h"
#include "engine/registry/id_changes.h"
#include "engine/registry/registry_state.h"
#include "tests/ledger/scratch.h"
#include "tests/registry/world.h"

namespace retention_test {

using namespace tessera;
using namespace tessera::registry;
using namespace tessera::test;

namespace {

const RetentionSchedule kSchedule{1, {{Space::student, 5, 60}}};
const Author kAuthor{"e.dunn", "case 7"};

struct World {
  Scratch scratch;
  std::string path = scratch / "R.db";
  std::vector<StateId> ids;

  World() {
    create_registry(path);
    const auto issued = submit(path, {{"north", {{1, 10}, {2, 20}, {3, 30}}}}, 1);
    REQUIRE(issued);
    for (const Issued& i : issued->issued) ids.push_back(i.id);
  }
  // As if the command had said it; verify() then finds a table that no event made.
  void say_day(int batch, const std::string& day) {
    auto db = open_database(path, ledger::Database::Mode::read_write);
    REQUIRE(db);
    REQUIRE(db->exec(fmt::format("UPDATE submission SET day = '{}' WHERE batch = {}", day, batch)));
  }
  std::vector<DueId> due(const std::string& day) {
    Registry r = open_registry(path, registry::Access::read);
    const auto all = due_ids(r, kSchedule, day);
    REQUIRE(all);
    return *all;
  }
  void archive(StateId id) {
    Registry r = open_registry(path, registry::Access::write);
    REQUIRE(archive_id(r, id, kAuthor));
  }
  Result<DestroyCount> destroy(const std::vector<StateId>& which) {
    Registry r = open_registry(path, registry::Access::write);
    Silent silent;
    return destroy_archived(r, which, kAuthor, silent);
  }
};

}  // namespace

TEST_CASE("the schedule that ships reads, and a faulty one names the member") {
  CHECK(read_retention(*read_file(TESSERA_DATA "/retention/schedule.json"), "s")->classes.size() ==
        2);
  const auto fault = [](const char* text) {
    const auto read = read_retention(text, "s");
    return read ? "" : read.error().what;
  };
  CHECK(fault(R"({"version":1,"classes":[]})") == "");
  CHECK(fault(R"({"classes":[]})").find("version") != std::string::npos);
  CHECK(fault(R"({"version":1})").find("classes") != std::string::npos);
  CHECK(fault(R"({"version":1,"classes":[{"people":"pupil"}]})").find("people") !=
        std::string::npos);
  CHECK(fault(R"({"version":1,"classes":[{"people":"staff","archive_after_years":9,)"
              R"("destroy_after_years":8}]})")
            .find("destroy_after_years") != std::string::npos);
}

TEST_CASE("R65: the clock runs from the last file that a person was in") {
  World w;
  const auto newest = [&w] {
    Registry r = open_registry(w.path, registry::Access::read);
    return *newest_day(r);
  };
  CHECK(newest() == "");
  CHECK(w.due("2186-10-01").empty());  // no day was said
  w.say_day(1, "2026-10-01");
  CHECK(newest() == "2026-10-01");
  CHECK(w.due("2031-09-30").empty());
  REQUIRE(w.due("2031-10-01").size() == 3);
  CHECK_FALSE(w.due("2031-10-01")[0].destroy);
  // Seen again, one of them unchanged: its clock starts anew.
  REQUIRE(submit(w.path, {{"north", {{1, 10}}}}, 2));
  w.say_day(2, "2028-10-01");
  CHECK(newest() == "2028-10-01");
  CHECK(w.due("2031-10-01").size() == 2);
  w.archive(w.ids[1]);
  CHECK(w.due("2031-10-01").size() == 1);
  const auto late = w.due("2086-10-01");
  CHECK(std::ranges::count_if(late, &DueId::destroy) == 1);
  CHECK(std::ranges::any_of(late, [&](const DueId& d) { return d.destroy && d.id == w.ids[1]; }));
}

TEST_CASE("only archived IDs are destroyed; the tombstone stays, and the ID with its record key") {
  World w;
  CHECK_FALSE(w.destroy({w.ids[0]}));
  CHECK(verified(w.path).empty());
  w.archive(w.ids[1]);
  CHECK_FALSE(w.destroy({w.ids[1], w.ids[0]}));  // all or none
  const auto done = w.destroy({w.ids[1]});
  REQUIRE(done);
  CHECK(done->records == 1);
  CHECK(done->payloads == 1);
  CHECK(done->entries > 0);
  CHECK(verified(w.path).empty());
  const auto again = w.destroy({w.ids[1]});
  REQUIRE(again);
  CHECK(again->head == done->head);  // the same event, and nothing more
  // INV-1: by likeness nobody finds the person, who gets an ID that nobody ever had.
  const auto other = submit(w.path, {{"south", {{7, 20}, {8, 10}}}}, 3);
  REQUIRE(other);
  CHECK(other->issued[0].status == Status::new_id);
  CHECK(std::ranges::find(w.ids, other->issued[0].id) == w.ids.end());
  CHECK(other->issued[1].id == w.ids[0]);  // others are found as before
  // INV-2: the record key that comes back has its ID for good.
  const auto back = submit(w.path, {{"north", {{2, 99}}}}, 4);
  REQUIRE(back);
  CHECK(back->issued[0].id == w.ids[1]);
  CHECK(verified(w.path).empty());
}

TEST_CASE("nobody is due to be destroyed twice") {
  World w;
  w.say_day(1, "2026-10-01");
  w.archive(w.ids[1]);
  CHECK(std::ranges::count_if(w.due("2186-10-01"), &DueId::destroy) == 1);
  REQUIRE(w.destroy({w.ids[1]}));
  CHECK(std::ranges::count_if(w.due("2186-10-01"), &DueId::destroy) == 0);
}

}  // namespace retention_test
