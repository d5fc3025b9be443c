// Copies of the two files of different moments: every pair that does not belong together is
// refused.
#include <filesystem>
#include <fstream>
#include <map>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/registry/collection.h"
#include "engine/registry/entry_tables.h"
#include "engine/registry/epoch.h"
#include "engine/registry/history.h"
#include "engine/registry/id_changes.h"
#include "engine/registry/registry_state.h"
#include "engine/registry/retention.h"
#include "engine/registry/rulings.h"
#include "tests/ledger/scratch.h"
#include "tests/registry/world.h"

namespace entry_heads_test {

using namespace tessera;
using namespace tessera::registry;
using namespace tessera::test;
namespace fs = std::filesystem;

namespace {

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

ledger::Head head_of(const std::string& path) {
  Registry r = open_registry(path, Access::read);
  return *ledger::read_head(r.database());
}

std::int64_t heads_kept(const std::string& path) {
  auto db = ledger::Database::open(entry_path(path), {.mode = ledger::Database::Mode::read_only,
                                                      .application_id = kEntryStoreKind,
                                                      .version = kFormat});
  return *db->integer("SELECT count(*) FROM head");
}

// A registry whose two files are kept as they were after each step.
class History {
 public:
  explicit History(std::uint64_t seed) : g_(seed, 23), seed_(seed) {
    create_registry(path_, seed);
    keep();
  }
  void step() {
    const std::uint64_t what = g_.below(10);
    if (what < 4)
      batch();
    else if (what < 5)
      ruling();
    else if (what < 7)
      merge_or_archive();
    else if (what < 8)
      stop_ssns();
    else if (what < 9)
      purge();
    else
      destroy();
    keep();
  }
  std::size_t moments() const { return heads_.size(); }
  const ledger::Head& head(std::size_t i) const { return heads_[i]; }
  std::string kept(std::size_t i) const { return scratch_ / fmt::format("{}.db", i); }
  // The registry of moment i beside the entry store of moment j.
  std::string pair(std::size_t i, std::size_t j) const {
    const std::string to = scratch_ / "pair.db";
    for (const auto& file : fs::directory_iterator(fs::path(to).parent_path()))
      if (file.path().filename().string().starts_with("pair.db")) fs::remove(file.path());
    fs::copy_file(kept(i), to);
    fs::copy_file(kept(j) + ".entries", to + ".entries");
    fs::copy_file(path_ + ".key", to + ".key");
    return to;
  }

 private:
  std::uint64_t next() { return seed_ * 1000 + ++count_; }
  Registry write() { return open_registry(path_, Access::write); }
  StateId any_id() {
    Registry r = open_registry(path_, Access::read);
    const auto id =
        r.database().integer("SELECT id FROM state_id WHERE state = 1 ORDER BY random() LIMIT 1");
    return id ? static_cast<StateId>(*id) : 0;
  }
  void batch() {
    Roster roster{fmt::format("o{}", g_.below(3)), {}};
    for (std::uint8_t key = 1; key <= 6; ++key)
      roster.rows.push_back(
          {key, g_.below(12), static_cast<std::uint8_t>(g_.below(2)), g_.chance(.2)});
    REQUIRE(submit(path_, {roster}, next(), g_.chance(.3)));
  }
  void ruling() {
    std::vector<OpenReview> open;
    {
      Registry r = open_registry(path_, Access::read);
      open = *open_reviews(r, {});
    }
    if (open.empty()) return;
    const auto random = seeded_random(next());
    Registry r = write();
    (void)rule(r, {open.front().review, Verdict::different, 0, kAna}, *random);
  }
  void merge_or_archive() {
    const StateId a = any_id();
    const StateId b = any_id();
    Registry r = write();
    (void)(g_.chance(.5) ? merge_ids(r, a, b, kAna, true) : archive_id(r, a, kAna));
  }
  void stop_ssns() {
    Registry r = write();
    REQUIRE(r.set_collection({"ssn", "", "2026-01-01", Collect::strip}));
  }
  void purge() {
    Silent silent;
    const auto random = seeded_random(next());
    Registry r = write();
    REQUIRE(purge_ssn(r, *random, silent));
  }
  void destroy() {
    Silent silent;
    const StateId id = any_id();
    {
      Registry r = write();
      if (!archive_id(r, id, kAna)) return;
    }
    Registry r = write();
    (void)destroy_archived(r, {id}, kAna, silent);  // refused where a question is open
  }
  void keep() {
    const ledger::Head now = head_of(path_);
    if (!heads_.empty() && heads_.back() == now) return;
    REQUIRE(write().path() == path_);  // the last to close empties both logs
    heads_.push_back(now);
    fs::copy_file(path_, kept(heads_.size() - 1));
    fs::copy_file(path_ + ".entries", kept(heads_.size() - 1) + ".entries");
  }

  Scratch scratch_;
  std::string path_ = scratch_ / "R.db";
  Splitmix g_;
  std::uint64_t seed_;
  std::uint64_t count_ = 0;
  std::vector<ledger::Head> heads_;
};

void check_refused(const std::string& path, std::string_view which) {
  const std::string before[] = {bytes_of(path), bytes_of(path + ".entries")};
  for (const Access access : {Access::write, Access::read}) {
    const auto refused = Registry::open(path, access);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::conflict);
    CHECK(refused.error().where == path + ".entries");
    CAPTURE(refused.error().what);
    for (const std::string_view part :
         {std::string_view(path), which, std::string_view("restore both files from one backup")})
      CHECK(refused.error().what.find(part) != std::string::npos);
  }
  CHECK(bytes_of(path) == before[0]);
  CHECK(bytes_of(path + ".entries") == before[1]);
}

}  // namespace

TEST_CASE("of a random history only the two files of one moment go together, whatever the change") {
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    CAPTURE(seed);
    History history(seed);
    while (history.moments() < 7) history.step();
    for (std::size_t i = 0; i < history.moments(); ++i)
      for (std::size_t j = 0; j < history.moments(); ++j) {
        CAPTURE(i);
        CAPTURE(j);
        const std::string path = history.pair(i, j);
        if (i == j)
          CHECK(verified(path) == "");
        else
          check_refused(
              path, i < j ? "the registry is an older copy" : "the entry store is an older copy");
      }
  }
}

TEST_CASE("a copy that was put back as a pair and went on is no other's, batch for batch") {
  const Scratch scratch;
  const std::string path = scratch / "R.db", other = scratch / "S.db";
  const auto roster = [](std::uint64_t n) {
    return std::vector<Roster>{{fmt::format("o{}", n), {{1, 10 * n}, {2, 10 * n + 1}}}};
  };
  create_registry(path);
  REQUIRE(submit(path, roster(1), 1));
  for (const char* part : {"", ".entries", ".key"}) fs::copy_file(path + part, other + part);
  REQUIRE(submit(path, roster(2), 2));
  REQUIRE(submit(other, roster(2), 3));  // the same records, other IDs
  REQUIRE(head_of(path).seq == head_of(other).seq);
  const auto swap_in = [&](const std::string& from) {
    fs::copy_file(from, path + ".entries", fs::copy_options::overwrite_existing);
  };
  fs::copy_file(path + ".entries", scratch / "own");
  swap_in(other + ".entries");
  check_refused(path, "the two went on apart from one copy");
  swap_in(scratch / "own");
  CHECK(verified(path) == "");
}

// Where a commit may be cut short: after staging, after the announcement, before it is settled.
TEST_CASE("a crash before the registry's commit is healed by the next writer, and by it alone") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  const std::vector<Roster> roster = {{"a", {{1, 10}, {2, 20}, {3, 30}}}};
  create_registry(path);
  REQUIRE(submit(path, roster, 1));
  const ledger::Head stands = head_of(path);
  for (const bool announced : {false, true}) {
    {
      Registry r = open_registry(path, Access::write);
      const auto all = r.entries().read_all(0);
      const EntryStore::Source source{all->view(), {}};
      REQUIRE(r.entries().add_pass(r.next_batch(), 0, {&source, 1}));
      REQUIRE(r.entries().drop_handles(r.next_batch(), all->handles));
      if (announced) REQUIRE(r.entries().announce({stands.seq + 7, Sha256{9}}));
    }
    CHECK(heads_kept(path) == (announced ? 2 : 1));
    CHECK(open_registry(path, Access::read).entries().read_all(0)->tags.size() == 3);
    CHECK(heads_kept(path) == (announced ? 2 : 1));  // a reader leaves it
    CHECK(open_registry(path, Access::write).entries().read_all(0)->tags.size() == 3);
    CHECK(heads_kept(path) == 1);
    CHECK(verified(path) == "");
  }
  CHECK(head_of(path) == stands);
  const auto again = submit(path, {{"b", {{1, 10}, {2, 20}, {4, 40}}}}, 2);
  REQUIRE(again);
  CHECK(again->ids_issued == 1);
}

TEST_CASE("a crash after the registry's commit is settled by the next writer") {
  const Scratch scratch;
  const std::string path = scratch / "R.db", old = scratch / "old.db";
  create_registry(path);
  REQUIRE(submit(path, {{"a", {{1, 10}}}}, 1));
  const ledger::Head before = head_of(path);
  fs::copy_file(path, old);
  REQUIRE(submit(path, {{"a", {{1, 10}, {2, 20}}}}, 2));
  {
    Registry r = open_registry(path, Access::write);
    REQUIRE(r.entries().announce(before));  // as if it had never been taken out
  }
  CHECK(heads_kept(path) == 2);
  CHECK(verified(path) == "");
  CHECK(open_registry(path, Access::write).entries().read_all(0)->tags.size() == 2);
  CHECK(heads_kept(path) == 1);
  fs::copy_file(old, path, fs::copy_options::overwrite_existing);
  check_refused(path, "the registry is an older copy");
}

TEST_CASE("a new epoch and its end are moments like any other") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  create_registry(path);
  REQUIRE(submit(path, {{"a", {{1, 10}, {2, 20}}}}, 1));
  std::vector<std::string> kept;
  const auto keep = [&] {
    kept.push_back(scratch / fmt::format("{}.db", kept.size()));
    for (const char* part : {"", ".entries", ".key"})
      fs::copy_file(path + part, kept.back() + part);
  };
  keep();
  schema::Schema next = *schema::load("default");
  next.epoch = "2030-2034";
  REQUIRE(open_epoch(*std::make_unique<Registry>(open_registry(path, Access::write)), next,
                     KeyCheck{7, 7, 7, 7}));
  keep();
  Silent silent;
  REQUIRE(
      end_epoch(*std::make_unique<Registry>(open_registry(path, Access::write)), 1, kAna, silent));
  keep();
  for (std::size_t i = 0; i < kept.size(); ++i)
    for (std::size_t j = 0; j < kept.size(); ++j) {
      const std::string to = scratch / fmt::format("pair{}{}.db", i, j);
      fs::copy_file(kept[i], to);
      fs::copy_file(kept[i] + ".key", to + ".key");
      fs::copy_file(kept[j] + ".entries", to + ".entries");
      if (i == j)
        CHECK(verified(to) == "");
      else
        check_refused(to, "is an older copy");
    }
}

TEST_CASE("a damaged list of heads is refused") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  create_registry(path);
  for (const char* damage : {"DELETE FROM head", "UPDATE head SET hash = zeroblob(32)"}) {
    auto db = ledger::Database::open(entry_path(path),
                                     {.application_id = kEntryStoreKind, .version = kFormat});
    REQUIRE(db->exec(damage));
    CHECK_FALSE(Registry::open(path, Access::write));
    CHECK_FALSE(Registry::open(path, Access::read));
    if (std::string_view(damage).starts_with("DELETE")) REQUIRE(add_head(*db, {2, Sha256{1}}));
  }
}

TEST_CASE("the newest head of a store is the registry's own, after every batch and every change") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  create_registry(path);
  const auto newest = [&path] {
    Registry r = open_registry(path, Access::read);
    return *r.entries().newest_head();
  };
  StateId id = 0;
  for (std::uint8_t k = 1; k <= 3; ++k) {
    id = submit(path, {{"a", {{k, std::uint64_t{10} + k}}}}, k)->issued[0].id;
    CHECK(newest() == head_of(path));
  }
  {
    Registry r = open_registry(path, Access::write);
    REQUIRE(archive_id(r, id, kAna));
  }
  CHECK(newest() == head_of(path));
}

}  // namespace entry_heads_test
