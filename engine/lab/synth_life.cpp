// Moves, schooling, college and work of a person, as spells.
#include "engine/lab/synth_life.h"

#include <algorithm>
#include <cmath>

#include "engine/lab/synth_stream.h"

namespace tessera::lab {
namespace {
constexpr std::uint32_t kNowhere = 0xffffffff;
}

std::uint16_t Owners::id(Sector sector, std::uint32_t number) const {
  const std::uint32_t base = sector == Sector::student   ? 0
                             : sector == Sector::college ? districts
                             : sector == Sector::staff   ? districts + colleges
                                                         : 2 * districts + colleges;
  return static_cast<std::uint16_t>(base + number);
}

Owner Owners::of(std::uint16_t id) const {
  std::uint32_t n = id;
  if (n < districts) return {Sector::student, n};
  if ((n -= districts) < colleges) return {Sector::college, n};
  if ((n -= colleges) < districts) return {Sector::staff, n};
  return {Sector::wage, n - districts};
}

Lives::Lives(const People& people, const Rates& rates, const Shape& shape)
    : people_(people), rates_(rates), shape_(shape) {
  owners_ = {shape.districts, shape.colleges, shape.years};
  double total = 0;
  for (std::uint32_t d = 0; d < shape.districts; ++d)
    district_ends_.push_back(total += std::pow(d + 2.0, -0.8));
}

std::uint32_t Lives::pick_district(Splitmix& rng, std::uint32_t not_this) const {
  std::uint32_t d = not_this;
  for (int i = 0; i < 32 && d == not_this; ++i) {
    const double at = rng.uniform() * district_ends_.back();
    d = static_cast<std::uint32_t>(
        std::upper_bound(district_ends_.begin(), district_ends_.end(), at) -
        district_ends_.begin());
    d = std::min(d, shape_.districts - 1);
  }
  return d;
}

// Where a household is while its years are told.
struct Lives::Path {
  std::vector<Stay> stays;
  std::uint32_t at = kNowhere;    // district now, or kNowhere
  std::uint32_t last = kNowhere;  // district before
  bool migrant = false;
};

void Lives::arrive(Path& path, std::uint32_t district, std::uint32_t tick, Splitmix& rng) const {
  const bool silent = rng.chance(rates_.silent_move);
  if (path.at == district) return;
  if (path.at != kNowhere) {
    Stay& old = path.stays.back();
    // An old district that is not told lists the student in its next October, or until it.
    const std::uint32_t october = (tick + shape_.slots() - 1) / shape_.slots() * shape_.slots();
    old.end = silent ? std::max(tick, october) + (october == tick ? 1 : 0) : tick;
    old.silent = silent;
  }
  for (Stay& earlier : path.stays)  // back where they never were signed out
    if (earlier.district == district && earlier.end > tick) earlier.end = tick;
  if (district != kNowhere)
    path.stays.push_back({district, tick, shape_.ticks(), path.last, false});
  path.at = district;
  if (district != kNowhere) path.last = district;
}

void Lives::summer(Path& path, std::uint32_t year, Splitmix& rng) const {
  const std::uint32_t tick = year * shape_.slots();
  const double u = rng.uniform();
  const bool same = rng.chance(rates_.come_back_same);
  const std::uint32_t other = pick_district(rng, path.last);
  if (path.at == kNowhere) {
    if (path.last == kNowhere ? u < rates_.arrive : u < rates_.come_back)
      arrive(path, path.last != kNowhere && same ? path.last : other, tick, rng);
  } else if (u < (path.migrant ? 0.6 : rates_.summer_move)) {
    arrive(path, other, tick, rng);
  } else if (!path.migrant && u < rates_.summer_move + rates_.leave + rates_.homeschool) {
    arrive(path, kNowhere, tick, rng);
  }
}

void Lives::night(Path& path, std::uint32_t year, Splitmix& rng) const {
  if (shape_.nights == 0) return;
  const auto tick =
      static_cast<std::uint32_t>(year * shape_.slots() + 1 + rng.below(shape_.nights));
  const double u = rng.uniform();
  const bool same = rng.chance(rates_.come_back_same);
  const std::uint32_t other = pick_district(rng, path.last);
  if (path.at != kNowhere) {
    if (u < (path.migrant ? 0.6 : rates_.night_move)) arrive(path, other, tick, rng);
  } else if (path.last != kNowhere ? u < rates_.come_back / 4 : u < rates_.arrive / 4) {
    arrive(path, path.last != kNowhere && same ? path.last : other, tick, rng);
  }
}

std::vector<Lives::Stay> Lives::stays(std::uint64_t household) const {
  Splitmix rng = stream(shape_.seed, Purpose::moves, household);
  Path path;
  path.migrant = rng.chance(rates_.migrant);
  const std::uint32_t home = pick_district(rng, kNowhere);
  if (!rng.chance(rates_.not_yet)) arrive(path, home, 0, rng);
  for (std::uint32_t year = 0; year < shape_.years; ++year) {
    if (year > 0) summer(path, year, rng);
    night(path, year, rng);
  }
  return path.stays;
}

// A second spell beside one: with another district at the same time, or the same one twice.
void Lives::add_extra(std::size_t at, Splitmix& rng, std::vector<Spell>& mine) const {
  const Spell spell = mine[at];
  const auto year_end = static_cast<std::uint16_t>(
      std::min<std::uint32_t>(spell.end, (spell.begin / shape_.slots() + 1) * shape_.slots()));
  const std::uint32_t other = pick_district(rng, spell.owner);
  if (rng.chance(rates_.concurrent)) {
    bool known = false;
    for (const Spell& s : mine) known = known || s.owner == other;
    Spell second = spell;
    second.owner = static_cast<std::uint16_t>(other);
    second.from = kNobody;
    second.end = year_end;
    second.concurrent = true;
    if (!known) mine.push_back(second);
  }
  if (rng.chance(rates_.duplicate)) {
    Spell twice = spell;
    twice.from = kNobody;
    twice.end = year_end;
    twice.generation = static_cast<std::uint8_t>(kTwice + at);
    mine.push_back(twice);
  }
}

void Lives::enrol(const std::vector<Stay>& stays, std::uint32_t begin, std::uint32_t end,
                  std::uint32_t index, Splitmix& rng, std::vector<Spell>& out) const {
  std::vector<Spell> mine;
  for (const Stay& stay : stays) {
    const std::uint32_t from = std::max(begin, stay.begin), to = std::min(end, stay.end);
    if (from >= to) continue;
    Spell spell;
    spell.person = index;
    spell.owner = static_cast<std::uint16_t>(stay.district);
    spell.begin = static_cast<std::uint16_t>(from);
    spell.end = static_cast<std::uint16_t>(to);
    spell.silent = stay.silent && to == stay.end;
    const bool moved = from == stay.begin && from > begin && stay.from != kNowhere && !mine.empty();
    if (moved) spell.from = static_cast<std::uint16_t>(stay.from);
    for (const Spell& earlier : mine)
      if (earlier.owner == spell.owner) spell.generation = earlier.generation;
    const bool back = std::any_of(mine.begin(), mine.end(),
                                  [&](const Spell& s) { return s.owner == spell.owner; });
    if (rng.chance(rates_.new_local_id) && back) ++spell.generation;
    const bool october = from % shape_.slots() == 0;
    if (rng.chance(rates_.no_show) && october && shape_.nights > 0)
      spell.end = static_cast<std::uint16_t>(from + 1);
    mine.push_back(spell);
  }
  const std::size_t plain = mine.size();
  for (std::size_t i = 0; i < plain; ++i) add_extra(i, rng, mine);
  out.insert(out.end(), mine.begin(), mine.end());
}

void Lives::school(std::uint32_t index, const Person& p, std::vector<Spell>& out) const {
  Splitmix rng = stream(shape_.seed, Purpose::schooling, index);
  const double u = rng.uniform();
  const int entry = u < rates_.pk3 ? -2 : u < rates_.pk4 ? -1 : 0;
  const bool special = rng.chance(rates_.to_21);
  const bool leaves = rng.chance(rates_.drop_out);
  const int last = leaves ? 9 + static_cast<int>(rng.below(3)) : special ? 16 : 12;
  const bool by_night = rng.chance(rates_.night_entry);
  const auto night = static_cast<int>(rng.below(shape_.slots()));
  if (rng.chance(rates_.never) && !shape_.school_age_only) return;
  const int first_year = cohort_of(p.born) + 5 + entry - kFirstYear;
  const int last_year = cohort_of(p.born) + 5 + last - kFirstYear;
  const auto slots = static_cast<int>(shape_.slots());
  const int begin = first_year < 0 ? 0 : first_year * slots + (by_night ? night : 0);
  const int end = std::min((last_year + 1) * slots, static_cast<int>(shape_.ticks()));
  if (begin >= end) return;
  enrol(stays(p.household), static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end),
        index, rng, out);
}

void Lives::staff_job(std::uint32_t index, std::uint32_t from_year, Splitmix& rng,
                      std::vector<Spell>& out) const {
  std::uint32_t district = pick_district(rng, kNowhere);
  std::vector<std::uint32_t> been;
  std::uint32_t begin = from_year;
  for (std::uint32_t year = from_year; year < shape_.years; ++year) {
    const bool leaves = year + 1 < shape_.years && rng.chance(rates_.staff_turnover);
    if (!leaves && year + 1 < shape_.years) continue;
    Spell spell;
    spell.person = index;
    spell.owner = owners_.id(Sector::staff, district);
    spell.begin = static_cast<std::uint16_t>(begin * shape_.slots());
    spell.end = static_cast<std::uint16_t>((year + 1) * shape_.slots());
    out.push_back(spell);
    been.push_back(district);
    district = pick_district(rng, district);
    if (std::find(been.begin(), been.end(), district) != been.end()) return;
    begin = year + 1;
  }
}

void Lives::wages(std::uint32_t index, const Person& p, bool sure, std::vector<Spell>& out) const {
  Splitmix rng = stream(shape_.seed, Purpose::wage, index);
  const bool works = rng.chance(rates_.works) || sure || p.adult;
  for (std::uint32_t q = 0; q < 4 * shape_.years; ++q) {
    const bool paid = rng.chance(rates_.works_quarter);
    const int age = kFirstYear + static_cast<int>(q / 4) - p.born.year;
    if (!works || !paid || age < 17) continue;
    Spell spell;
    spell.person = index;
    spell.owner = owners_.id(Sector::wage, q);
    spell.begin = static_cast<std::uint16_t>(q / 4 * shape_.slots());
    spell.end = static_cast<std::uint16_t>(spell.begin + shape_.slots());
    out.push_back(spell);
  }
}

void Lives::after_school(std::uint32_t index, const Person& p, std::vector<Spell>& out) const {
  Splitmix rng = stream(shape_.seed, Purpose::college, index);
  const int leaves = cohort_of(p.born) + 18 - kFirstYear;  // the year after grade 12, from 0
  const bool college = rng.chance(rates_.college);
  const bool blocked = rng.chance(rates_.blocked);
  const int stay = 2 + static_cast<int>(rng.below(3));
  const auto which = static_cast<std::uint32_t>(rng.below(shape_.colleges));
  const bool becomes_staff = rng.chance(rates_.staff_after) && !out.empty();
  const auto years = static_cast<int>(shape_.years);
  const int begin = std::max(0, leaves), end = std::min(years, leaves + stay);
  if (college && !blocked && begin < end) {
    Spell spell;
    spell.person = index;
    spell.owner = owners_.id(Sector::college, which);
    spell.begin = static_cast<std::uint16_t>(static_cast<std::uint32_t>(begin) * shape_.slots());
    spell.end = static_cast<std::uint16_t>(static_cast<std::uint32_t>(end) * shape_.slots());
    out.push_back(spell);
  }
  const bool hired = becomes_staff && leaves >= 1 && leaves < years;
  if (hired) staff_job(index, static_cast<std::uint32_t>(leaves), rng, out);
  wages(index, p, hired, out);
}

void Lives::spells_of(std::uint32_t index, std::vector<Spell>& out) const {
  std::vector<Spell> mine;
  Person p;  // birth and household suffice: names do not steer a life
  p.born = people_.born(index);
  p.adult = index >= people_.children();
  p.household = p.adult ? index : people_.household(index).first;
  if (p.adult) {
    Splitmix rng = stream(shape_.seed, Purpose::schooling, index);
    const bool staff = index - people_.children() < people_.staff();
    if (staff) staff_job(index, 0, rng, mine);
    wages(index, p, staff, mine);
  } else {
    school(index, p, mine);
    if (!shape_.school_age_only) after_school(index, p, mine);
  }
  out.insert(out.end(), mine.begin(), mine.end());
}

}  // namespace tessera::lab
