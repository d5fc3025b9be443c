// Local IDs and transfers, on spells written by hand.
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include <doctest/doctest.h>

#include "engine/core/random.h"
#include "engine/lab/synth_life.h"

using namespace tessera;
using namespace tessera::lab;

namespace {

constexpr Owners kOwners{2, 1, 1};  // districts 0, 1; college 2; staff 3, 4; wages 5..8

Spell spell(std::uint32_t person, std::uint16_t owner, std::uint16_t begin,
            std::uint8_t generation = 0) {
  Spell s;
  s.person = person;
  s.owner = owner;
  s.begin = begin;
  s.end = static_cast<std::uint16_t>(begin + 1);
  s.generation = generation;
  return s;
}

// A spell that came from a district.
Spell moved(std::uint32_t person, std::uint16_t owner, std::uint16_t begin, std::uint16_t from) {
  Spell s = spell(person, owner, begin);
  s.from = from;
  return s;
}

std::uint32_t number_of(const std::vector<Spell>& spells, std::uint32_t person,
                        std::uint16_t owner) {
  for (const Spell& s : spells)
    if (s.person == person && s.owner == owner) return s.number;
  return 0xffffffff;
}

}  // namespace

TEST_CASE("an owner gives a person and generation one number, and no number twice") {
  std::vector<Spell> spells;
  Splitmix random(8);
  for (std::uint32_t person = 0; person < 3000; ++person)
    for (std::uint16_t begin = 0; begin < 3; ++begin) {
      const auto owner = static_cast<std::uint16_t>(random.below(2));
      spells.push_back(spell(person, owner, begin, random.chance(0.1) ? kTwice : 0));
    }
  number_spells(spells, kOwners, 5);
  std::map<std::pair<std::uint16_t, std::uint32_t>, std::pair<std::uint32_t, std::uint8_t>> holder;
  std::map<std::tuple<std::uint16_t, std::uint32_t, std::uint8_t>, std::uint32_t> number;
  for (const Spell& s : spells) {
    const auto who = std::pair(s.person, s.generation);
    CHECK(holder.try_emplace({s.owner, s.number}, who).first->second == who);
    CHECK(number.try_emplace({s.owner, s.person, s.generation}, s.number).first->second ==
          s.number);
    CHECK(s.number < 100000);
  }
}

TEST_CASE("numbers show no order, depend on the seed, and not on the order of the spells") {
  std::vector<Spell> up;
  for (std::uint32_t person = 0; person < 2000; ++person) up.push_back(spell(person, 0, 0));
  std::vector<Spell> down(up.rbegin(), up.rend());
  std::vector<Spell> other = up;
  number_spells(up, kOwners, 5);
  number_spells(down, kOwners, 5);
  number_spells(other, kOwners, 6);
  int rising = 0;
  int same = 0;
  for (std::size_t i = 0; i < up.size(); ++i) {
    CHECK(up[i].person == down[i].person);
    CHECK(up[i].number == down[i].number);
    same += up[i].number == other[i].number ? 1 : 0;
    if (i > 0) rising += up[i - 1].number < up[i].number ? 1 : 0;
  }
  CHECK(same < 10);
  CHECK(rising > 800);
  CHECK(rising < 1200);
}

TEST_CASE("a file of wages numbers its lines without a gap") {
  std::vector<Spell> spells;
  for (std::uint32_t person = 0; person < 500; ++person)
    spells.push_back(spell(3 * person, kOwners.id(Sector::wage, 0), 0));
  number_spells(spells, kOwners, 5);
  std::set<std::uint32_t> lines;
  for (const Spell& s : spells) lines.insert(s.number);
  CHECK(lines.size() == 500);
  CHECK(*lines.rbegin() == 499);
}

TEST_CASE("a transfer names the number that was left, of the latest spell there") {
  std::vector<Spell> spells{spell(7, 0, 0), spell(7, 0, 1, 1),  // entered anew under a new number
                            moved(7, 1, 2, 0), spell(8, 0, 0), spell(8, 1, 5)};
  number_spells(spells, kOwners, 5);
  const std::vector<Move> moves = transfers(spells);
  REQUIRE(moves.size() == 1);
  CHECK(moves[0].to.person == 7);
  CHECK(moves[0].to.owner == 1);
  std::uint32_t latest = 0;
  for (const Spell& s : spells)
    if (s.person == 7 && s.owner == 0 && s.generation == 1) latest = s.number;
  CHECK(moves[0].from_number == latest);
}

TEST_CASE("a second entry of the same pupil is not what a transfer leaves") {
  Spell twice = spell(7, 0, 1, kTwice);
  Spell beside = spell(7, 0, 1, 1);
  beside.concurrent = true;
  std::vector<Spell> spells{spell(7, 0, 0), twice, beside, moved(7, 1, 2, 0)};
  number_spells(spells, kOwners, 5);
  std::uint32_t usual = 0;
  for (const Spell& s : spells)
    if (s.owner == 0 && s.generation == 0) usual = s.number;
  const std::vector<Move> moves = transfers(spells);
  REQUIRE(moves.size() == 1);
  CHECK(moves[0].from_number == usual);
}

TEST_CASE("without a spell in the district left there is no transfer") {
  std::vector<Spell> spells{moved(7, 1, 2, 0), spell(6, 0, 0), spell(8, 0, 0)};
  number_spells(spells, kOwners, 5);
  CHECK(transfers(spells).empty());
  CHECK(number_of(spells, 7, 1) != 0xffffffff);
}

TEST_CASE("rosters stand in the order of owner, number and begin") {
  std::vector<Spell> spells;
  for (std::uint32_t person = 0; person < 200; ++person)
    for (std::uint16_t begin = 0; begin < 2; ++begin)
      spells.push_back(spell(person, static_cast<std::uint16_t>(person % 3), begin));
  number_spells(spells, kOwners, 5);
  sort_by_number(spells);
  for (std::size_t i = 1; i < spells.size(); ++i) {
    const Spell& a = spells[i - 1];
    const Spell& b = spells[i];
    CHECK(std::tuple(a.owner, a.number, a.begin) < std::tuple(b.owner, b.number, b.begin));
  }
}
