// Registries of older formats, kept as golden files, and what they become.
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/registry/entry_tables.h"
#include "engine/registry/epoch.h"
#include "engine/registry/history.h"
#include "engine/registry/registry_state.h"
#include "tests/ledger/scratch.h"
#include "tests/registry/world.h"

using namespace tessera;
using namespace tessera::registry;
using namespace tessera::test;

namespace {

// The golden R.db of an older format, with an entry store of that format that holds nothing.
void place(const std::string& path, std::uint32_t version = 1) {
  namespace fs = std::filesystem;
  fs::copy_file(fs::path(TESSERA_TEST_DATA) / "golden" / fmt::format("registry-v{}", version) /
                    "good-three-batches.db",
                path);
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  RegistryName name{};
  std::vector<std::uint32_t> strides;
  {
    const auto db = ledger::Database::open(path, {.mode = ledger::Database::Mode::read_only,
                                                  .application_id = kRegistryKind,
                                                  .version = version});
    REQUIRE(db);
    auto meta = const_cast<ledger::Database&>(*db).prepare("SELECT registry, schema FROM meta");
    REQUIRE(meta);
    REQUIRE(*meta->step());
    std::copy_n(meta->blob(0).begin(), name.size(), name.begin());
    const auto schema = schema::from_json(*json::parse(meta->text(1), "golden"), "golden");
    for (std::size_t p = 0; p < schema->passes.size(); ++p)
      strides.push_back(schema::layout(*schema, p).stride);
  }
  REQUIRE(EntryStore::create(entry_path(path), name, strides, {}));
  auto store = ledger::Database::open(entry_path(path), {.mode = ledger::Database::Mode::read_write,
                                                         .application_id = kEntryStoreKind,
                                                         .version = kFormat});
  REQUIRE(store->exec(fmt::format("DROP TABLE head; {} PRAGMA user_version={}",
                                  version == 1 ? "DROP TABLE asked;" : "", version)));
}

// What a verification finds last, after all that the golden files do hold.
constexpr std::string_view kNoEntries =
    "the stored entries are not those that the registry's handles name";

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
  CHECK(verified(path).starts_with(kNoEntries));
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

TEST_CASE("a registry of format 2 keeps its chain, IDs, payloads and handles, all of epoch 1") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  place(path, 2);
  CHECK(Registry::open(path, Access::read).error().what.find("format 2") != std::string::npos);
  Silent silent;
  const auto random = seeded_random(6);
  const auto upgraded = Registry::upgrade(path, *random, silent);
  if (!upgraded) FAIL(upgraded.error().what);
  REQUIRE(Registry::upgrade(path, *random, silent));  // nothing to do
  CHECK(verified(path).starts_with(kNoEntries));
  Registry r = open_registry(path, Access::read);
  const Counts n = *count(r);
  CHECK(n.batches == 3);
  CHECK(n.records == 15);
  CHECK(n.student_ids == 11);
  CHECK(n.claims == 4);
  CHECK(n.events == 26);  // none is added: it was signed already
  CHECK(to_hex(n.head.hash) == "3596281d59f23820422f2bc06a398ac2fa5d449cf106c7d15dfc25b51a5b4bc3");
  REQUIRE(r.epochs().size() == 1);
  const Epoch& e = r.current();
  CHECK(e.name == "2025-2029");
  CHECK(e.live());
  CHECK(to_hex(*e.key_check) == "21663cd3");
  CHECK((*find_id(r, 9858056385)).has_value());
  CHECK(*r.database().integer("SELECT count(*) FROM payload WHERE epoch = 1") == 15);
  std::size_t handles = 0;
  for (RecordId record = 1; record <= 15; ++record) {
    const auto of_record = r.handles_of(e, record);
    REQUIRE(of_record);
    handles += of_record->size();
    const auto whose = r.records_of(e, *of_record);
    for (const RecordId w : *whose) CHECK(w == record);
  }
  CHECK(handles == 120);
}

TEST_CASE("a registry of format 3 gets checksums, and stays what it was") {
  namespace fs = std::filesystem;
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  for (const char* suffix : {"", ".entries"}) {
    fs::copy_file(
        std::string(TESSERA_TEST_DATA) + "/golden/registry-v3/good-two-epochs.db" + suffix,
        path + suffix);
    fs::permissions(path + suffix, fs::perms::owner_read | fs::perms::owner_write);
  }
  CHECK(Registry::open(path, Access::read).error().what.find("format 3") != std::string::npos);
  Silent silent;
  const auto random = seeded_random(6);
  const auto upgraded = Registry::upgrade(path, *random, silent);
  if (!upgraded) FAIL(upgraded.error().what);
  REQUIRE(Registry::upgrade(path, *random, silent));  // nothing to do
  CHECK(verified(path) == "");
  Registry r = open_registry(path, Access::read);
  const Counts n = *count(r);
  CHECK(n.records == 23);
  CHECK(n.student_ids == 15);
  CHECK(n.events == 41);
  CHECK(to_hex(n.head.hash) == "5b548f2bf1631a9705a481f3f353fae5d8e582f2a030a2305e779b1d1b9c6c15");
  CHECK(r.epochs().size() == 2);
  CHECK(*r.database().integer("SELECT count(*) FROM handle_block WHERE length(sum) = 16") == 2);
}

TEST_CASE("an entry store of format 4 learns which head of its registry it goes with") {
  namespace fs = std::filesystem;
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  const std::string golden =
      std::string(TESSERA_TEST_DATA) + "/golden/registry-v4/good-two-batches.db";
  const auto put = [&](const char* suffix) {
    fs::copy_file(golden + suffix, path + suffix, fs::copy_options::overwrite_existing);
    fs::permissions(path + suffix, fs::perms::owner_read | fs::perms::owner_write);
  };
  put("");
  put(".entries");
  CHECK(Registry::open(path, Access::read).error().what.find("format 4") != std::string::npos);
  Silent silent;
  const auto random = seeded_random(6);
  REQUIRE(Registry::upgrade(path, *random, silent));
  CHECK(verified(path) == "");
  {
    Registry r = open_registry(path, Access::read);
    const Counts n = *count(r);
    CHECK(n.records == 20);
    CHECK(n.student_ids == 20);
    CHECK(n.events == 26);  // none is added
    CHECK(to_hex(n.head.hash) ==
          "daba60c67523e3f8a4a58d57e5026eda95dfa23e36ca669f2ec8b4281a9b0809");
    CHECK(r.entries().read_all(0)->tags.size() == 40);
  }
  put(".entries");  // as if the upgrade had been cut short between the two files
  const auto half = Registry::open(path, Access::read);
  REQUIRE_FALSE(half);
  CHECK(half.error().what.find("'tessera registry upgrade'") != std::string::npos);
  REQUIRE(Registry::upgrade(path, *random, silent));
  CHECK(verified(path) == "");
}

TEST_CASE("an upgrade refuses a registry that is older than its entry store by more than a crash") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  place(path, 2);
  {
    auto entries =
        ledger::Database::open(entry_path(path), {.application_id = kEntryStoreKind, .version = 2});
    REQUIRE(entries->exec("INSERT INTO generation(pass, batch, rows) VALUES(0, 5, 0)"));
  }
  Silent silent;
  const auto random = seeded_random(6);
  const auto refused = Registry::upgrade(path, *random, silent);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::conflict);
  CHECK(refused.error().what.find("holds batch 5") != std::string::npos);
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
