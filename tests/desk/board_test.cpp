#include "engine/desk/board.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/registry/registry_state.h"
#include "tests/ledger/scratch.h"
#include "tests/registry/world.h"

using namespace tessera;
using namespace tessera::desk;

namespace {

const Calendar kCalendar{1,
                         {"north", "south<1>"},
                         {{"d1", "aa", "2027-12-31"}},
                         {{"fall", "student", "d1", "2026-10-01", "2026-10-15", "2026-11-30"},
                          {"staff", "staff", "d1", "2026-10-01", "2026-10-15", "2026-11-30"}}};

struct World {
  test::Scratch scratch;
  std::string path = scratch / "R.db";
  std::uint64_t batches = 0;
  World() { test::create_registry(path); }
  // A file of `rows` students on a day.
  void send(const std::string& owner, const std::string& day, std::vector<test::Row> rows) {
    REQUIRE(test::submit(path, {{owner, std::move(rows)}}, ++batches));
    auto db = registry::open_database(path, ledger::Database::Mode::read_write);
    REQUIRE(db);
    REQUIRE(
        db->exec(fmt::format("UPDATE submission SET day = '{}' WHERE batch = {}", day, batches)));
  }
  Desk desk() {
    auto r = test::open_registry(path, registry::Access::read);
    return *Desk::open_or_make(desk_path(path), r.name());
  }
  BoardRow row(const std::string& today, Desk* desk = nullptr, std::size_t at = 0) {
    auto r = test::open_registry(path, registry::Access::read);
    const auto rows = board(r, desk, kCalendar, today);
    REQUIRE(rows);
    REQUIRE(rows->size() == 4);
    return (*rows)[at];
  }
};

}  // namespace

TEST_CASE("a collection is not open, open, missing, received or late, as its days say") {
  World w;
  CHECK(w.row("2026-09-30").status == "not open");
  CHECK(w.row("2026-10-15").status == "open");
  CHECK(w.row("2026-10-16").status == "missing");
  w.send("north", "2026-09-30", {{1, 10}});
  CHECK(w.row("2026-10-16").status == "missing");  // before it opened
  w.send("north", "2026-10-16", {{1, 10}, {2, 20}});
  CHECK(w.row("2026-10-20").status == "late");
  CHECK(w.row("2026-10-20").records == 2);
  CHECK(w.row("2026-10-20").files == 1);
  World on_time;
  on_time.send("north", "2026-10-15", {{1, 10}});
  on_time.send("north", "2026-11-01", {{1, 10}, {2, 20}, {3, 30}});
  CHECK(on_time.row("2026-12-20").status == "received");
  CHECK(on_time.row("2026-12-20").files == 2);
  CHECK(on_time.row("2026-12-20").last_day == "2026-11-01");
  CHECK(on_time.row("2026-12-20", nullptr, 1).status == "missing");  // no staff
  CHECK(on_time.row("2026-12-20", nullptr, 2).status == "missing");  // the other owner
}

TEST_CASE("R45: a directed resubmission stands on the board until something has come") {
  World w;
  w.send("north", "2026-10-02", {{1, 10}});
  Desk desk = w.desk();
  const Act act{"e.dunn", "2026-10-05"};
  const auto id =
      direct_resubmission(desk, "north", "student", "fall", "grades are empty", "2026-10-20", act);
  REQUIRE(id);
  CHECK(w.row("2026-10-06", &desk).status == "rejected");
  CHECK(w.row("2026-10-06", &desk).request == *id);
  CHECK(w.row("2026-10-06", &desk).request_due == "2026-10-20");
  CHECK(w.row("2026-10-06", &desk, 2).request == 0);
  w.send("north", "2026-10-05", {{1, 10, 1}});  // of that day: it came before anybody looked
  CHECK(w.row("2026-10-06", &desk).status == "rejected");
  w.send("north", "2026-10-06", {{1, 10, 2}});
  CHECK(w.row("2026-10-07", &desk).status == "resubmitted");
  REQUIRE(close(desk, *id, "in order", act));
  CHECK(w.row("2026-10-07", &desk).status == "received");
}

TEST_CASE("questions that wait are counted by owner and collection") {
  World w;
  w.send("north", "2026-10-02", {{1, 10}});
  w.send("south<1>", "2026-10-03", {{9, 10, 0, true}});
  CHECK(w.row("2026-10-06").waiting == 0);
  CHECK(w.row("2026-10-06", nullptr, 2).waiting == 1);
}

TEST_CASE("the page escapes what comes from outside, and lists every row") {
  World w;
  auto r = test::open_registry(w.path, registry::Access::read);
  const std::string page =
      board_page(*board(r, nullptr, kCalendar, "2026-10-16"), kCalendar, "2026-10-16");
  CHECK(page.find("south<1>") == std::string::npos);
  CHECK(page.find("south&lt;1&gt;") != std::string::npos);
  CHECK(page.find("missing") != std::string::npos);
  CHECK(page.find("2026-11-30") != std::string::npos);
}
