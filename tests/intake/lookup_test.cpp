// look_up(): college records against the registry's persons; issues nothing.
#include "engine/intake/lookup.h"

#include <map>

#include "engine/link/compete.h"
#include "tests/intake/district_state.h"

using namespace tessera;
using namespace tessera::test;

namespace {

intake::LookUp look(test::State& state, const std::vector<Roster>& rosters) {
  auto files = link::FileSet::open(state.write(rosters));
  REQUIRE(files);
  auto registry = registry::Registry::open(state.path(), registry::Access::read);
  REQUIRE(registry);
  const auto matcher = matchers::fellegi_sunter(matchers::shipped_model());
  Silent silent;
  auto found = intake::look_up(*registry, *files, *matcher, link::logit_of(.9), silent);
  REQUIRE(found);
  return *std::move(found);
}

}  // namespace

TEST_CASE("who went to college is found by state ID, and nobody gets a new one") {
  test::State state;
  const Fates fates = state.assign({{"north", with(crowd(50, 1), kMaria)}});
  std::vector<Person> freshmen = crowd(50, 1);
  freshmen.resize(20);
  std::vector<Person> strangers = crowd(30, 2);
  for (Person& p : strangers) p.id = "z" + p.id;
  freshmen.insert(freshmen.end(), strangers.begin(), strangers.end());
  const auto found = look(state, {{"college", freshmen, Population::college}});
  std::set<registry::StateId> ids;
  std::set<std::uint32_t> records;
  for (const intake::Place& p : found.places) {
    if (p.id == 0) continue;
    CHECK(ids.insert(p.id).second);  // one record of a file to a person
    CHECK(records.insert(p.record).second);
    CHECK(p.probability >= .9 * .9);
    REQUIRE(p.path.size() == 1);
    CHECK(p.path[0].record == p.record);
    CHECK(p.path[0].probability == p.probability);
  }
  CHECK(ids.size() >= 18);
  CHECK(ids.size() <= 21);
  std::set<registry::StateId> given;
  for (const auto& [who, f] : fates) given.insert(f.id);
  for (const registry::StateId id : ids) CHECK(given.contains(id));
  auto registry = registry::Registry::open(state.path(), registry::Access::read);
  CHECK(registry->last_batch() == 1);
}

TEST_CASE("records of two files that nobody in the registry is are a cluster of their own") {
  test::State state;
  state.assign({{"north", crowd(40, 3)}});
  const auto found = look(state, {{"college", with(crowd(10, 4), kMaria), Population::college},
                                  {"work", with(crowd(10, 5), kMaria), Population::wage}});
  std::map<std::uint32_t, int> clusters;
  for (const intake::Place& p : found.places)
    if (p.id == 0) ++clusters[p.cluster];
  int pairs = 0;
  for (const auto& [number, n] : clusters) {
    CHECK(number > 0);
    CHECK(n >= 2);
    pairs += n == 2 ? 1 : 0;
  }
  CHECK(pairs >= 1);
}

// The school knows no SSN, the wage record no birthday: only the college knows both.
TEST_CASE("a wage record reaches a student through college, and the way is told") {
  test::State state(1, true);
  std::vector<Person> school = crowd(50, 1);
  for (Person& p : school) p.ssn.clear();
  std::vector<Person> college = school;
  college.resize(30);
  std::vector<Person> wages;
  for (std::size_t i = 0; i < college.size(); ++i) {
    college[i].ssn = std::to_string(219000000 + 7919 * static_cast<int>(i + 1));
    Person worker = college[i];
    worker.id = "w" + worker.id;
    worker.dob.clear();
    worker.sex.clear();
    wages.push_back(worker);
  }
  state.assign({{"north", school}});
  const auto alone = look(state, {{"work", wages, Population::wage}});
  for (const intake::Place& p : alone.places) CHECK(p.id == 0);
  const auto found =
      look(state, {{"college", college, Population::college}, {"work", wages, Population::wage}});
  std::map<registry::StateId, intake::Place> student;  // as the college has them
  for (const intake::Place& p : found.places)
    if (p.id != 0 && p.record < 30) student[p.id] = p;
  std::size_t through = 0;
  for (const intake::Place& p : found.places) {
    if (p.id == 0 || p.record < 30) continue;  // files come by owner: college, then work
    REQUIRE(p.path.size() == 2);
    REQUIRE(student.contains(p.id));
    CHECK(p.path[0].record == student.at(p.id).record);
    CHECK(p.path[1].record == p.record);
    CHECK(p.probability == doctest::Approx(p.path[0].probability * p.path[1].probability));
    CHECK(p.probability <= student.at(p.id).probability);
    ++through;
  }
  CHECK(through >= 25);
}

TEST_CASE("places come sorted, whatever the threads") {
  test::State state;
  state.assign({{"north", crowd(60, 6)}});
  std::vector<std::vector<std::uint32_t>> runs;
  for (const std::size_t threads : {1U, 4U}) {
    set_threads(threads);
    const auto found = look(state, {{"college", crowd(60, 6), Population::college}});
    CHECK(std::ranges::is_sorted(found.places, {}, [](const intake::Place& p) {
      return std::tuple(p.id, p.cluster, p.record);
    }));
    auto& run = runs.emplace_back();
    for (const intake::Place& p : found.places) run.push_back(p.record);
  }
  set_threads(0);
  CHECK(runs[0] == runs[1]);
}
