// Random histories: batches under all live epochs, rulings, merges, splits, undos, purges,
// destructions, epochs that begin and end, crashes and restores. After each step the three
// invariants, the plain replay and verify().
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <map>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/registry/aliases.h"
#include "engine/registry/collection.h"
#include "engine/registry/epoch.h"
#include "engine/registry/history.h"
#include "engine/registry/retention.h"
#include "engine/registry/rulings.h"
#include "tests/ledger/scratch.h"
#include "tests/reference/registry_plain.h"
#include "tests/registry/world.h"

namespace random_history_test {

using namespace tessera;
using namespace tessera::registry;
using namespace tessera::test;
using reference::PlainRegistry;

namespace {

PlainRegistry replay(Registry& r) {
  PlainRegistry out;
  auto s = r.database().prepare("SELECT type, body FROM event ORDER BY seq");
  while (*s->step()) out.apply(s->text(0), *json::parse(s->text(1), "event"));
  return out;
}

std::string state_name(std::int64_t state) {
  return state == 1 ? "live" : state == 2 ? "provisional" : state == 3 ? "retired" : "archived";
}

// The tables are what the plain replay makes of the events.
void check_replay(Registry& r, const PlainRegistry& plain) {
  CHECK(plain.faults.empty());
  std::map<std::string, PlainRegistry::Id> ids;
  auto s = r.database().prepare("SELECT id, person, state, survivor FROM state_id");
  while (*s->step())
    ids[std::to_string(s->integer(0))] = {s->integer(1), state_name(s->integer(2)),
                                          s->is_null(3) ? "" : std::to_string(s->integer(3))};
  CHECK(ids == plain.ids);
  std::map<std::int64_t, std::int64_t> records;
  s = r.database().prepare("SELECT id, person FROM record");
  while (*s->step()) records[s->integer(0)] = s->integer(1);
  CHECK(records == plain.record_person);
  std::set<std::int64_t> open;
  s = r.database().prepare("SELECT id FROM review WHERE state = 1");
  while (*s->step()) open.insert(s->integer(0));
  CHECK(open == plain.open_reviews);
  std::set<std::pair<std::int64_t, std::int64_t>> different;
  s = r.database().prepare("SELECT a, b FROM different");
  while (*s->step()) different.emplace(s->integer(0), s->integer(1));
  CHECK(different == plain.different);
  std::map<std::pair<std::string, std::string>, std::string> aliases;
  s = r.database().prepare("SELECT system, alias, state_id FROM alias");
  while (*s->step())
    aliases[{std::string(s->text(0)), std::string(s->text(1))}] = std::to_string(s->integer(2));
  CHECK(aliases == plain.aliases);
  std::set<std::pair<std::string, std::string>> linked;
  s = r.database().prepare("SELECT student, staff FROM linked");
  while (*s->step()) linked.emplace(std::to_string(s->integer(0)), std::to_string(s->integer(1)));
  CHECK(linked == plain.linked);
}

// R1: an ID never changes its person or goes away, and one that a restore forgot (`lost`) is not
// given again. R2: each leads to one ID, for ever. R3: whoever has records has one ID in use (or
// one that a person retired).
void check_invariants(const PlainRegistry& plain, std::map<std::string, std::int64_t>& ever,
                      const std::map<std::string, std::int64_t>& lost) {
  for (const auto& [id, person] : lost) CHECK_FALSE(plain.ids.contains(id));
  for (const auto& [id, person] : ever) {
    REQUIRE(plain.ids.contains(id));
    CHECK(plain.ids.at(id).person == person);
  }
  std::set<std::int64_t> in_use;
  for (const auto& [id, kept] : plain.ids) {
    ever[id] = kept.person;
    CHECK(plain.resolve(id) != "");
    if (kept.state != "retired") CHECK(in_use.insert(kept.person).second);
    if (kept.state != "retired") CHECK(kept.survivor.empty());
  }
  for (const auto& [record, person] : plain.record_person)
    if (person != 0) {
      const std::string& own = plain.id_of_person.at(person);
      CHECK(plain.resolve(own) == own);  // a person with records is nobody else
    }
}

class World {
 public:
  explicit World(std::uint64_t seed) : g_(seed, 17), seed_(seed) {
    create_registry(path_, seed, true);
  }

  void step() {
    using Step = void (World::*)();
    static constexpr std::pair<int, Step> kSteps[] = {
        {30, &World::batch},  {11, &World::ruling},        {8, &World::merge},
        {8, &World::split},   {7, &World::undo},           {9, &World::retire_or_archive},
        {1, &World::alias},   {2, &World::link},           {4, &World::purge},
        {5, &World::destroy}, {4, &World::begin_epoch},    {4, &World::close_epoch},
        {3, &World::crash},   {4, &World::copy_or_restore}};
    auto what = static_cast<int>(g_.below(100));
    for (const auto& [share, step] : kSteps) {
      what -= share;
      if (what >= 0) continue;
      (this->*step)();
      break;
    }
    check();
  }
  // What takes out for good, once in every history: drawn alone, one might have none of it.
  void remove_something() {
    for (const auto step :
         {&World::batch, &World::begin_epoch, &World::batch, &World::close_epoch, &World::purge}) {
      (this->*step)();
      check();
    }
    for (int n = 0; n < 50 && !happened_.contains("destroy"); ++n) {
      {
        Registry r = write();
        note(archive_id(r, any_id(), kAna));
      }
      destroy();
      check();
    }
  }
  int done() const { return done_; }
  const std::set<std::string>& happened() const { return happened_; }

 private:
  std::uint64_t next() { return seed_ * 100'000 + ++count_; }

  std::vector<Roster> draw_batch() {
    std::vector<Roster> out;
    for (const char* owner : {"a", "b", "c"}) {
      Roster roster{owner,
                    {},
                    g_.chance(.15) ? encoded::Population::staff : encoded::Population::student,
                    g_.chance(.7)};
      for (std::uint8_t key = 1; key <= 9; ++key)
        if (g_.chance(.4))
          roster.rows.push_back({key, g_.below(20), static_cast<std::uint8_t>(g_.below(3)),
                                 g_.chance(.25), 2, g_.chance(.95), g_.chance(.1), g_.chance(.03)});
      out.push_back(roster);
    }
    return out;
  }
  void batch() {
    const auto rosters = draw_batch();
    const bool provisional = g_.chance(.4);
    auto receipt = submit(path_, rosters, next(), provisional);
    if (!receipt && receipt.error().what.find("purge") != std::string::npos) {
      purge();  // was cut short
      receipt = submit(path_, rosters, next(), provisional);
    }
    if (!receipt) FAIL(receipt.error().what);
    ++done_;
  }
  template <class T>
  void note(const Result<T>& made) {  // refused is fine; damaged is not
    if (made) {
      ++done_;
      return;
    }
    CAPTURE(made.error().what);
    CHECK((made.error().code == ErrorCode::conflict || made.error().code == ErrorCode::usage));
  }
  Registry write() { return open_registry(path_, Access::write); }
  StateId any_id() {
    if (ever_.empty()) return 1234567890;
    auto it = ever_.begin();
    std::advance(it, static_cast<std::ptrdiff_t>(g_.below(ever_.size())));
    return std::stoull(it->first);
  }
  void ruling() {
    std::vector<OpenReview> open;
    {
      Registry r = open_registry(path_, Access::read);
      open = *open_reviews(r, {});
    }
    if (open.empty()) return;
    const OpenReview& v = open[g_.below(open.size())];
    Ruling ruling{v.review, static_cast<Verdict>(1 + g_.below(4)), 0, kAna};
    if (!v.candidates.empty() && g_.chance(.6))
      ruling.id = v.candidates[g_.below(v.candidates.size())].id;
    Registry r = write();
    const auto random = seeded_random(Splitmix(next(), 3).next());
    note(rule(r, ruling, *random));
  }
  void merge() {
    Registry r = write();
    note(merge_ids(r, any_id(), any_id(), kAna, g_.chance(.3)));
  }
  void split() {
    Registry r = write();
    const auto random = seeded_random(Splitmix(next(), 4).next());
    const char* owners[] = {"a", "b", "c"};
    note(split_id(r, any_id(), owners[g_.below(3)], {}, kAna, *random));
  }
  void undo() {
    Registry r = write();
    const auto most = *r.database().integer("SELECT ifnull(max(id), 0) FROM change");
    note(undo_change(
        r, 1 + static_cast<std::int64_t>(g_.below(static_cast<std::uint64_t>(most) + 1)), kAna));
  }
  void retire_or_archive() {
    Registry r = write();
    note(g_.chance(.25) ? retire_id(r, any_id(), kAna) : archive_id(r, any_id(), kAna));
  }
  void alias() {
    Registry r = write();
    const std::string name = fmt::format("M-{}", g_.below(12));
    if (g_.chance(.25))
      note(remove_alias(r, "migrant", name, "ana"));
    else
      note(add_aliases(r, {{"migrant", name, any_id()}}, "ana"));
  }
  // The first student and the first staff ID that are in use, so that most links are not refused.
  void link() {
    Registry r = write();
    const auto of = [&r](Space space) {
      return *r.database().integer(
          fmt::format("SELECT ifnull((SELECT id FROM state_id WHERE space = {} AND state = 1 ORDER "
                      "BY person LIMIT 1), 1234567890)",
                      static_cast<int>(space)));
    };
    note(link_ids(r, static_cast<StateId>(of(Space::student)),
                  static_cast<StateId>(of(Space::staff)), kAna));
  }
  static constexpr int kAct = 3;  // of what crash() draws
  // One of the acts that change both files.
  bool act(std::uint64_t which, const std::vector<Roster>& rosters, std::uint64_t seed) {
    if (which >= kAct) return submit(path_, rosters, seed, true).has_value();
    Registry r = write();
    Silent silent;
    const auto random = seeded_random(Splitmix(seed, 5).next());
    if (which == 0) return purge_ssn(r, *random, silent).has_value();
    if (which == 1) return end_epoch(r, oldest_live(r), kAna, silent).has_value();
    return destroy_archived(r, archived(r), kAna, silent).has_value();
  }
  void crash() {
    const auto rosters = draw_batch();
    const std::uint64_t seed = next();
    const std::uint64_t which = g_.below(kAct + 3);
    const auto wait = static_cast<useconds_t>(g_.below(12'000));
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) _exit(act(which, rosters, seed) ? 0 : 1);
    usleep(wait);
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    Registry r = write();  // drops what was staged
  }
  void purge() {
    Registry r = write();
    const auto random = seeded_random(Splitmix(next(), 5).next());
    Silent silent;
    note(purge_ssn(r, *random, silent));
  }
  // The last archived IDs, up to three.
  static std::vector<StateId> archived(Registry& r) {
    auto s = r.database().prepare(
        "SELECT id FROM state_id WHERE state = 4 ORDER BY person DESC LIMIT 3");
    std::vector<StateId> out;
    while (*s->step()) out.push_back(static_cast<StateId>(s->integer(0)));
    return out;
  }
  void destroy() {
    std::vector<StateId> ids;
    {
      Registry r = write();
      ids = archived(r);
    }
    for (const StateId id : ids) destroy(id);
  }
  void destroy(StateId id) {
    std::vector<RecordId> gone;
    {
      Registry r = write();
      auto s = r.database().prepare(
          "SELECT r.id FROM record r JOIN state_id i ON i.person = r.person WHERE i.id = ?1");
      s->bind(1, static_cast<std::int64_t>(id));
      while (*s->step()) gone.push_back(static_cast<RecordId>(s->integer(0)));
      Silent silent;
      const auto done = destroy_archived(r, {id}, kAna, silent);
      note(done);
      if (!done) return;
    }
    Registry r = open_registry(path_, Access::read);
    for (const Epoch& e : r.epochs())
      if (e.live()) CHECK(r.handles_of(e, gone)->empty());
  }
  void begin_epoch() {
    Registry r = write();
    if (std::ranges::count_if(r.epochs(), &Epoch::live) < 3) note(add_epoch(r));
  }
  static std::int64_t oldest_live(const Registry& r) {
    return std::ranges::find_if(r.epochs(), &Epoch::live)->number;
  }
  void close_epoch() {
    Registry r = write();
    Silent silent;
    note(end_epoch(r, oldest_live(r), kAna, silent));
  }
  // A backup is a copy of both files taken under the write lock; a restore puts both back.
  void copy_or_restore() {
    namespace fs = std::filesystem;
    const auto place = [](const std::string& from, const std::string& to) {
      for (const char* part : {"", "-wal", ".entries", ".entries-wal"}) {
        fs::remove(to + part);
        if (fs::exists(from + part)) fs::copy_file(from + part, to + part);
      }
      for (const char* part : {"-shm", ".entries-shm"}) fs::remove(to + part);
    };
    if (saved_.empty() || g_.chance(.5)) {
      Registry r = write();
      saved_ = scratch_ / "saved.db";
      place(path_, saved_);
      saved_ids_ = ever_;
    } else {
      place(saved_, path_);
      for (const auto& id : ever_)
        if (!saved_ids_.contains(id.first)) lost_.insert(id);
      ever_ = saved_ids_;
      ++done_;
    }
  }
  void check() {
    {
      Registry r = open_registry(path_, Access::read);
      const PlainRegistry plain = replay(r);
      auto types = r.database().prepare("SELECT DISTINCT type FROM event");
      while (*types->step()) happened_.emplace(types->text(0));
      check_replay(r, plain);
      check_invariants(plain, ever_, lost_);
    }
    CHECK(verified(path_) == "");
  }

  Scratch scratch_;
  std::string path_ = scratch_ / "R.db";
  std::string saved_;
  Splitmix g_;
  std::uint64_t seed_;
  std::uint64_t count_ = 0;
  // Every ID and its person: of this history, of the backup, and of what a restore took back.
  std::map<std::string, std::int64_t> ever_, saved_ids_, lost_;
  std::set<std::string> happened_;  // types of events, also of what a restore took back
  int done_ = 0;
};

}  // namespace

TEST_CASE(
    "R1, R2, R3: over random histories no ID changes hands, every ID resolves, and the events "
    "give the tables") {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    CAPTURE(seed);
    World world(seed);
    for (int n = 0; n < 20; ++n) world.step();
    world.remove_something();
    for (int n = 0; n < 20; ++n) world.step();
    CHECK(world.done() > 15);
    for (const char* type : {"purge", "destroy", "epoch", "end"})
      CHECK_MESSAGE(world.happened().contains(type), type);
  }
}

}  // namespace random_history_test
