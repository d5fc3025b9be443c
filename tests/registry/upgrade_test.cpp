// Registries of older formats, kept as golden files, and what they become.
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/registry/entry_tables.h"
#include "engine/registry/history.h"
#include "engine/registry/registry_state.h"
#include "tests/ledger/scratch.h"
#include "tests/registry/world.h"

using namespace tessera;
using namespace tessera::registry;
using namespace tessera::test;

namespace {

// The golden R.db, with an entry store of format 1 that holds nothing.
void place(const std::string& path) {
  namespace fs = std::filesystem;
  fs::copy_file(fs::path(TESSERA_TEST_DATA) / "golden" / "registry-v1" / "good-three-batches.db",
                path);
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  RegistryName name{};
  std::vector<std::uint32_t> strides;
  {
    const auto db = ledger::Database::open(
        path,
        {.mode = ledger::Database::Mode::read_only, .application_id = kRegistryKind, .version = 1});
    REQUIRE(db);
    auto meta = const_cast<ledger::Database&>(*db).prepare("SELECT registry, schema FROM meta");
    REQUIRE(meta);
    REQUIRE(*meta->step());
    std::copy_n(meta->blob(0).begin(), name.size(), name.begin());
    const auto schema = schema::from_json(*json::parse(meta->text(1), "golden"), "golden");
    for (std::size_t p = 0; p < schema->passes.size(); ++p)
      strides.push_back(schema::layout(*schema, p).stride);
  }
  REQUIRE(EntryStore::create(entry_path(path), name, strides));
  auto store = ledger::Database::open(entry_path(path), {.mode = ledger::Database::Mode::read_write,
                                                         .application_id = kEntryStoreKind,
                                                         .version = kFormat});
  REQUIRE(store->exec("DROP TABLE asked; PRAGMA user_version=1"));
}

std::string hash_of_event(const std::string& path, int seq) {
  Registry r = open_registry(path, Access::read);
  auto s = r.database().prepare(fmt::format("SELECT hash FROM event WHERE seq = {}", seq));
  REQUIRE(*s->step());
  return to_hex(s->blob(0));
}

}  // namespace

TEST_CASE("a registry of format 1 is refused with the remedy, and upgraded by replay") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  place(path);
  const auto refused = Registry::open(path, Access::read);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().what.find("registry upgrade") != std::string::npos);
  Silent silent;
  const auto random = seeded_random(6);
  const auto upgraded = Registry::upgrade(path, *random, silent);
  if (!upgraded) FAIL(upgraded.error().what);
  REQUIRE(Registry::upgrade(path, *random, silent));  // nothing to do
  CHECK(verified(path) == "");
  Registry r = open_registry(path, Access::read);
  const Counts n = *count(r);
  CHECK(n.batches == 3);
  CHECK(n.records == 14);
  CHECK(n.student_ids == 10);
  CHECK(n.claims == 3);
  CHECK(n.open_reviews == 1);
  CHECK(n.events == 26);  // and the one that names the signing key
  CHECK(hash_of_event(path, 25) ==
        "be082c915d391b67a9267ad0cc647a32f3ac46bddfcebf4e32274b577dac39e6");
  CHECK((*find_id(r, 4433658030)).has_value());
}

TEST_CASE("a broken chain is not upgraded, and the file stays as it was") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  place(path);
  std::string bytes;
  {
    std::ifstream in(path, std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  }
  const std::size_t at = bytes.find("{\"batch\":1,\"key\"");
  REQUIRE(at != std::string::npos);
  bytes[at + 9] = '3';
  std::ofstream(path, std::ios::binary) << bytes;
  Silent silent;
  const auto random = seeded_random(6);
  const auto refused = Registry::upgrade(path, *random, silent);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::format);
  CHECK_FALSE(Registry::open(path, Access::read));  // still of format 1
}
