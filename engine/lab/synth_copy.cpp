// Typing a person into a roster, with the mistakes of the table of rates.
#include "engine/lab/synth_copy.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "engine/lab/synth_noise.h"
#include "engine/lab/synth_stream.h"

namespace tessera::lab {

// A copy while it is typed.
struct Typist::Draft {
  const Spell& spell;
  const Person& person;
  const Version& version;
  Style style;
  Splitmix rng;
  Copy copy;
  bool chance(double rate) { return rng.chance(rate * version.care); }
};

Typist::Typist(const NameTables& names, const People& people, const Rates& rates,
               const Shape& shape, const Owners& owners, double ssn_share)
    : names_(names),
      people_(people),
      rates_(rates),
      shape_(shape),
      owners_(owners),
      ssn_share_(ssn_share) {}

Style Typist::style(std::uint16_t owner) const {
  const Owner o = owners_.of(owner);
  Splitmix rng =
      stream(shape_.seed, Purpose::district, mix(o.sector == Sector::staff ? o.number : owner, 1));
  Style s;
  s.plain = rng.chance(rates_.plain_district);
  s.capitals = rng.chance(rates_.upper_district);
  s.star = rng.chance(rates_.star_district);
  s.us_dates = rng.chance(rates_.us_date_district);
  if (o.sector == Sector::wage) s = {true, true, false, false};
  return s;
}

// A copy is known by owner, person and generation; an employer's by person and year.
std::uint64_t Typist::key(const Spell& spell) const {
  const Owner o = owners_.of(spell.owner);
  const std::uint64_t keeper =
      o.sector == Sector::wage ? 0x10000ULL + o.number / 4 : std::uint64_t{spell.owner};
  return mix(spell.person, keeper, spell.generation);
}

Version Typist::version(const Spell& spell, const Person& p, std::uint32_t tick) const {
  Version v;
  const std::uint64_t k = key(spell);
  Splitmix first = stream(shape_.seed, Purpose::copy, k);
  v.as_of = spell.begin;
  if (first.chance(rates_.former_name)) v.as_of = 0;
  const Owner o = owners_.of(spell.owner);
  if (o.sector == Sector::wage) return v;
  for (std::uint32_t year = spell.begin / shape_.slots(); year <= tick / shape_.slots(); ++year) {
    Splitmix rng = stream(shape_.seed, Purpose::copy, mix(k, year, 1));
    const double u = rng.uniform();
    const bool told = rng.chance(rates_.told), asked = rng.chance(rates_.change);
    const std::uint32_t start = year * shape_.slots();
    const auto when = static_cast<std::uint32_t>(
        shape_.nights == 0 ? start : start + 1 + rng.below(shape_.nights));
    if (when > spell.begin && when <= tick) {
      if (u < rates_.correction + rates_.worsening) {
        ++v.typing;
        v.as_of = static_cast<std::uint16_t>(when);
        v.care = u < rates_.correction ? 0.1 : 4;
      }
      if (asked) ++v.ssn;
    }
    for (const std::uint16_t change : {p.last_changes, p.first_changes})
      if (told && change != kNever && change / shape_.slots() == year && change > v.as_of &&
          change > spell.begin && change <= tick)
        v.as_of = change;
  }
  return v;
}

Copy Typist::copy(const Spell& spell, const Person& p, const Version& version) const {
  const std::uint64_t k = key(spell);
  Draft d{spell,
          p,
          version,
          style(spell.owner),
          stream(shape_.seed, Purpose::typing, mix(k, version.typing)),
          {}};
  type_names(d);
  slip_names(d);
  type_middle(d);
  type_rest(d);
  type_ssn(spell, p, version.ssn, d.copy);
  finish(d);
  return std::move(d.copy);
}

void Typist::type_names(Draft& d) const {
  d.copy.first = d.person.first_at(d.version.as_of);
  d.copy.last = d.person.last_at(d.version.as_of);
  d.copy.middle = d.person.middle;
  const bool with_nickname = d.chance(rates_.nickname);
  const auto* nicknames = names_.nicknames(d.copy.first);
  const std::uint64_t pick = d.rng.next() >> 32;
  if (with_nickname && nicknames != nullptr) d.copy.first = (*nicknames)[pick % nicknames->size()];
  if (d.chance(rates_.twin_mixed) && d.person.multiple) {
    const auto eldest = static_cast<std::uint32_t>(d.person.household);
    d.copy.first =
        people_.person(eldest + (d.person.member == 0 ? 1 : 0)).first_at(d.version.as_of);
  }
  const bool dropped = d.chance(rates_.part_dropped), hyphen = d.chance(rates_.hyphen_blank);
  if (dropped && d.person.compound) d.copy.last = drop_part(d.copy.last, d.rng);
  if (hyphen && d.person.compound) d.copy.last = swap_hyphen(d.copy.last);
}

// The mistakes that first and last names share.
std::string Typist::slip(std::string name, bool is_first, Draft& d) const {
  const auto* variants = is_first ? names_.given_variants(name) : names_.surname_variants(name);
  if (variants != nullptr && d.chance(rates_.name_variant))
    name = (*variants)[d.rng.below(variants->size())];
  if (d.chance(rates_.name_typo)) name = mistype(std::move(name), names_, d.rng);
  if (d.chance(rates_.name_phonetic)) name = write_by_ear(std::move(name), names_, d.rng);
  if (d.chance(rates_.name_ocr)) name = misread(std::move(name), names_, d.rng);
  if (d.chance(rates_.accents_dropped)) name = without_accents(name);
  return name;
}

void Typist::slip_names(Draft& d) const {
  d.copy.first = slip(std::move(d.copy.first), true, d);
  d.copy.last = slip(std::move(d.copy.last), false, d);
  const bool inside = d.chance(rates_.middle_in_first);
  if (inside && !d.copy.middle.empty()) {
    d.copy.first += " " + d.copy.middle;
    d.copy.middle.clear();
  }
  if (d.chance(rates_.placeholder_name)) {
    constexpr const char* kWords[] = {"Baby", "Unknown", "Test", "Baby Girl", "Baby Boy", "Infant"};
    d.copy.first = kWords[d.rng.below(6)];
  }
  const bool with_suffix = d.rng.chance(rates_.suffix_in_last);
  if (with_suffix && !d.person.suffix.empty()) d.copy.last += " " + d.person.suffix;
  if (d.chance(rates_.swap_names)) std::swap(d.copy.first, d.copy.last);
}

void Typist::type_middle(Draft& d) const {
  // An owner keeps middle names whole, short or not at all for a person, however often it types.
  const double u = stream(shape_.seed, Purpose::copy, mix(key(d.spell), 2)).uniform();
  if (u < rates_.middle_blank) {
    d.copy.middle.clear();
  } else if (u < rates_.middle_blank + rates_.middle_initial && !d.copy.middle.empty()) {
    d.copy.middle.resize(1);
  }
  if (d.chance(rates_.middle_typo))
    d.copy.middle = mistype(std::move(d.copy.middle), names_, d.rng);
  if (d.copy.middle.empty() && d.style.star) d.copy.middle = "*";
}

BirthDate Typist::slip_date(BirthDate born, Draft& d, bool& blank) const {
  if (d.chance(rates_.dob_digit)) {
    const BirthDate right = born;
    while (born == right || born.day > 28 + (born.month != 2 ? 2 : 0) || born.day == 0 ||
           born.month == 0 || born.month > 12) {
      born = right;
      const int digit = static_cast<int>(d.rng.below(10));
      switch (d.rng.below(5)) {
        case 0:
          born.year = born.year / 10 * 10 + digit;
          break;
        case 1:
          born.month = born.month / 10 * 10 + digit;
          break;
        case 2:
          born.month = digit % 2 * 10 + born.month % 10;
          break;
        case 3:
          born.day = born.day / 10 * 10 + digit;
          break;
        default:
          born.day = digit % 4 * 10 + born.day % 10;
          break;
      }
    }
  }
  if (d.chance(rates_.dob_day_month) && born.day <= 12) std::swap(born.day, born.month);
  if (d.chance(rates_.dob_first)) born.day = born.month = 1;
  if (d.chance(rates_.dob_default)) born = {1900, 1, 1};
  if (d.chance(rates_.dob_century)) born.year += born.year >= 2000 ? -100 : 100;
  blank = d.chance(rates_.dob_blank);
  return born;
}

void Typist::type_rest(Draft& d) const {
  bool blank = false;
  const BirthDate b = slip_date(d.person.born, d, blank);
  if (!blank)
    d.copy.date_of_birth = d.style.us_dates
                               ? fmt::format("{:02}/{:02}/{:04}", b.month, b.day, b.year)
                               : fmt::format("{:04}-{:02}-{:02}", b.year, b.month, b.day);
  const char sex = d.person.sex_at(d.version.as_of);
  d.copy.sex = sex;
  if (d.chance(rates_.sex_wrong)) d.copy.sex = sex == 'F' ? "M" : "F";
  if (d.chance(rates_.sex_missing)) d.copy.sex.clear();
}

void Typist::finish(Draft& d) const {
  const bool wage = owners_.of(d.spell.owner).sector == Sector::wage;
  if (wage && d.rng.chance(rates_.wage_no_name))
    for (std::string* name : {&d.copy.first, &d.copy.last, &d.copy.middle}) name->clear();
  for (std::string* name : {&d.copy.first, &d.copy.last, &d.copy.middle}) {
    if (d.style.plain) *name = without_accents(*name);
    if (d.style.capitals) *name = capitals(*name);
  }
  if (d.chance(rates_.letter_case)) {
    std::string& name = d.rng.chance(0.5) ? d.copy.first : d.copy.last;
    name = other_case(name, d.rng);
  }
  if (d.chance(rates_.spaces)) {
    std::string& name = d.rng.chance(0.5) ? d.copy.first : d.copy.last;
    name = stray_blanks(name, d.rng);
  }
}

}  // namespace tessera::lab
