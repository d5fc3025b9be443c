// Lives: who is on which roster when, under which local ID.
#include <algorithm>
#include <map>
#include <set>

#include "engine/core/parallel.h"
#include "tests/lab/synth_fixture.h"

using namespace tessera;
using namespace tessera::lab;
using namespace tessera::lab::test;

namespace {

bool is_student(const Spell& s) {
  return big().state.lives.owners().of(s.owner).sector == Sector::student;
}

}  // namespace

TEST_CASE("about as many students in October of year 1 as asked") {
  std::set<std::uint32_t> active;
  for (const Spell& s : big().spells)
    if (is_student(s) && s.begin == 0) active.insert(s.person);
  CHECK(active.size() > 50000 * 0.97);
  CHECK(active.size() < 50000 * 1.03);
}

TEST_CASE("nobody has two live local IDs in a district but those entered twice") {
  std::map<std::pair<std::uint16_t, std::uint32_t>, std::vector<const Spell*>> by_person;
  std::size_t spells = 0, twice = 0;
  for (const Spell& s : big().spells) {
    CHECK(s.begin < s.end);
    if (!is_student(s)) continue;
    ++spells;
    if (s.generation >= kTwice)
      ++twice;
    else
      by_person[{s.owner, s.person}].push_back(&s);
  }
  for (const auto& [key, list] : by_person)
    for (std::size_t i = 0; i < list.size(); ++i)
      for (std::size_t j = i + 1; j < list.size(); ++j) {
        const bool apart = list[i]->end <= list[j]->begin || list[j]->end <= list[i]->begin;
        CHECK(apart);
      }
  CHECK(fits(double(twice), double(spells), big().state.rates.duplicate, 0.3));
}

TEST_CASE("a local ID is one person's, and numbers show no order") {
  std::map<std::pair<std::uint16_t, std::uint32_t>, std::uint32_t> owner_of;
  double rising = 0, steps = 0;
  const Spell* before = nullptr;
  for (const Spell& s : big().spells) {
    const auto [it, fresh] = owner_of.emplace(std::pair(s.owner, s.number), s.person);
    CHECK(it->second == s.person);
    if (before != nullptr && before->owner == s.owner && before->person < s.person) {
      rising += s.number > before->number;
      ++steps;
    }
    before = &s;
  }
  CHECK(rising / steps > 0.49);
  CHECK(rising / steps < 0.51);
}

TEST_CASE("lines of a file of wages are 1 to n") {
  std::map<std::uint16_t, std::set<std::uint32_t>> lines;
  for (const Spell& s : big().spells)
    if (big().state.lives.owners().of(s.owner).sector == Sector::wage)
      lines[s.owner].insert(s.number);
  CHECK(lines.size() == 12);
  for (const auto& [owner, set] : lines) CHECK(*set.rbegin() + 1 == set.size());
}

TEST_CASE("moves, returns, concurrent enrolments and no-shows happen at their rates") {
  const Rates& r = big().state.rates;
  const std::uint32_t slots = big().state.shape.slots();
  double spells = 0, concurrent = 0, october = 0, gone = 0, moved = 0, silent = 0, night_moves = 0,
         summer_moves = 0, years = 0;
  for (const Spell& s : big().spells) {
    if (!is_student(s) || s.generation >= kTwice) continue;
    concurrent += s.concurrent;
    if (s.concurrent) continue;
    ++spells;
    october += s.begin % slots == 0;
    gone += s.begin % slots == 0 && s.end == s.begin + 1 && !s.silent;
    years += (s.end - s.begin + slots - 1) / slots;
    moved += s.from != kNobody && s.from != s.owner;
    silent += s.silent;
    night_moves += s.from != kNobody && s.from != s.owner && s.begin % slots != 0;
    summer_moves += s.from != kNobody && s.from != s.owner && s.begin % slots == 0;
  }
  CHECK(concurrent > 0.8 * spells * r.concurrent);
  CHECK(concurrent < 1.2 * spells * r.concurrent);
  // Gone after one October: no-shows, and those whose family moved in the first night.
  CHECK(fits(gone, october, r.no_show + r.night_move / big_shape().nights, 0.15));
  CHECK(night_moves > 0.7 * years * r.night_move);
  CHECK(night_moves < 1.3 * years * r.night_move);
  CHECK(summer_moves > 0.7 * years * 2 / 3 * r.summer_move);
  CHECK(summer_moves < 1.4 * years * 2 / 3 * r.summer_move);  // and those back in another district
  CHECK(silent > 0.5 * moved * r.silent_move);
  CHECK(silent < 2.0 * moved * r.silent_move);
}

TEST_CASE("some come back to a district, now and then under a new local ID") {
  std::size_t back = 0, fresh = 0;
  const std::vector<Spell>& spells = big().spells;
  for (std::size_t i = 1; i < spells.size(); ++i) {
    const Spell &a = spells[i - 1], &b = spells[i];
    if (!is_student(b) || a.owner != b.owner || a.person != b.person) continue;
    if (a.generation >= kTwice || b.generation >= kTwice || a.concurrent || b.concurrent) continue;
    ++back;
    fresh += a.number != b.number;
    CHECK((a.number != b.number) == (a.generation != b.generation));
  }
  REQUIRE(back > 200);
  CHECK(fits(double(fresh), double(back), big().state.rates.new_local_id, 0.2));
}

TEST_CASE("students go on to college, to work and to be staff") {
  std::map<std::uint32_t, int> sectors;
  for (const Spell& s : big().spells)
    sectors[s.person] |= 1 << static_cast<int>(big().state.lives.owners().of(s.owner).sector);
  std::size_t college = 0, staff = 0, wage = 0;
  for (const auto& [person, bits] : sectors) {
    if ((bits & 1) == 0) continue;
    college += (bits & 2) != 0;
    staff += (bits & 4) != 0;
    wage += (bits & 8) != 0;
  }
  CHECK(college > 2000);
  CHECK(staff > 100);
  CHECK(wage > 2000);
}

TEST_CASE("transfers name the local ID that was left") {
  const auto moves = transfers(big().spells);
  REQUIRE(moves.size() > 3000);
  std::map<std::pair<std::uint16_t, std::uint32_t>, std::uint32_t> person;
  for (const Spell& s : big().spells) person[{s.owner, s.number}] = s.person;
  std::size_t expected = 0;
  for (const Spell& s : big().spells) expected += s.from != kNobody && s.from != s.owner;
  std::size_t between = 0;
  for (const Move& m : moves) {
    CHECK(person[{m.to.from, m.from_number}] == m.to.person);
    between += m.to.from != m.to.owner;
  }
  CHECK(between > expected * 95 / 100);
  CHECK(between <= expected);
}
