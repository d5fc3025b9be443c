// Several processes that change one registry at once, each in its own way.
#include <array>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/registry/history.h"
#include "engine/registry/id_changes.h"
#include "engine/registry/rulings.h"
#include "tests/ledger/scratch.h"
#include "tests/reference/registry_plain.h"
#include "tests/registry/world.h"

namespace writers_test {

using namespace tessera;
using namespace tessera::registry;
using namespace tessera::test;

namespace {

constexpr int kEach = 12;
// What a turn came to: done, refused by what the registry holds, nothing to do, or a failure.
enum class Turn : std::uint8_t { done, refused, idle, failed };

template <class T>
Turn turn_of(const Result<T>& made) {
  if (made) return Turn::done;
  const ErrorCode code = made.error().code;
  return code == ErrorCode::conflict || code == ErrorCode::usage ? Turn::refused : Turn::failed;
}

Result<Registry> writer(const std::string& path) {
  return Registry::open(path, registry::Access::write, 60'000);
}

// North knows everybody surely; south's records may be some of them, each time others.
Turn assign(const std::string& path, std::uint64_t n) {
  Roster north{"north", {}};
  Roster south{"south", {}};
  for (std::uint8_t i = 0; i < 10; ++i) {
    const std::uint64_t who = 10 * n + i;
    north.rows.push_back({static_cast<std::uint8_t>(who), who});
    if (i % 2 == 0) south.rows.push_back({static_cast<std::uint8_t>(who), who, 0, true});
  }
  return turn_of(submit(path, {north, south}, 1000 + n));
}

Turn decide_one(const std::string& path, std::uint64_t n) {
  std::vector<OpenReview> open;
  {
    auto reader = Registry::open(path, registry::Access::read);
    if (!reader) return Turn::failed;
    const auto listed = open_reviews(*reader, {});
    if (!listed) return turn_of(listed);
    open = *listed;
  }
  if (open.empty()) return Turn::idle;
  auto r = writer(path);
  if (!r) return Turn::failed;  // it waits: a lock is no refusal
  const auto random = seeded_random(5000 + n);
  Ruling ruling{open[n % open.size()].review, n % 3 == 0 ? Verdict::same : Verdict::different, 0,
                kAna};
  return turn_of(rule(*r, ruling, *random));
}

Turn merge_two(const std::string& path, std::uint64_t n) {
  auto r = writer(path);
  if (!r) return Turn::failed;
  auto s = r->database().prepare("SELECT id FROM state_id WHERE state = 1 ORDER BY person");
  std::vector<StateId> ids;
  while (s && *s->step()) ids.push_back(static_cast<StateId>(s->integer(0)));
  if (ids.size() < 4) return Turn::idle;
  return turn_of(merge_ids(*r, ids[n % 3], ids[3], kAna));
}

using Act = Turn (*)(const std::string&, std::uint64_t);

// A process that does so until it has done `kEach`; its status is how many turns failed.
pid_t start(const std::string& path, Act act) {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child != 0) return child;
  int done = 0;
  int failed = 0;
  for (std::uint64_t n = 0; done < kEach && failed == 0 && n < 2000; ++n) {
    const Turn turn = act(path, n);
    done += turn == Turn::done ? 1 : 0;
    failed += turn == Turn::failed ? 1 : 0;
    if (turn != Turn::done) usleep(5000);
  }
  _exit(failed > 0 ? 2 : done == kEach ? 0 : 1);
}

}  // namespace

TEST_CASE("assign, review decide and id merge in three processes at once: none loses a change") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  create_registry(path);
  std::array<pid_t, 3> children{start(path, assign), start(path, decide_one),
                                start(path, merge_two)};
  for (const pid_t child : children) {
    int status = 1;
    waitpid(child, &status, 0);
    CHECK(WEXITSTATUS(status) == 0);
  }
  CHECK(verified(path) == "");
  Registry r = open_registry(path, registry::Access::read);
  const auto count = [&r](const char* what) {
    return *r.database().integer(fmt::format("SELECT count(*) FROM {}", what));
  };
  CHECK(r.last_batch() == kEach);
  CHECK(count("ruling") == kEach);
  CHECK(count("change WHERE why = 'case-1' AND kind = 1") >= kEach);  // rulings merge too
  CHECK(count("record") == 15 * kEach);
  reference::PlainRegistry plain;
  auto s = r.database().prepare("SELECT type, body FROM event ORDER BY seq");
  while (*s->step()) plain.apply(s->text(0), *json::parse(s->text(1), "event"));
  CHECK(plain.faults.empty());
  CHECK(static_cast<std::int64_t>(plain.ids.size()) == count("state_id"));
}

}  // namespace writers_test
