// Rotation without losing identity: people over three epochs, files of two of them in one batch.
#include "engine/intake/by_epoch.h"

#include <csignal>
#include <set>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/intake/lookup.h"
#include "engine/link/compete.h"
#include "tests/intake/ages.h"

using namespace tessera;
using namespace tessera::test;

namespace {

Roster north(std::vector<Person> people) { return {"north", std::move(people)}; }

std::size_t found(const Ages& ages, const std::vector<std::string>& secrets) {
  return found_in(ages.bytes(), secrets);
}

// How many people the lists of those left behind name, of each epoch: what count_epoch() says.
void counts_whom_it_lists(registry::Registry& r) {
  for (const registry::Epoch& e : r.epochs()) {
    const auto left = registry::left_behind(r, e);
    REQUIRE(left);
    std::set<registry::StateId> ids;
    for (const registry::LeftBehind& l : *left) ids.insert(l.id);
    CHECK(registry::count_epoch(r, e)->only_here == static_cast<std::int64_t>(ids.size()));
  }
}

bool same_ids(const Fates& a, const Fates& b) {
  return std::ranges::all_of(a, [&](const auto& x) {
    const auto at = b.find(x.first);
    return at == b.end() || at->second.id == x.second.id;
  });
}

}  // namespace

TEST_CASE("two rotations change no ID, and the record key is what bridges them") {
  Ages ages;
  const auto roster = north(with(crowd(40, 1), kMaria));
  const Fates first = ages.must({ages.encode(1, roster)});
  for (const int epoch : {2, 3}) {
    ages.begin_epoch(epoch);
    const Fates bridged = ages.must({ages.encode(epoch, roster)});
    CHECK(ages.receipt().ids_issued == 0);
    CHECK(same_ids(first, bridged));
    for (const auto& [who, f] : bridged)
      if (f.id != 0) CHECK(f.status == Status::existing);
    const auto end = ages.end_epoch(epoch - 1);
    REQUIRE(end);
    CHECK(end->not_found == 0);
    CHECK(end->records == 41);
    CHECK(ages.verified() == "");
  }
  // A move to another district: found under the only epoch there is.
  const Fates moved =
      ages.must({ages.encode(3, {"south", {changed(kMaria, "s1", "MARIA", "HERNANDEZ")}})});
  CHECK(moved.at("south/s1").status == Status::existing);
  CHECK(moved.at("south/s1").id == first.at("north/m1").id);
}

TEST_CASE("back after ten years: found while an epoch of theirs lives, reported as lost after") {
  for (const bool ended : {false, true}) {
    Ages ages;
    const Fates first = ages.must({ages.encode(1, north(with(crowd(40, 2), kMaria)))});
    const registry::StateId id = first.at("north/m1").id;
    // Maria leaves; the others are bridged twice.
    for (const int epoch : {2, 3}) {
      ages.begin_epoch(epoch);
      ages.must({ages.encode(epoch, north(crowd(40, 2)))});
    }
    {
      registry::Registry r = ages.open(registry::Access::read);
      CHECK(registry::count_epoch(r, r.epochs()[0])->only_here == 1);
      counts_whom_it_lists(r);
    }
    REQUIRE(ages.end_epoch(2));
    if (ended) {
      const auto end = ages.end_epoch(1);
      REQUIRE(end);
      CHECK(end->not_found == 1);
      registry::Registry r = ages.open(registry::Access::read);
      const auto lost = registry::left_behind(r, r.epochs()[0]);
      REQUIRE(lost);
      REQUIRE(lost->size() == 1);
      CHECK(lost->front().id == id);
      CHECK(lost->front().owner == "north");
      CHECK(registry::left_behind(r, r.epochs()[1])->empty());
      counts_whom_it_lists(r);
    }
    // Ten years later, in another district, new there: under every live epoch.
    const Roster back{"south", {changed(kMaria, "s1", "MARIA", "HERNANDEZ")}};
    std::vector<std::string> files{ages.encode(3, back)};
    if (!ended) files.push_back(ages.encode(1, back));
    const Fates now = ages.must(files);
    if (ended) {
      CHECK(now.at("south/s1").status == Status::new_id);
      CHECK(now.at("south/s1").id != id);
    } else {
      CHECK(now.at("south/s1").status == Status::existing);
      CHECK(now.at("south/s1").id == id);
      // From here on the newest epoch finds her too.
      REQUIRE(ages.end_epoch(1));
      registry::Registry r = ages.open(registry::Access::read);
      CHECK(registry::left_behind(r, r.epochs()[0])->empty());
    }
    CHECK(ages.verified() == "");
  }
}

TEST_CASE("a known record key keeps its ID even after the epoch that knew its values has ended") {
  Ages ages;
  const Fates first = ages.must({ages.encode(1, north(with(crowd(30, 3), kMaria)))});
  ages.begin_epoch(2);
  ages.must({ages.encode(2, north(crowd(30, 3)))});
  REQUIRE(ages.end_epoch(1));
  const Fates back = ages.must({ages.encode(2, north({kMaria}))});
  CHECK(back.at("north/m1").status == Status::existing);
  CHECK(back.at("north/m1").id == first.at("north/m1").id);
}

TEST_CASE("what was stored under an ended epoch is in no file of the registry") {
  Ages ages;
  const std::string old = ages.encode(1, north(crowd(30, 4)));
  ages.must({old});
  ages.begin_epoch(2);
  const std::string next = ages.encode(2, north(crowd(30, 4)));
  ages.must({next});
  std::vector<std::string> digests;
  {
    registry::Registry r = ages.open(registry::Access::read);
    auto s = r.database().prepare("SELECT versions FROM payload WHERE epoch = 1");
    while (*s->step()) digests.emplace_back(as_text(s->blob(0)));
  }
  REQUIRE(digests.size() == 30);
  const auto secrets = entries_of(old);
  CHECK(found(ages, secrets) == secrets.size());  // the test would notice
  CHECK(found(ages, digests) == digests.size());
  const auto end = ages.end_epoch(1);
  REQUIRE(end);
  CHECK(end->entries > 30);
  CHECK(end->who == "e.dunn");
  CHECK(found(ages, secrets) == 0);
  CHECK(found(ages, digests) == 0);
  const auto kept = entries_of(next);
  CHECK(found(ages, kept) == kept.size());
  CHECK(ages.verified() == "");
  // Once more changes nothing, and tells the same.
  const auto again = ages.end_epoch(1);
  REQUIRE(again);
  CHECK(again->head == end->head);
  CHECK(again->entries == end->entries);
}

TEST_CASE("killed at any moment of an ending, the next one finishes it") {
  Ages ages;
  const std::string old = ages.encode(1, north(crowd(60, 5)));
  const Fates first = ages.must({old});
  ages.begin_epoch(2);
  const auto secrets = entries_of(old);
  Splitmix g(9);
  int killed = 0;
  for (int n = 0; n < 12; ++n) {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) _exit(ages.end_epoch(1) ? 0 : 1);
    usleep(static_cast<useconds_t>(g.below(4000)) * static_cast<useconds_t>(n));
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    killed += WIFSIGNALED(status) ? 1 : 0;
    CHECK(ages.verified() == "");
  }
  CHECK(killed > 0);
  const auto end = ages.end_epoch(1);
  if (!end) FAIL(end.error().what);
  CHECK(found(ages, secrets) == 0);
  CHECK(ages.verified() == "");
  CHECK(same_ids(first, ages.must({ages.encode(2, north(crowd(60, 5)))})));
}

TEST_CASE("an ending that a reader holds up says so, and is finished later") {
  Ages ages;
  const std::string old = ages.encode(1, north(crowd(30, 6)));
  ages.must({old});
  ages.begin_epoch(2);
  {
    const registry::Registry reader = ages.open(registry::Access::read);
    const auto refused = ages.end_epoch(1, 50);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::conflict);
  }
  CHECK(ages.assign({old}).error().what.find("has ended") != std::string::npos);
  REQUIRE(ages.end_epoch(1));
  CHECK(found(ages, entries_of(old)) == 0);
}

TEST_CASE("someone new comes under every live epoch, or the batch is refused") {
  Ages ages;
  ages.must({ages.encode(1, north(crowd(30, 7)))});
  ages.begin_epoch(2);
  const auto roster = north(with(crowd(30, 7), kMaria));
  const auto refused = ages.assign({ages.encode(2, roster)});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::conflict);
  CHECK(refused.error().what.find("1 records of the batch are new here and in no file of epoch "
                                  "2025-2029") != std::string::npos);
  // Under the old one alone is no better.
  CHECK_FALSE(ages.assign({ages.encode(1, roster)}));
  const Fates both = ages.must({ages.encode(1, north({kMaria})), ages.encode(2, roster)});
  CHECK(both.at("north/m1").status == Status::new_id);
  CHECK(both.size() == 31);
  // And is found under either.
  registry::Registry r = ages.open(registry::Access::read);
  for (const int epoch : {1, 2}) {
    const Roster asked{
        "college", {changed(kMaria, "k1", "MARIA", "HERNANDEZ")}, Population::college};
    auto files = link::FileSet::open({ages.encode(epoch, asked)});
    REQUIRE(files);
    Silent silent;
    const auto matcher = matchers::fellegi_sunter(matchers::shipped_model());
    const auto at = intake::look_up(r, *files, *matcher, link::logit_of(.9), silent);
    REQUIRE(at);
    REQUIRE(at->places.size() == 1);
    CHECK(at->places[0].id == both.at("north/m1").id);
  }
}

TEST_CASE("a person of the old epoch and a stranger's namesake of the new one: both are weighed") {
  // In epoch 1: Maria. In epoch 2, bridged: everybody else. A newcomer who is Maria attaches to
  // her, though epoch 2 alone would have called the newcomer new.
  Ages ages;
  const Fates first = ages.must({ages.encode(1, north(with(crowd(40, 8), kMaria)))});
  ages.begin_epoch(2);
  ages.must({ages.encode(2, north(crowd(40, 8)))});
  const Roster back{"south", with(crowd(10, 9), changed(kMaria, "s1", "MARIA", "HERNANDES"))};
  const std::string a = ages.encode(1, back);
  const std::string b = ages.encode(2, back);
  const Fates now = ages.must({a, b});
  CHECK(now.at("south/s1").id == first.at("north/m1").id);
  CHECK(now.size() == 11);
}

TEST_CASE("who attaches through a record of the batch alone is told as a claim") {
  // South's record waits. In the first batch of the next epoch nothing is stored under it, so that
  // south's, corrected, meets north's in the batch and nowhere else.
  Ages ages;
  Person doubtful = changed(kMaria, "s1", "MARIA", "HERNANDEZ");
  doubtful.dob = "";
  const Fates first = ages.must({ages.encode(1, north(with(crowd(40, 21), kMaria))),
                                 ages.encode(1, {"south", with(crowd(10, 22), doubtful)})});
  REQUIRE(first.at("south/s1").status == Status::review);
  ages.begin_epoch(2);
  const Fates now = ages.must(
      {ages.encode(2, north(with(crowd(40, 21), kMaria))),
       ages.encode(2,
                   {"south", with(crowd(10, 22), changed(kMaria, "s1", "MARIA", "HERNANDEZ"))})});
  CHECK(now.at("south/s1").id == first.at("north/m1").id);
  CHECK(ages.receipt().claims == 1);
  REQUIRE(ages.receipt().notices.size() == 1);
  CHECK(ages.receipt().notices[0].owner == "north");
}

TEST_CASE("the same files in any order give the same IDs over two epochs") {
  std::vector<Fates> runs;
  for (const bool turned : {false, true}) {
    Ages ages;
    ages.must({ages.encode(1, north(with(crowd(30, 10), kMaria)))});
    ages.begin_epoch(2);
    const Roster south{"south", with(crowd(20, 11), changed(kMaria, "s1", "MARIA", "HERNANDES"))};
    const Roster east{"east", crowd(15, 12)};
    std::vector<std::string> files{ages.encode(1, south), ages.encode(2, south),
                                   ages.encode(1, east), ages.encode(2, east)};
    if (turned) std::ranges::reverse(files);
    runs.push_back(ages.must(files));
  }
  REQUIRE(runs[0].size() == runs[1].size());
  CHECK(same_ids(runs[0], runs[1]));
}

TEST_CASE("files that break the rules of epochs are refused, each with its own words") {
  Ages ages;
  ages.must({ages.encode(1, north(crowd(20, 13)))});
  ages.begin_epoch(2);
  const auto says = [&](const std::vector<std::string>& files, std::string_view words) {
    const auto refused = ages.assign(files);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::conflict);
    CHECK(refused.error().what.find(words) != std::string::npos);
  };
  // An older epoch's file says more of the newest one's records, and of no others.
  says({ages.encode(2, north(crowd(20, 13))), ages.encode(1, north(with(crowd(20, 13), kMaria)))},
       "has not; encode the whole roster");
  says({ages.encode(3, north(crowd(20, 13)))}, "another schema");
  registry::Registry r = ages.open(registry::Access::write);
  const auto opens = [&](const schema::Schema& s, int key, std::string_view words) {
    const auto refused = registry::open_epoch(r, s, Ages::key_check(key));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::conflict);
    CHECK(refused.error().what.find(words) != std::string::npos);
  };
  opens(Ages::schema(2), 3, "already");
  opens(Ages::schema(3), 2, "project key of epoch");
  opens(*schema::with_ssn(Ages::schema(3)), 3, "not fields or SSN");
  Silent silent;
  CHECK(registry::end_epoch(r, 9, kOfficer, silent).error().code == ErrorCode::usage);
}

TEST_CASE("the last live epoch does not end") {
  Ages ages;
  ages.must({ages.encode(1, north(crowd(10, 14)))});
  const auto refused = ages.end_epoch(1);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().what.find("only live epoch") != std::string::npos);
}

TEST_CASE("an epoch may have other passes and widths") {
  Ages ages;
  const Fates first = ages.must({ages.encode(1, north(with(crowd(40, 15), kMaria)))});
  schema::Schema wide = *schema::load("high-privacy");
  wide.epoch = "2030-2034";
  {
    registry::Registry r = ages.open(registry::Access::write);
    const bool same = std::ranges::equal(wide.fields, r.schema().fields, {}, &schema::Field::name,
                                         &schema::Field::name);
    REQUIRE(same);
    REQUIRE(registry::open_epoch(r, wide, Ages::key_check(2)));
    CHECK(r.current().name == "2030-2034");
    CHECK(r.current().first_pass == r.epochs()[0].schema.passes.size());
  }
  registry::Registry r = ages.open(registry::Access::read);
  CHECK(r.entries().passes() == r.epochs()[0].schema.passes.size() + wide.passes.size());
  CHECK(ages.verified() == "");
}
