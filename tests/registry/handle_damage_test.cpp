// Damaged handle blocks, weights and lists: found at verify, and refused by what would use them.
#include <filesystem>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/core/random.h"
#include "engine/registry/history.h"
#include "engine/registry/registry_state.h"
#include "tests/ledger/scratch.h"
#include "tests/registry/world.h"

using namespace tessera;
using namespace tessera::registry;
using namespace tessera::test;

namespace {

// A copy of the registry, on which the SQL is run; its entry store is attached as e.
std::string damaged_copy(const std::string& path, const std::string& copy, const std::string& sql) {
  namespace fs = std::filesystem;
  for (const char* suffix : {"", ".key", ".entries"})
    fs::copy_file(path + suffix, copy + suffix, fs::copy_options::overwrite_existing);
  auto db = open_database(copy, ledger::Database::Mode::read_write);
  REQUIRE(db);
  REQUIRE(
      db->exec(fmt::format("PRAGMA foreign_keys=OFF; ATTACH '{}.entries' AS e; {}", copy, sql)));
  return copy;
}

std::string exactly(std::string_view column, std::int64_t id, std::uint64_t at,
                    unsigned char byte) {
  return fmt::format(
      "UPDATE handle_block SET {0} = CAST(substr({0}, 1, {2}) || x'{3:02x}' || substr({0}, {2} + "
      "2) "
      "AS BLOB) WHERE id = {1}",
      column, id, at, byte);
}

// One bit of a column's bytes, in any block.
std::string flipped_bit(ledger::Database& db, std::string_view column, Splitmix& g) {
  auto s = db.prepare(fmt::format("SELECT id, {} FROM handle_block ORDER BY random()", column));
  REQUIRE(s);
  REQUIRE(*s->step());
  const ByteView bytes = s->blob(1);
  const std::uint64_t at = g.below(bytes.size());
  return exactly(column, s->integer(0), at,
                 static_cast<unsigned char>(bytes[at] ^ (1U << g.below(8))));
}

// 1,200 records of four owners: two blocks in the first generation, and two more generations.
std::vector<Roster> many(std::string_view prefix) {
  std::vector<Roster> out;
  for (std::uint64_t owner = 0; owner < 4; ++owner) {
    Roster& roster = out.emplace_back(Roster{fmt::format("{}{}", prefix, owner), {}});
    for (std::uint64_t i = 0; i < 250; ++i)
      roster.rows.push_back({static_cast<std::uint8_t>(i), 1000 * owner + i});
  }
  return out;
}

}  // namespace

TEST_CASE("a registry whose handles do not hold together is neither intact nor used") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  create_registry(path);
  REQUIRE(submit(path, {{"north", {{1, 11}, {2, 12}, {3, 13}}}}, 1));
  CHECK(verified(path) == "");
  for (const char* damage :
       {"UPDATE handle_block SET body = zeroblob(length(body))", "DELETE FROM handle_block",
        "DELETE FROM handle_block; UPDATE encoding SET blocks = x''",
        "UPDATE pass_share SET share = 0", "DELETE FROM pass_share", "DELETE FROM e.generation",
        "DELETE FROM e.pass"}) {
    CAPTURE(damage);
    CHECK(verified(damaged_copy(path, scratch / "damaged.db", damage)).find("restore") !=
          std::string::npos);
  }
}

TEST_CASE("a bit or a row lost anywhere in the handles is found, and nobody gets a second ID") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  create_registry(path);
  REQUIRE(submit(path, many("north"), 1));
  REQUIRE(submit(path, {{"east", {{1, 9001}, {2, 9002}}}}, 2));
  REQUIRE(submit(path, {{"west", {{1, 9003}}}}, 3));
  std::vector<std::string> damages;
  {
    Registry r = open_registry(path, Access::read);
    REQUIRE(*r.database().integer("SELECT count(*) FROM handle_block") == 4);
    Splitmix g(7);
    for (const std::string_view column : {"body", "body", "body", "body", "sum", "first", "last"})
      for (int n = 0; n < 4; ++n) damages.push_back(flipped_bit(r.database(), column, g));
    for (std::int64_t id = 1; id <= 4; ++id)
      for (const std::string_view what :
           {"DELETE FROM handle_block", "UPDATE handle_block SET rows = rows - 1",
            "UPDATE handle_block SET generation = 9", "UPDATE handle_block SET epoch = 2",
            "UPDATE handle_block SET id = 77", "UPDATE handle_block SET body = x''"})
        damages.push_back(fmt::format("{} WHERE id = {}", what, id));
  }
  damages.insert(damages.end(), {"UPDATE encoding SET blocks = zeroblob(16)",
                                 "UPDATE encoding SET blocks = x''", "DELETE FROM encoding"});
  auto both = many("south");
  both.push_back({"far", {{1, 9001}, {2, 9002}, {3, 9003}}});
  int refused = 0;
  for (const std::string& damage : damages) {
    CAPTURE(damage);
    const std::string copy = damaged_copy(path, scratch / "damaged.db", damage);
    CHECK(verified(copy) != "");
    const auto receipt = submit(copy, both, 4);
    if (receipt) CHECK(receipt->ids_issued == 0);  // the damage is where nobody looked
    refused += receipt ? 0 : 1;
    std::filesystem::remove(copy + "-wal");
    std::filesystem::remove(copy + ".entries-wal");
  }
  CHECK(refused == static_cast<int>(damages.size()));
}

TEST_CASE("a changed record number in a block stops whoever asks for records, and names the file") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  create_registry(path);
  REQUIRE(submit(path, {{"north", {{1, 11}, {2, 12}, {3, 13}}}}, 1));
  {
    auto db = open_database(path, ledger::Database::Mode::read_write);
    REQUIRE(db);
    REQUIRE(db->exec(exactly("body", 1, 10, 0x80)));
  }
  Registry r = open_registry(path, Access::read);
  const auto entries = r.entries().read_all(0);
  REQUIRE(entries);
  const auto records = r.records_of(r.current(), entries->handles);
  REQUIRE(!records);
  CHECK(records.error().code == ErrorCode::format);
  CHECK(records.error().where == path);
}
