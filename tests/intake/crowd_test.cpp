// A malicious owner against a real registry: what it may ask, and what it learns.
#include "engine/intake/crowd.h"

#include <fstream>

#include <fmt/format.h>

#include "engine/registry/history.h"
#include "engine/registry/plausible.h"
#include "tests/intake/district_state.h"

using namespace tessera;
using namespace tessera::test;

namespace {

registry::Counts counts(const test::State& state) {
  auto r = registry::Registry::open(state.path(), registry::Access::read);
  return *registry::count(*r);
}

}  // namespace

TEST_CASE("an owner that tries every birthday under one name and year is stopped after a few") {
  test::State state;
  state.assign({{"north", with(crowd(40, 1), kMaria)}});
  std::size_t answered = 0;
  std::size_t held = 0;
  std::size_t found = 0;
  for (int batch = 0; batch < 6; ++batch) {  // night after night
    std::vector<Person> rows = crowd(40, 2);
    for (int i = 0; i < 20; ++i) {
      Person guess = changed(kMaria, fmt::format("g{}-{}", batch, i), "MARIA", "HERNANDEZ");
      const int day = batch * 20 + i;
      guess.dob = fmt::format("2010-{:02}-{:02}", 1 + day / 28, 1 + day % 28);
      rows.push_back(guess);
    }
    const Fates fates = state.assign({{"evil", rows}});
    for (const auto& [who, f] : fates) {
      if (who.find("/g") == std::string::npos) {
        CHECK(f.reason != Reason::crowded_block);  // its ordinary pupils pass
        continue;
      }
      if (f.reason == Reason::crowded_block) {
        ++held;
        CHECK(f.id == 0);
        CHECK(f.status == Status::review);
      } else {
        ++answered;
        found += f.id != 0 ? 1 : 0;
      }
    }
  }
  // One tag for the names and each month, of the five tried: a handful of records in all, over all
  // batches.
  const auto most =
      5 * registry::plausible_records(
              *registry::heaviest_share("phonetic(first&last) + year(dob) + month(dob)"), 200);
  CHECK(answered <= most);
  CHECK(held >= 120 - most);
  CHECK(counts(state).alarms == static_cast<std::int64_t>(held));
  CHECK(found <= most);
  // Others do not feel it: the real child moves as any other.
  const Fates moved =
      state.assign({{"south", with(crowd(40, 3), changed(kMaria, "s1", "MARIA", "HERNANDEZ"))}});
  CHECK(moved.at("south/s1").reason != Reason::crowded_block);
  auto r = registry::Registry::open(state.path(), registry::Access::read);
  Silent silent;
  CHECK(r->verify(silent));
}

TEST_CASE("nothing of a held record is stored, and asking again does not help") {
  test::State state;
  std::vector<Person> rows;
  for (int i = 0; i < 10; ++i) {
    rows.push_back(changed(kMaria, fmt::format("g{}", i), "MARIA", "HERNANDEZ"));
    rows.back().middle = fmt::format("{}NNE", static_cast<char>('A' + i));
  }
  const Fates first = state.assign({{"evil", rows}});
  const auto entries = counts(state).entries;
  std::size_t held = 0;
  for (const auto& [who, f] : first) held += f.reason == Reason::crowded_block ? 1 : 0;
  CHECK(held == 7);
  const Fates second = state.assign({{"evil", rows}});
  for (const auto& [who, f] : first)
    if (f.reason == Reason::crowded_block) CHECK(second.at(who).reason == Reason::crowded_block);
  CHECK(counts(state).entries == entries);
}

TEST_CASE("a correction of a record that was let in is not one more") {
  test::State state;
  std::vector<Person> rows;
  for (const char* middle : {"ANNE", "BETH", "CARLA"}) {
    rows.push_back(changed(kMaria, middle, "MARIA", "HERNANDEZ"));
    rows.back().middle = middle;
  }
  for (const auto& [who, f] : state.assign({{"north", rows}}))
    CHECK(f.reason != Reason::crowded_block);
  for (Person& p : rows) p.middle += "LEE";
  for (const auto& [who, f] : state.assign({{"north", rows}}))
    CHECK(f.reason != Reason::crowded_block);
}

TEST_CASE("a record without its mandatory passes never attaches by itself, however sure the rest") {
  test::State state(1, true);
  Person p = kMaria;
  p.ssn = "212345678";
  state.assign({{"north", with(crowd(40, 4), p)}});
  Person probe = changed(p, "x", "MARIA", "HERNANDEZ");
  probe.dob = "";
  const Fates fates = state.assign({{"evil", with(crowd(40, 5), probe)}});
  CHECK(fates.at("evil/x").status == Status::review);
  CHECK(fates.at("evil/x").reason == Reason::too_little_evidence);
  CHECK(fates.at("evil/x").id == 0);
}

TEST_CASE("attaching to another owner's student is a claim that the former owner is told of") {
  test::State state;
  const Fates before = state.assign({{"north", with(crowd(40, 6), kMaria)}});
  state.assign({{"south", with(crowd(40, 7), changed(kMaria, "s1", "MARIA", "HERNANDEZ"))}});
  // The crowds overlap, so there are more claims than hers.
  const auto& notices = state.receipt().notices;
  const auto mine =
      std::ranges::find(notices, before.at("north/m1").id, &registry::ClaimNotice::id);
  REQUIRE(mine != notices.end());
  const registry::ClaimNotice told = *mine;
  CHECK(told.owner == "north");
  const auto claims = counts(state).claims;
  CHECK(claims == static_cast<std::int64_t>(notices.size()));
  // And the claim can be reversed.
  {
    auto r = registry::Registry::open(state.path(), registry::Access::write);
    const auto random = seeded_random(3);
    REQUIRE(registry::split_id(*r, told.id, "south", {}, {"ana", "case-9"}, *random));
  }
  CHECK(counts(state).claims == claims - 1);
  state.assign({{"north", with(crowd(40, 6), kMaria)}});
  CHECK(state.receipt().notices.empty());
}

TEST_CASE("a record with four surnames draws another owner's child only through review") {
  schema::Schema four = *schema::load("default");  // which itself takes two tags a pass
  for (schema::Pass& p : four.passes) p.most = 4;
  four.tags_in_all = 20;
  test::State state(1, false, four);
  Person many = kMaria;
  many.last = "HERNANDEZ OKAFOR LINDQVIST TANAKA";
  const Fates before = state.assign({{"evil", with(crowd(40, 8), many)}});
  const Fates drawn =
      state.assign({{"south", with(crowd(40, 9), changed(kMaria, "s1", "MARIA", "OKAFOR"))}});
  CHECK(drawn.at("south/s1").id != before.at("evil/m1").id);
  CHECK(drawn.at("south/s1").status != Status::existing);
}

TEST_CASE("R8: a staff member's SSN, and whatever came of it, is in no release and in no event") {
  test::State state(1, true);
  Person teacher = kMaria;
  teacher.ssn = "212345678";
  const Fates fates = state.assign({{"north", with(crowd(40, 10), teacher), Population::staff}});
  CHECK(fates.at("north/m1").id != 0);  // what is released in its place
  auto r = registry::Registry::open(state.path(), registry::Access::read);
  REQUIRE(r);
  std::set<std::string> hidden{"212345678", "212-34-5678"};
  for (std::size_t p = 0; p < r->entries().passes(); ++p) {
    const auto all = r->entries().read_all(p);
    for (const encoded::Tag& t : all->tags) hidden.insert(to_hex(t));
  }
  auto s = r->database().prepare("SELECT body FROM event");
  while (*s->step())
    for (const std::string& h : hidden) CHECK(s->text(0).find(h) == std::string_view::npos);
  std::ifstream in(state.path(), std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(in), {});
  CHECK(bytes.find("212345678") == std::string::npos);
}
