// Kill, full disk, damage, two writers: the state is the one before the batch or the one after it.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/registry/history.h"
#include "tests/ledger/scratch.h"
#include "tests/registry/world.h"

using namespace tessera;
using namespace tessera::registry;
using namespace tessera::test;

namespace {

std::vector<Roster> batch(std::uint64_t n) {
  Roster roster{fmt::format("o{}", n % 7), {}};
  for (std::uint8_t i = 0; i < 20; ++i)
    roster.rows.push_back({i, 1000 * (n % 7) + i, static_cast<std::uint8_t>(n / 7 % 2)});
  return {roster};
}

Counts counts_of(const std::string& path) {
  Registry r = open_registry(path, Access::read);
  return *count(r);
}

}  // namespace

TEST_CASE("killed at a hundred random moments, nothing is lost and nothing issued twice") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  create_registry(path);
  Splitmix g(5);
  std::int64_t last = 0;
  int killed = 0;
  for (std::uint64_t n = 0; n < 100; ++n) {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      for (std::uint64_t k = n;; ++k)
        if (!submit(path, batch(k), 1000 + 100 * n + k)) _exit(1);
    }
    // A machine too busy to commit in that time is given longer, until it has done so once.
    usleep(static_cast<useconds_t>((1000 + g.below(80'000)) * (last == 0 ? 1 + n / 10 : 1)));
    REQUIRE(kill(child, SIGKILL) == 0);
    int status = 0;
    waitpid(child, &status, 0);
    killed += WIFSIGNALED(status) ? 1 : 0;
    Registry r = open_registry(path, Access::write);  // drops what was staged and never committed
    CHECK(r.last_batch() >= last);
    last = r.last_batch();
    const std::int64_t records = *r.database().integer("SELECT count(*) FROM record");
    CHECK(*r.database().integer("SELECT count(*) FROM state_id") == records);  // all records differ
    for (std::size_t p = 0; p < r.entries().passes(); ++p)
      CHECK(static_cast<std::int64_t>(r.entries().read_all(p)->tags.size()) == records);
  }
  CHECK(killed == 100);
  CHECK(last > 0);
  CHECK(verified(path) == "");
  CHECK(counts_of(path).student_ids <= 7 * 20);
}

TEST_CASE("entries staged by a batch that never came are dropped at open, and not read before") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  create_registry(path);
  REQUIRE(submit(path, batch(0), 1));
  {
    Registry r = open_registry(path, Access::write);
    const auto all = r.entries().read_all(0);
    const EntryStore::Source source{all->view(), {}};
    REQUIRE(r.entries().add_pass(r.next_batch(), 0, {&source, 1}));
    REQUIRE(r.entries().drop_handles(r.next_batch(), all->handles));
    const Registry reader = open_registry(path, Access::read);  // while the writer holds its lock
    CHECK(reader.entries().read_all(0)->tags.size() == 20);
  }
  Registry r = open_registry(path, Access::write);
  CHECK(r.entries().rows(0) == 20);
  CHECK(r.entries().read_all(0)->tags.size() == 20);
}

TEST_CASE("two writers at once are serialised, and one that will not wait is told so") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  create_registry(path);
  constexpr int kEach = 5;
  std::vector<pid_t> children;
  for (std::uint64_t c = 0; c < 2; ++c) {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      for (std::uint64_t n = 0; n < kEach; ++n)
        if (!submit(path, batch(2 * n + c), 100 * c + n)) _exit(1);
      _exit(0);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 1;
    waitpid(child, &status, 0);
    CHECK(status == 0);
  }
  CHECK(counts_of(path).batches == 2 * kEach);
  CHECK(verified(path) == "");
  const Registry holder = open_registry(path, Access::write);
  const auto second = Registry::open(path, Access::write, 10);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ErrorCode::conflict);
}

TEST_CASE("a full disk is a plain error, and the state is as before") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  create_registry(path);
  REQUIRE(submit(path, batch(0), 1));
  const auto size = [&](const char* suffix) {
    std::error_code none;
    const auto n = std::filesystem::file_size(path + suffix, none);
    return none ? 0 : static_cast<rlim_t>(n);
  };
  int failures = 0;
  for (const rlim_t room : {rlim_t{0}, rlim_t{4096}, rlim_t{40'000}, rlim_t{200'000}}) {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      std::signal(SIGXFSZ, SIG_IGN);
      const rlimit limit{std::max(size(""), size("-wal")) + room, RLIM_INFINITY};
      setrlimit(RLIMIT_FSIZE, &limit);
      const auto done = submit(path, batch(1), 2);
      _exit(done ? 0 : done.error().code == ErrorCode::io ? 3 : 9);
    }
    int status = 1;
    waitpid(child, &status, 0);
    REQUIRE(WIFEXITED(status));
    CHECK((WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 3));
    failures += WEXITSTATUS(status) == 3 ? 1 : 0;
    CHECK(verified(path) == "");
    const Counts n = counts_of(path);
    CHECK((n.records == 20 || n.records == 40));
    CHECK(n.student_ids == n.records);
  }
  CHECK(failures >= 1);
}

TEST_CASE("a flipped bit anywhere in the events is found by verify or refused at open") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  create_registry(path);
  REQUIRE(submit(path, batch(0), 1));
  { REQUIRE(open_registry(path, Access::write).database().integer("SELECT 1")); }
  std::string body;
  {
    std::ifstream in(path, std::ios::binary);
    body.assign(std::istreambuf_iterator<char>(in), {});
  }
  // Every place where an event's type or body lies in the file.
  std::vector<std::size_t> places;
  for (std::size_t at = body.find("{\"batch\":1"); at != std::string::npos;
       at = body.find("{\"batch\":1", at + 1))
    places.push_back(at);
  REQUIRE(places.size() > 10);
  Splitmix g(3);
  for (int n = 0; n < 40; ++n) {
    const std::size_t at = places[g.below(places.size())] + g.below(60);
    std::string damaged = body;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << g.below(8)));
    std::ofstream(path, std::ios::binary) << damaged;
    CHECK(verified(path) != "");
  }
  std::ofstream(path, std::ios::binary) << body;
  CHECK(verified(path) == "");
}
