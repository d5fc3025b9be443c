// Making a person from an index.
#include "engine/lab/synth_person.h"

#include <algorithm>
#include <cmath>

#include "engine/lab/synth_stream.h"

namespace tessera::lab {
namespace {

constexpr std::uint32_t kBlock = 32;  // families never cross a block of this many indices
constexpr int kAdultFrom = 1958, kAdultTo = 1996;

int days_in(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kDays[month - 1];
}

BirthDate date_in(int year, Splitmix& rng) {
  const int month = 1 + static_cast<int>(rng.below(12));
  return {year, month,
          1 + static_cast<int>(rng.below(static_cast<std::uint64_t>(days_in(year, month))))};
}

Ethnicity draw_ethnicity(const Rates& r, Splitmix& rng) {
  double u = rng.uniform();
  const std::pair<double, Ethnicity> shares[] = {{r.black, Ethnicity::black},
                                                 {r.hispanic, Ethnicity::hispanic},
                                                 {r.asian, Ethnicity::asian},
                                                 {r.native, Ethnicity::native},
                                                 {r.two_or_more, Ethnicity::two_or_more}};
  for (const auto& [share, e] : shares) {
    if (u < share) return e;
    u -= share;
  }
  return Ethnicity::white;
}

}  // namespace

// What the children of a household have in common.
struct People::Family {
  Household house;
  Ethnicity ethnicity = Ethnicity::white;
  Origin origin = Origin::usual;
  int year = 0;  // birth year of the eldest
  std::uint64_t key = 0;
};

std::uint32_t ssn_of(std::uint64_t seed, std::uint64_t number) {
  constexpr std::uint64_t kAll = 1000000000;
  // An affine permutation of nine digits, walked until it lands on a possible number.
  const std::uint64_t step = (mix(seed, 77) % 100000000) * 10 + 3;  // prime to 10^9 (ends in 3)
  std::uint64_t x = (number + mix(seed, 78)) % kAll;
  for (;;) {
    x = (x * step + 12345677) % kAll;
    const std::uint64_t area = x / 1000000, group = x / 10000 % 100, serial = x % 10000;
    if (area != 0 && area != 666 && area < 900 && group != 0 && serial != 0)
      return static_cast<std::uint32_t>(x);
  }
}

People::People(const NameTables& names, const Rates& rates, const Shape& shape)
    : names_(names), rates_(rates), shape_(shape) {
  births_from_ = kFirstYear - (shape.school_age_only ? 17 : 24);
  births_to_ = shape.school_age_only ? births_from_ + 12
                                     : kFirstYear + static_cast<int>(shape.years) - 1 - 4;
  if (shape.school_age_only) {
    children_ = size_ = 2 * shape.students;
    return;
  }
  // Cohorts enrolled in year 1: grades K to 12, and parts of those before and after.
  const double cohorts =
      (rates.pk3 + rates.pk4 + 13 + 4 * rates.to_21) * (1 - rates.never) * (1 - rates.not_yet) -
      3 * rates.drop_out / 2;
  const double span = births_to_ - births_from_ + 1;
  children_ = static_cast<std::uint32_t>(std::ceil(shape.students * span / cohorts));
  staff_ = static_cast<std::uint32_t>(shape.students * rates.staff);
  size_ = children_ + staff_ + static_cast<std::uint32_t>(shape.students * rates.workers);
}

Household People::household(std::uint32_t index) const {
  const std::uint32_t block = index / kBlock * kBlock;
  Splitmix rng = stream(shape_.seed, Purpose::households, index / kBlock);
  std::uint32_t at = block;
  for (;;) {
    Household house{at, 1, false};
    double u = rng.uniform();
    const double size = rng.uniform();
    const std::uint32_t room = std::min(block + kBlock, children_) - at;
    if (u < rates_.twin_household) {
      house.size = 2;
      house.multiple = true;
    } else if ((u -= rates_.twin_household) < rates_.triplet_household) {
      house.size = 3;
      house.multiple = true;
    } else if (u - rates_.triplet_household < rates_.sibling_household) {
      house.size = size < 0.65 ? 2 : size < 0.92 ? 3 : 4;
    }
    if (house.size > room) house = {at, 1, false};
    if (index < at + house.size) return house;
    at += house.size;
  }
}

People::Family People::family(const Household& house) const {
  Family f;
  f.house = house;
  f.key = house.first;
  Splitmix rng = stream(shape_.seed, Purpose::family, f.key);
  const int span = births_to_ - births_from_ + 1;
  f.year = births_from_ + static_cast<int>(rng.below(static_cast<std::uint64_t>(span)));
  f.ethnicity = draw_ethnicity(rates_, rng);
  const double u = rng.uniform();
  f.origin = u < rates_.refugee                          ? Origin::refugee
             : u < rates_.refugee + rates_.international ? Origin::international
                                                         : Origin::usual;
  return f;
}

BirthDate People::child_born(const Family& f, std::uint32_t member) const {
  Splitmix rng = stream(shape_.seed, Purpose::person, mix(f.key, f.house.multiple ? 0 : member, 1));
  int year = f.year;
  if (!f.house.multiple && member > 0) {
    Splitmix gaps = stream(shape_.seed, Purpose::person, mix(f.key, 0, 2));
    for (std::uint32_t m = 0; m < member; ++m) year += 1 + static_cast<int>(gaps.below(4));
    if (year > births_to_) year -= births_to_ - births_from_ + 1;
  }
  const BirthDate drawn = date_in(year, rng);
  constexpr BirthDate kShared[] = {{0, 1, 1}, {0, 7, 1}, {0, 9, 1}, {0, 12, 31}};
  if (f.origin == Origin::refugee) return {year, 1, 1};
  if (f.origin == Origin::international) {
    const BirthDate& shared = kShared[rng.below(4)];
    return {year, shared.month, shared.day};
  }
  return drawn;
}

BirthDate People::born(std::uint32_t index) const {
  if (index >= children_) return adult(index).born;
  const Household house = household(index);
  if (is_stranger(index, house)) return born(double_of(index));
  return child_born(family(house), index - house.first);
}

char People::child_sex(const Family& f, std::uint32_t member) const {
  return stream(shape_.seed, Purpose::person, mix(f.key, member, 3)).chance(0.512) ? 'M' : 'F';
}

SpelledName People::draw_given(Ethnicity e, int year, char sex, Splitmix& rng) const {
  const bool ethnic = rng.chance(rates_.ethnic_given);
  return names_.given(year, sex, e, ethnic, rng);
}

std::string People::spell(const SpelledName& name, Splitmix& rng) const {
  const bool spelled = rng.chance(rates_.spelled);
  return spelled && !name.spelled.empty() ? name.spelled : name.plain;
}

std::string People::draw_surname(Ethnicity e, bool doubled, Splitmix& rng) const {
  const std::string one = spell(names_.surname(e, rng), rng);
  if (!doubled) return one;
  std::string two = one;
  for (int i = 0; i < 8 && two == one; ++i) two = spell(names_.surname(e, rng), rng);
  return one + (rng.chance(rates_.double_hyphen) ? "-" : " ") + two;
}

// Children of one family have different first names; twins often nearly the same one.
std::string People::child_first(const Family& f, std::uint32_t member, char sex) const {
  Splitmix rng = stream(shape_.seed, Purpose::person, mix(f.key, member, 4));
  std::vector<std::string> taken;
  for (std::uint32_t m = 0; m < member; ++m) taken.push_back(child_first(f, m, child_sex(f, m)));
  if (f.house.multiple && member > 0 && rng.chance(rates_.twin_similar)) {
    const auto* list = names_.similar(sex, taken[0]);
    if (list != nullptr) {
      const std::string& pick = (*list)[rng.below(list->size())];
      if (std::find(taken.begin(), taken.end(), pick) == taken.end()) return pick;
    }
  }
  const int year = child_born(f, member).year;
  std::string name;
  for (int i = 0; i < 16; ++i) {
    name = spell(draw_given(f.ethnicity, year, sex, rng), rng);
    if (std::find(taken.begin(), taken.end(), name) == taken.end()) break;
  }
  if (rng.chance(rates_.two_part_first) && name.find(' ') == std::string::npos)
    name += " " + draw_given(f.ethnicity, year, sex, rng).plain;
  return name;
}

bool People::is_stranger(std::uint32_t index, const Household& house) const {
  return house.size == 1 && stream(shape_.seed, Purpose::stranger, index).chance(rates_.stranger) &&
         double_of(index) != index;
}

// Whom a stranger resembles: an only child (so that the pair has no family ties), nearby in index.
std::uint32_t People::double_of(std::uint32_t index) const {
  Splitmix rng = stream(shape_.seed, Purpose::stranger, mix(index, 1));
  for (int i = 0; i < 16; ++i) {
    const auto j = static_cast<std::uint32_t>(rng.below(children_));
    if (j == index || household(j).size != 1) continue;
    if (!stream(shape_.seed, Purpose::stranger, j).chance(rates_.stranger)) return j;
  }
  return index;
}

Person People::child(std::uint32_t index) const {
  const Household house = household(index);
  const Family f = family(house);
  Person p;
  p.household = house.first;
  p.member = index - house.first;
  p.siblings = house.size;
  p.multiple = house.multiple;
  p.ethnicity = f.ethnicity;
  p.origin = f.origin;
  p.born = child_born(f, p.member);
  p.sex = child_sex(f, p.member);
  p.first = child_first(f, p.member, p.sex);
  Splitmix rng = stream(shape_.seed, Purpose::family, mix(f.key, 1));
  const bool hispanic = f.ethnicity == Ethnicity::hispanic;
  p.compound = rng.chance(hispanic ? rates_.hispanic_double : rates_.other_double);
  p.last = draw_surname(f.ethnicity, p.compound, rng);
  return p;
}

Person People::adult(std::uint32_t index) const {
  Splitmix rng = stream(shape_.seed, Purpose::adult, index);
  Person p;
  p.household = index;
  p.adult = true;
  p.ethnicity = draw_ethnicity(rates_, rng);
  p.born = date_in(kAdultFrom + static_cast<int>(rng.below(kAdultTo - kAdultFrom + 1)), rng);
  p.sex = rng.chance(0.5) ? 'M' : 'F';
  p.first = spell(draw_given(p.ethnicity, p.born.year, p.sex, rng), rng);
  const bool hispanic = p.ethnicity == Ethnicity::hispanic;
  p.compound = rng.chance(hispanic ? rates_.hispanic_double : rates_.other_double);
  p.last = draw_surname(p.ethnicity, p.compound, rng);
  return p;
}

// What is drawn for each person alone: middle name, suffix, SSN.
void People::finish(Person& p, std::uint32_t index) const {
  Splitmix rng = stream(shape_.seed, Purpose::person, mix(index, 5, 5));
  if (rng.chance(rates_.one_name)) {
    p.first = p.last;
    p.compound = false;
    p.stranger = false;
  } else if (!rng.chance(rates_.no_middle)) {
    p.middle = draw_given(p.ethnicity, p.born.year, p.sex, rng).plain;
  }
  if (p.sex == 'M' && rng.chance(rates_.suffix)) {
    constexpr const char* kSuffixes[] = {"Jr", "Jr", "III", "II"};
    p.suffix = kSuffixes[rng.below(4)];
  }
  if (rng.chance(rates_.sex_x)) p.sex = 'X';
  const bool none = p.origin == Origin::international || rng.chance(rates_.no_ssn);
  p.ssn = none ? 0 : ssn_of(shape_.seed, index);
  p.parent_ssn = ssn_of(shape_.seed, 400000000 + p.household);
}

void People::rename_in(Person& p, std::uint32_t year, Splitmix& family, Splitmix& own) const {
  const auto tick = static_cast<std::uint16_t>(year * shape_.slots() + own.below(shape_.slots()));
  const auto family_tick =
      static_cast<std::uint16_t>(year * shape_.slots() + family.below(shape_.slots()));
  const bool whole_family = family.chance(rates_.family_rename) && !p.adult;
  const std::string family_name = whole_family ? draw_surname(p.ethnicity, false, family) : "";
  const int age = kFirstYear + static_cast<int>(year) - p.born.year;
  const bool adopted = own.chance(rates_.adoption) && age < 18;
  const bool married = own.chance(rates_.marriage) && p.sex == 'F' && age >= 20 && age <= 40;
  if (p.last_changes == kNever && (whole_family || adopted || married)) {
    p.last_changes = whole_family ? family_tick : tick;
    p.new_last = whole_family ? family_name : draw_surname(p.ethnicity, false, own);
  }
  if (own.chance(rates_.protection) && p.last_changes == kNever && p.first_changes == kNever) {
    p.first_changes = p.last_changes = tick;
    p.new_first = draw_given(p.ethnicity, p.born.year, p.sex == 'F' ? 'F' : 'M', own).plain;
    p.new_last = draw_surname(p.ethnicity, false, own);
  }
  if (own.chance(rates_.transition) && p.first_changes == kNever) {
    p.first_changes = tick;
    p.new_sex = own.chance(0.3) ? 'X' : p.sex == 'F' ? 'M' : 'F';
    const char drawn = p.new_sex == 'X' ? (p.sex == 'F' ? 'M' : 'F') : p.new_sex;
    p.new_first = draw_given(p.ethnicity, p.born.year, drawn, own).plain;
  }
}

void People::rename(Person& p, std::uint32_t index) const {
  Splitmix family = stream(shape_.seed, Purpose::renaming, mix(p.household, 1));
  Splitmix own = stream(shape_.seed, Purpose::renaming, mix(index, 2));
  p.new_sex = p.sex;
  for (std::uint32_t year = 0; year < shape_.years; ++year) rename_in(p, year, family, own);
}

Person People::person(std::uint32_t index) const {
  Person p;
  if (index >= children_) {
    p = adult(index);
  } else {
    p = child(index);
    if (is_stranger(index, household(index))) {
      const Person twin = child(double_of(index));
      p.stranger = true;
      p.born = twin.born;
      p.sex = twin.sex;
      p.first = twin.first;
      p.last = twin.last;
      p.compound = twin.compound;
      p.ethnicity = twin.ethnicity;
    }
  }
  finish(p, index);
  if (!shape_.school_age_only) rename(p, index);
  return p;
}

}  // namespace tessera::lab
