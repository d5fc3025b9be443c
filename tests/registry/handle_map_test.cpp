// The handle map beside a plain list of every row ever added.
#include "engine/registry/handle_map.h"

#include <algorithm>
#include <map>

#include <doctest/doctest.h>

#include "engine/core/random.h"
#include "engine/registry/tables.h"
#include "tests/registry/database_of.h"

using namespace tessera;
using namespace tessera::registry;
using test::database_of;

namespace {

// Rows as a list: the newest of a handle counts.
struct PlainMap {
  std::vector<HandleRow> rows;
  RecordId record_of(encoded::Handle handle) const {
    RecordId record = 0;
    std::uint32_t newest = 0;
    for (const HandleRow& r : rows)
      if (r.handle == handle && r.batch >= newest) {
        newest = r.batch;
        record = r.record;
      }
    return record;
  }
  bool current(const HandleRow& row) const {
    return std::ranges::none_of(
        rows, [&](const HandleRow& r) { return r.record == row.record && r.batch > row.batch; });
  }
};

// A batch's entries: some records new, some stored again under new handles. Small handles make
// neighbours; a handle is drawn once in a registry's life.
std::vector<HandleRow> batch_of(std::uint32_t batch, std::uint32_t rows, Splitmix& numbers) {
  std::vector<HandleRow> out;
  for (std::uint32_t r = 0; r < rows; ++r)
    out.push_back({numbers.next(), static_cast<std::uint32_t>(1 + numbers.next() % 900), batch});
  return out;
}

// Records 1 to 900, and two epochs without a handle.
ledger::Database database_with_records() {
  ledger::Database database = database_of(std::string(ledger_ddl()) + working_ddl());
  REQUIRE(
      database.exec("PRAGMA foreign_keys=OFF; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT "
                    "i + 1 FROM n WHERE i < 900) INSERT INTO record SELECT i, 1, 1, "
                    "randomblob(16), NULL, 1, 1 FROM n;"
                    "INSERT INTO encoding VALUES(1, '', NULL, 0, x'', x''), (2, '', NULL, 1, "
                    "x'', x'')"));
  for (const std::int64_t epoch : {1, 2}) REQUIRE(HandleMap::add_sums(database, epoch));
  return database;
}

void check_same(HandleMap& map, const PlainMap& plain, Splitmix& numbers) {
  std::vector<encoded::Handle> asked{0, 1, ~encoded::Handle{0}};
  for (std::size_t i = 0; i < plain.rows.size(); i += 1 + plain.rows.size() / 200) {
    asked.push_back(plain.rows[i].handle);
    asked.push_back(plain.rows[i].handle + 1);
  }
  for (std::size_t i = asked.size(); i > 1; --i) std::swap(asked[i - 1], asked[numbers.next() % i]);
  const auto records = map.records_of(asked);
  REQUIRE(records.has_value());
  for (std::size_t i = 0; i < asked.size(); ++i) CHECK((*records)[i] == plain.record_of(asked[i]));
}

}  // namespace

TEST_CASE("handles find their records, through generations and merges and a new opening") {
  ledger::Database database = database_with_records();
  auto opened = HandleMap::open(database, 1);
  REQUIRE(opened.has_value());
  HandleMap map = std::move(*opened);
  PlainMap plain;
  Splitmix numbers{11};
  check_same(map, plain, numbers);
  // The first is of two blocks.
  for (const std::uint32_t rows : {5'000U, 1U, 0U, 700U, 30U, 900U}) {
    const auto batch = batch_of(static_cast<std::uint32_t>(plain.rows.size() + 1), rows, numbers);
    plain.rows.insert(plain.rows.end(), batch.begin(), batch.end());
    REQUIRE(map.add(batch).has_value());
    check_same(map, plain, numbers);
  }
  CHECK(map.untidy());
  REQUIRE(map.merge([&](const HandleRow& r) { return plain.current(r); }).has_value());
  CHECK(!map.untidy());
  std::erase_if(plain.rows, [before = plain](const HandleRow& r) { return !before.current(r); });
  check_same(map, plain, numbers);
  auto again = HandleMap::open(database, 1);
  REQUIRE(again.has_value());
  check_same(*again, plain, numbers);
}

TEST_CASE("a record's handles are those of the batch it was last stored in") {
  ledger::Database database = database_with_records();
  auto map = HandleMap::open(database, 1);
  REQUIRE(map.has_value());
  REQUIRE(map->add({{10, 1, 1}, {11, 1, 1}, {20, 2, 1}}).has_value());
  REQUIRE(map->add({{12, 1, 2}}).has_value());
  const std::vector<HandleMap::StoredIn> stored{{1, 2}, {2, 1}};
  auto handles = map->handles_of(stored);
  REQUIRE(handles.has_value());
  std::ranges::sort(*handles);
  CHECK(*handles == std::vector<encoded::Handle>{12, 20});
  CHECK(map->handles_of({})->empty());
}

TEST_CASE("each epoch has handles of its own") {
  ledger::Database database = database_with_records();
  auto first = HandleMap::open(database, 1);
  auto second = HandleMap::open(database, 2);
  REQUIRE(first->add({{10, 1, 1}, {11, 2, 1}}).has_value());
  REQUIRE(second->add({{12, 1, 1}}).has_value());
  const std::vector<encoded::Handle> asked{10, 11, 12};
  CHECK(*first->records_of(asked) == std::vector<RecordId>{1, 2, 0});
  CHECK(*second->records_of(asked) == std::vector<RecordId>{0, 0, 1});
  REQUIRE(second->merge([](const HandleRow&) { return false; }).has_value());
  CHECK(*HandleMap::open(database, 1)->records_of(asked) == std::vector<RecordId>{1, 2, 0});
  CHECK(*HandleMap::open(database, 2)->records_of(asked) == std::vector<RecordId>{0, 0, 0});
}

TEST_CASE("a damaged block is named, not read") {
  ledger::Database database = database_with_records();
  auto map = HandleMap::open(database, 1);
  REQUIRE(map.has_value());
  REQUIRE(map->add({{10, 1, 1}}).has_value());
  REQUIRE(database.exec("UPDATE handle_block SET body = x'00'").has_value());
  const std::vector<encoded::Handle> asked{10};
  const auto records = map->records_of(asked);
  REQUIRE(!records.has_value());
  CHECK(records.error().code == ErrorCode::format);
  REQUIRE(database.exec("UPDATE handle_block SET first = x'00'").has_value());
  CHECK(!HandleMap::open(database, 1).has_value());
}

TEST_CASE("one changed bit anywhere in a block, its row or the list of blocks is found") {
  const std::vector<encoded::Handle> asked{10, 11};
  const auto error_after = [&](const char* damage) -> std::string {
    ledger::Database database = database_with_records();
    REQUIRE(HandleMap::open(database, 1)->add({{10, 1, 1}, {11, 2, 1}}));
    REQUIRE(HandleMap::open(database, 1)->add({{12, 3, 2}}));
    REQUIRE(database.exec(damage));
    auto map = HandleMap::open(database, 1);
    if (!map) return map.error().what;
    const auto records = map->records_of(asked);
    return records ? "" : records.error().what;
  };
  CHECK(error_after("SELECT 1").empty());
  for (const char* damage :
       {"UPDATE handle_block SET body = zeroblob(length(body))",
        "UPDATE handle_block SET sum = zeroblob(16)", "UPDATE handle_block SET rows = rows + 1",
        "UPDATE handle_block SET generation = generation + 1",
        "UPDATE handle_block SET epoch = 2 WHERE generation = 2",
        "UPDATE handle_block SET last = first", "DELETE FROM handle_block",
        "DELETE FROM handle_block WHERE generation = 2", "UPDATE encoding SET blocks = x''",
        "DELETE FROM encoding", "UPDATE handle_block SET id = id + 7"}) {
    CAPTURE(damage);
    CHECK(error_after(damage).find("restore") != std::string::npos);
  }
}

TEST_CASE("a handle of a record that is not there is refused, whatever the checksums say") {
  const std::vector<encoded::Handle> asked{10};
  for (const std::uint32_t record : {0U, 901U, 0x80000001U}) {
    ledger::Database database = database_with_records();
    auto map = HandleMap::open(database, 1);
    REQUIRE(map->add({{10, record, 1}}));
    CHECK(!map->records_of(asked));
    CHECK(!map->merge([](const HandleRow&) { return true; }));
    CHECK(!map->handles_of(std::vector<HandleMap::StoredIn>{{record, 1}}));
  }
}
