// Lives over the years: who is on whose roster, from when to when.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/lab/synth_person.h"

namespace tessera::lab {

// Who keeps a roster. Owners are numbered: districts' students, colleges, districts' staff, then
// one file of wages for each quarter.
enum class Sector : std::uint8_t { student, college, staff, wage };

struct Owner {
  Sector sector;
  std::uint32_t number;  // the district, the college, or year * 4 + quarter - 1
};
struct Owners {
  std::uint32_t districts = 0, colleges = 0, years = 0;
  std::uint32_t count() const { return 2 * districts + colleges + 4 * years; }
  std::uint16_t id(Sector sector, std::uint32_t number) const;
  Owner of(std::uint16_t id) const;
};

inline constexpr std::uint16_t kNobody = kNever;

// One person on one owner's roster for a while, from tick `begin` until before tick `end`. Two
// spells of a person with an owner and the same generation have the same local ID.
struct Spell {
  std::uint32_t person = 0;
  std::uint32_t number = 0;  // what the local ID is made from; set by number_spells
  std::uint16_t owner = 0;
  std::uint16_t from = kNobody;  // the district left for this one
  std::uint16_t begin = 0, end = 0;
  std::uint8_t generation = 0;  // kTwice and over: the same pupil entered a second time
  bool concurrent = false;
  bool silent = false;  // the end of this spell was not reported in time
};
inline constexpr std::uint8_t kTwice = 128;

class Lives {
 public:
  // `people` and `rates` must outlive it.
  Lives(const People& people, const Rates& rates, const Shape& shape);
  const Owners& owners() const { return owners_; }
  // Appends all spells of a person.
  void spells_of(std::uint32_t index, std::vector<Spell>& out) const;

 private:
  struct Stay {
    std::uint32_t district;
    std::uint32_t begin, end;
    std::uint32_t from;  // kNowhere or the district moved from
    bool silent = false;
  };
  struct Path;
  std::vector<Stay> stays(std::uint64_t household) const;
  void arrive(Path& path, std::uint32_t district, std::uint32_t tick, Splitmix& rng) const;
  void summer(Path& path, std::uint32_t year, Splitmix& rng) const;
  void night(Path& path, std::uint32_t year, Splitmix& rng) const;
  std::uint32_t pick_district(Splitmix& rng, std::uint32_t not_this) const;
  void school(std::uint32_t index, const Person& p, std::vector<Spell>& out) const;
  void enrol(const std::vector<Stay>& stays, std::uint32_t begin, std::uint32_t end,
             std::uint32_t index, Splitmix& rng, std::vector<Spell>& out) const;
  void add_extra(std::size_t at, Splitmix& rng, std::vector<Spell>& mine) const;
  void after_school(std::uint32_t index, const Person& p, std::vector<Spell>& out) const;
  void staff_job(std::uint32_t index, std::uint32_t from_year, Splitmix& rng,
                 std::vector<Spell>& out) const;
  void wages(std::uint32_t index, const Person& p, bool sure, std::vector<Spell>& out) const;

  const People& people_;
  const Rates& rates_;
  Shape shape_;
  Owners owners_;
  std::vector<double> district_ends_;  // running shares of the districts' sizes
};

// Sorts the spells by owner and person and gives each its number: unique in an owner for a person
// and generation, and without order.
void number_spells(std::vector<Spell>& spells, const Owners& owners, std::uint64_t seed);

// A transfer: the spell that began, and the number of the spell that was left.
struct Move {
  Spell to;
  std::uint32_t from_number;
};
// Every transfer among spells as number_spells left them.
std::vector<Move> transfers(const std::vector<Spell>& spells);
// Sorts by owner, number and begin: the order of the rosters.
void sort_by_number(std::vector<Spell>& spells);

}  // namespace tessera::lab
