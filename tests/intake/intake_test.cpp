// Encoded files into a real registry: what becomes of each record, over several batches.
#include "engine/intake/intake.h"

#include "tests/intake/district_state.h"

using namespace tessera;
using namespace tessera::test;

TEST_CASE("R1: everyone new gets an ID, each a different one") {
  State state;
  const Fates fates = state.assign({{"north", with(crowd(60, 1), kMaria)}});
  std::set<registry::StateId> ids;
  for (const auto& [who, f] : fates) {
    if (f.status == Status::review) {
      CHECK(f.id == 0);
      continue;
    }
    CHECK(f.status == Status::new_id);
    CHECK(ids.insert(f.id).second);
    CHECK(registry::parse_state_id(registry::to_text(f.id)));
  }
  CHECK(ids.size() >= 58);
  CHECK(fates.at("north/m1").status == Status::new_id);
  CHECK(state.receipt().ids_issued == ids.size());
}

TEST_CASE("R3: the same roster again changes nothing and is not compared again") {
  State state;
  const std::vector<Roster> rosters{{"north", with(crowd(50, 2), kMaria)}};
  const Fates first = state.assign(rosters);
  const Fates second = state.assign(rosters);
  CHECK(state.compared() == 0);
  CHECK(state.receipt().ids_issued == 0);
  for (const auto& [who, f] : second) {
    CHECK(f.id == first.at(who).id);
    if (f.id != 0) CHECK(f.status == Status::existing);
  }
}

TEST_CASE("R3: one person from two owners in one batch gets one ID") {
  State state;
  const Fates fates =
      state.assign({{"north", with(crowd(40, 3), kMaria)},
                    {"south", with(crowd(40, 4), changed(kMaria, "s9", "MARIA", "HERNANDEZ"))}});
  CHECK(fates.at("north/m1").id != 0);
  CHECK(fates.at("north/m1").id == fates.at("south/s9").id);
}

TEST_CASE("R2: a move to another district with a typo keeps the ID") {
  State state;
  const Fates before = state.assign({{"north", with(crowd(40, 5), kMaria)}});
  const Fates after =
      state.assign({{"south", with(crowd(40, 6), changed(kMaria, "s1", "MARIA", "HERNANDES"))}});
  CHECK(after.at("south/s1").status == Status::existing);
  CHECK(after.at("south/s1").id == before.at("north/m1").id);
  CHECK(state.receipt().claims >= 1);
}

TEST_CASE("R2: a new name under the same record key keeps the ID") {
  State state;
  const Fates before = state.assign({{"north", with(crowd(40, 7), kMaria)}});
  const Fates after =
      state.assign({{"north", with(crowd(40, 7), changed(kMaria, "m1", "MARIA", "OKAFOR"))}});
  CHECK(after.at("north/m1").status == Status::existing);
  CHECK(after.at("north/m1").id == before.at("north/m1").id);
  CHECK(state.receipt().ids_issued == 0);
}

TEST_CASE(
    "R1: a record key that now shows somebody known elsewhere is a conflict, whatever its dummies "
    "say") {
  State state;
  const Fates before =
      state.assign({{"north", with(crowd(40, 5), kMaria)}, {"south", crowd(40, 6)}});
  const Roster reused{"south", with(crowd(39, 6), changed(kMaria, "c39", "MARIA", "HERNANDEZ"))};
  const Fates after = state.assign({reused});
  REQUIRE(before.contains("south/c39"));
  CHECK(after.at("south/c39").status == Status::conflict);
  CHECK(after.at("south/c39").reason == registry::Reason::other_person);
  CHECK(after.at("south/c39").id == before.at("south/c39").id);  // until a person moves it
}

TEST_CASE("R1: twins get two IDs, or a person looks; never one ID") {
  State state;
  Person twin = changed(kMaria, "m2", "JOHANNA", "HERNANDEZ");
  twin.middle = "GRACE";
  const Fates fates = state.assign({{"north", with(with(crowd(40, 8), kMaria), twin)}});
  const Fate& a = fates.at("north/m1");
  const Fate& b = fates.at("north/m2");
  CHECK(a.status == Status::new_id);
  CHECK(b.status == Status::new_id);
  CHECK(a.id != b.id);
  // Both move: each keeps its own.
  Person a2 = kMaria;
  a2.id = "s1";
  Person b2 = twin;
  b2.id = "s2";
  const Fates moved = state.assign({{"south", with(with(crowd(40, 9), a2), b2)}});
  CHECK(moved.at("south/s1").id == a.id);
  CHECK(moved.at("south/s2").id == b.id);
}

TEST_CASE("R1: twins of double given names with one word alike are for a reviewer") {
  using Pair = std::pair<const char*, const char*>;
  for (const auto& [one, other] : {Pair{"JOSE LUIS", "JOSE MIGUEL"},
                                   {"MARIA ELENA", "MARIA LUISA"},
                                   {"MARY KATE", "MARY ASHLEY"}}) {
    CAPTURE(one);
    const std::string id = std::string(one).substr(5);
    Person a = changed(kMaria, ("n" + id).c_str(), one, "HERNANDEZ");
    Person b = changed(kMaria, ("s" + id).c_str(), other, "HERNANDEZ");
    a.middle = b.middle = "";
    State fresh;
    const Fates fates =
        fresh.assign({{"north", with(crowd(40, 21), a)}, {"south", with(crowd(40, 22), b)}});
    const Fate& first = fates.at("north/n" + id);
    const Fate& second = fates.at("south/s" + id);
    CHECK((first.status == Status::review || second.status == Status::review));
    CHECK(!(first.id != 0 && first.id == second.id));
  }
}

TEST_CASE("R3: two rows of one owner that look like one person are for a reviewer") {
  State state;
  Person again = kMaria;
  again.id = "m2";
  const Fates fates = state.assign({{"north", with(with(crowd(40, 10), kMaria), again)}});
  const Fate& a = fates.at("north/m1");
  const Fate& b = fates.at("north/m2");
  CHECK((a.status == Status::review || b.status == Status::review));
  CHECK(!(a.id != 0 && a.id == b.id));
}

TEST_CASE("a record with too little to be found again gets no ID") {
  State state;
  Person bare;
  bare.id = "b1";
  bare.sex = "F";
  const Fates fates = state.assign({{"north", with(crowd(30, 11), bare)}});
  CHECK(fates.at("north/b1").status == Status::review);
  CHECK(fates.at("north/b1").reason == Reason::too_little_evidence);
  CHECK(fates.at("north/b1").id == 0);
}

TEST_CASE("R7: staff and students have IDs of their own, also for one person") {
  State state;
  Person teacher = kMaria;
  teacher.id = "t1";
  const Fates fates = state.assign({{"north", with(crowd(30, 12), kMaria)},
                                    {"south", with(crowd(30, 13), teacher), Population::staff}});
  const Fate& student = fates.at("north/m1");
  const Fate& staff = fates.at("south/t1");
  CHECK(student.id != 0);
  CHECK(staff.id != 0);
  CHECK(student.id != staff.id);
  CHECK(staff.status == Status::new_id);
}

TEST_CASE("the same batches and seed give the same IDs, for any threads and order of files") {
  std::vector<Fates> runs;
  for (const std::size_t threads : {1U, 4U}) {
    set_threads(threads);
    for (const bool turned : {false, true}) {
      State state(42);
      std::vector<Roster> first{{"north", crowd(60, 14)}, {"south", with(crowd(50, 15), kMaria)}};
      std::vector<Roster> second{{"west", with(crowd(60, 14), kMaria)}, {"east", crowd(20, 16)}};
      if (turned) {
        std::ranges::reverse(first);
        std::ranges::reverse(second);
      }
      runs.push_back(state.assign(first));
      for (const auto& [who, f] : state.assign(second)) runs.back()[who] = f;
    }
  }
  set_threads(0);
  auto same = [](const Fates& a, const Fates& b) {
    return std::ranges::equal(a, b, [](const auto& x, const auto& y) {
      return x.first == y.first && x.second.id == y.second.id &&
             x.second.status == y.second.status && x.second.reason == y.second.reason;
    });
  };
  for (const Fates& r : runs) CHECK(same(r, runs[0]));
}

TEST_CASE("R5: near, but not surely: a reviewer looks, and nobody gets a second ID meanwhile") {
  State state;
  state.assign({{"north", with(crowd(40, 17), kMaria)}});
  Person near = changed(kMaria, "s1", "MARTA", "HERNANDEZ");
  near.middle = "";
  near.dob = "2010-03-17";
  const Fates fates = state.assign({{"south", with(crowd(40, 18), near)}});
  const Fate& f = fates.at("south/s1");
  if (f.status == Status::review) CHECK(f.id == 0);
  CHECK(f.status != Status::conflict);
}

TEST_CASE(
    "R6: an SSN finds a person whose name and birth date moved; without one the rest must do") {
  State state(1, true);
  Person p = kMaria;
  p.ssn = "212345678";
  const Fates before = state.assign({{"north", with(crowd(40, 27), p)}});
  Person moved = changed(p, "s1", "MARIA", "OKAFOR");
  moved.dob = "2010-03-08";
  Person declined = changed(p, "s2", "MARIA", "HERNANDEZ");
  declined.ssn = "";
  const Fates after = state.assign(
      {{"south", with(crowd(40, 28), moved)}, {"west", with(crowd(40, 29), declined)}});
  CHECK(before.at("north/m1").status == Status::new_id);
  CHECK(after.at("west/s2").id == before.at("north/m1").id);
  const Fate& f = after.at("south/s1");  // the ID, or a reviewer: never a second ID
  CHECK((f.id == before.at("north/m1").id || f.status == Status::review));
}

TEST_CASE("R9: two-year-olds and students of twenty-two get IDs like all others") {
  State state;
  Person young = changed(kMaria, "y", "IMANI", "HERNANDEZ");
  young.dob = "2024-06-30";
  Person old = changed(kMaria, "o", "TOMAS", "HERNANDEZ");
  old.dob = "2004-01-02";
  const Fates fates = state.assign({{"north", with(with(crowd(30, 30), young), old)}});
  CHECK(fates.at("north/y").status == Status::new_id);
  CHECK(fates.at("north/o").status == Status::new_id);
}

TEST_CASE("R11: a student who left and comes back elsewhere is found") {
  State state;
  const Fates before = state.assign({{"north", with(crowd(40, 31), kMaria)}});
  state.assign({{"north", crowd(40, 31)}});  // the year without her
  state.assign({{"west", crowd(40, 32)}});
  const Fates after =
      state.assign({{"south", with(crowd(40, 33), changed(kMaria, "s1", "MARIA", "HERNANDEZ"))}});
  CHECK(after.at("south/s1").id == before.at("north/m1").id);
}

TEST_CASE("weighing writes nothing") {
  State state;
  state.assign({{"north", crowd(30, 19)}});
  auto files = link::FileSet::open(state.write({{"south", crowd(30, 20)}}));
  REQUIRE(files);
  Silent silent;
  const auto matcher = matchers::fellegi_sunter(matchers::shipped_model());
  auto registry = registry::Registry::open(state.path(), registry::Access::read);
  REQUIRE(registry);
  const auto before = registry->last_batch();
  REQUIRE(intake::weigh(*registry, {&*files, 1}, *matcher, silent));
  CHECK(registry->last_batch() == before);
  CHECK(registry->verify(silent));
}

TEST_CASE("the registry and its entry store verify after several batches") {
  State state;
  state.assign({{"north", crowd(30, 21)}, {"south", crowd(30, 22)}});
  state.assign({{"north", crowd(35, 21)}});
  state.assign({{"west", crowd(30, 21)}});
  auto registry = registry::Registry::open(state.path(), registry::Access::read);
  REQUIRE(registry);
  Silent silent;
  CHECK(registry->verify(silent));
  CHECK(registry->last_batch() == 3);
}

TEST_CASE("a record key that stands in two files of one owner is refused") {
  State state;
  auto files =
      link::FileSet::open(state.write({{"north", with(crowd(5, 23), kMaria)},
                                       {"north", {changed(kMaria, "m1", "MARIAN", "HERNANDEZ")}}}));
  REQUIRE(files);
  Silent silent;
  const auto matcher = matchers::fellegi_sunter(matchers::shipped_model());
  auto registry = registry::Registry::open(state.path(), registry::Access::write);
  REQUIRE(registry);
  const auto weighed = intake::weigh(*registry, {&*files, 1}, *matcher, silent);
  REQUIRE(!weighed);
  CHECK(weighed.error().code == ErrorCode::conflict);
}

TEST_CASE("files under another key or schema are refused") {
  State state;
  state.assign({{"north", crowd(5, 24)}});
  const test::Scratch folder;
  Silent silent;
  const auto matcher = matchers::fellegi_sunter(matchers::shipped_model());
  const auto other = schema::load("high-privacy");
  for (const std::string& path :
       {test::submit(folder / "a", state.schema(), crowd(5, 25), "south", Population::student, 1,
                     9),
        test::submit(folder / "b", *other, crowd(5, 25), "south"),
        test::submit(folder / "c", state.schema(), crowd(5, 25), "south", Population::college)}) {
    auto files = link::FileSet::open({path});
    REQUIRE(files);
    auto registry = registry::Registry::open(state.path(), registry::Access::read);
    REQUIRE(registry);
    const auto weighed = intake::weigh(*registry, {&*files, 1}, *matcher, silent);
    REQUIRE(!weighed);
    CHECK(weighed.error().code == ErrorCode::conflict);
  }
}
