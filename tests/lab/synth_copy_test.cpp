// Recorded copies against the people they stand for: every failure mode, at its rate.
#include <algorithm>
#include <set>

#include "engine/lab/synth_noise.h"
#include "tests/lab/synth_fixture.h"

namespace synth_copy_test {

using namespace tessera;
using namespace tessera::lab;
using namespace tessera::lab::test;

namespace {

BirthDate read_date(const std::string& text) {
  if (text.size() != 10) return {};
  if (text[2] == '/')
    return {std::stoi(text.substr(6)), std::stoi(text.substr(0, 2)), std::stoi(text.substr(3, 2))};
  return {std::stoi(text.substr(0, 4)), std::stoi(text.substr(5, 2)), std::stoi(text.substr(8))};
}

// Names as compared: without suffix, marks and case.
std::string bare(const std::string& name) {
  std::string f = folded(name);
  for (const char* suffix : {" JR", " III", " II"})
    if (f.size() > std::string(suffix).size() && f.ends_with(suffix))
      f.resize(f.size() - std::string(suffix).size());
  return f;
}

int digits_apart(const BirthDate& a, const BirthDate& b) {
  auto text = [](const BirthDate& d) {
    const int n = d.year * 10000 + d.month * 100 + d.day;
    return std::to_string(n);
  };
  const std::string x = text(a), y = text(b);
  int apart = 0;
  for (std::size_t i = 0; i < x.size() && i < y.size(); ++i) apart += x[i] != y[i];
  return apart;
}

struct Counts {
  double n = 0, dob_wrong = 0, first_wrong = 0, last_wrong = 0;
  double blank = 0, dob_default = 0, century = 0, jan_first = 0, swapped_date = 0, swappable = 0,
         one_digit = 0;
  double swapped_names = 0, nickname = 0, nicknamed = 0, placeholder = 0, inside = 0, middles = 0;
  double compound = 0, dropped = 0, rehyphened = 0, sex_blank = 0, sex_wrong = 0, stray = 0;
  double star = 0, no_middle = 0, initial = 0, suffix = 0, suffix_written = 0, accents = 0,
         accents_lost = 0;
  double twins = 0, mixed = 0;
};

void count_date(const Person& p, const Copy& c, Counts& k) {
  const BirthDate typed = read_date(c.date_of_birth);
  k.dob_wrong += typed != p.born;
  k.blank += c.date_of_birth.empty();
  k.dob_default += typed == BirthDate{1900, 1, 1};
  k.century += typed == BirthDate{p.born.year - (p.born.year >= 2000 ? 100 : -100), p.born.month,
                                  p.born.day};
  const bool plain = p.origin == Origin::usual;
  k.jan_first += plain && typed == BirthDate{p.born.year, 1, 1} && typed != p.born;
  const bool can_swap = p.born.day <= 12 && p.born.day != p.born.month;
  k.swappable += can_swap;
  k.swapped_date += can_swap && typed == BirthDate{p.born.year, p.born.day, p.born.month};
  k.one_digit += digits_apart(typed, p.born) == 1;
}

void count_names(const Person& p, const Spell& s, const Copy& c, Counts& k) {
  const std::string first = p.first_at(s.begin), last = p.last_at(s.begin);
  const std::string f = bare(c.first), l = bare(c.last);
  k.first_wrong += f != bare(first);
  k.last_wrong += l != bare(last);
  k.swapped_names += first != last && f == bare(last) && l == bare(first);
  if (const auto* list = tables().nicknames(first)) {
    ++k.nicknamed;
    k.nickname += f != bare(first) && std::any_of(list->begin(), list->end(),
                                                  [&](const auto& n) { return bare(n) == f; });
  }
  const std::set<std::string> words = {"BABY",      "UNKNOWN",  "TEST",
                                       "BABY GIRL", "BABY BOY", "INFANT"};
  k.placeholder += words.count(f) == 1 && words.count(bare(first)) == 0;
  k.middles += !p.middle.empty();
  k.inside += !p.middle.empty() && f.starts_with(bare(first) + " " + bare(p.middle).substr(0, 1)) &&
              f != bare(first);
  if (p.compound && s.begin < p.last_changes) {
    ++k.compound;
    k.dropped += l.size() + 2 <= bare(last).size() &&
                 (bare(last).starts_with(l + " ") || bare(last).ends_with(" " + l));
    k.rehyphened += l == bare(last) && (c.last.find('-') == std::string::npos) !=
                                           (last.find('-') == std::string::npos);
  }
  k.stray += c.first.starts_with(' ') || c.first.ends_with(' ') ||
             c.first.find("  ") != std::string::npos || c.last.starts_with(' ') ||
             c.last.ends_with(' ') || c.last.find("  ") != std::string::npos;
}

void count_rest(const Person& p, const Spell& s, const Copy& c, const Style& style, Counts& k) {
  k.sex_blank += c.sex.empty();
  k.sex_wrong += !c.sex.empty() && c.sex[0] != p.sex_at(s.begin);
  k.no_middle += p.middle.empty();
  k.star += c.middle == "*";
  k.initial += !p.middle.empty() && c.middle.size() == 1 && c.middle != "*";
  k.suffix += !p.suffix.empty();
  k.suffix_written += !p.suffix.empty() && (folded(c.last).ends_with(folded(" " + p.suffix)) ||
                                            folded(c.first).ends_with(folded(" " + p.suffix)));
  if (without_accents(p.last) != p.last && !style.plain && s.begin < p.last_changes) {
    ++k.accents;
    k.accents_lost += without_accents(c.last) == c.last;
  }
  if (p.multiple && p.siblings == 2) {
    const Person other = big().state.people.person(static_cast<std::uint32_t>(p.household) +
                                                   (p.member == 0 ? 1 : 0));
    ++k.twins;
    k.mixed += bare(c.first) == bare(other.first);
  }
}

const Counts& counted() {
  static const Counts all = [] {
    Counts k;
    const Big& b = big();
    for (const Spell& s : b.spells) {
      if (b.state.lives.owners().of(s.owner).sector != Sector::student) continue;
      const Person p = b.state.people.person(s.person);
      const Copy c = b.state.typist.copy(s, p, s.begin);
      ++k.n;
      count_date(p, c, k);
      count_names(p, s, c, k);
      count_rest(p, s, c, b.state.typist.style(s.owner), k);
    }
    return k;
  }();
  return all;
}

}  // namespace

TEST_CASE("birthdays go wrong at the rates of the table") {
  const Counts& k = counted();
  const Rates& r = big().state.rates;
  CHECK(fits(k.blank, k.n, r.dob_blank, 0.2));
  CHECK(fits(k.dob_default, k.n, r.dob_default, 0.2));
  CHECK(fits(k.century, k.n, r.dob_century, 0.2));
  CHECK(fits(k.jan_first, k.n, r.dob_first, 0.2));
  CHECK(fits(k.swapped_date, k.swappable, r.dob_day_month, 0.2));
  CHECK(fits(k.one_digit, k.n, r.dob_digit + r.dob_century, 0.2));
}

TEST_CASE("names go wrong at the rates of the table") {
  const Counts& k = counted();
  const Rates& r = big().state.rates;
  CHECK(fits(k.nickname, k.nicknamed, r.nickname, 0.2));
  CHECK(fits(k.swapped_names, k.n, r.swap_names, 0.3));
  CHECK(fits(k.placeholder, k.n, r.placeholder_name, 0.3));
  CHECK(fits(k.inside, k.middles, r.middle_in_first, 0.3));
  CHECK(fits(k.dropped, k.compound, r.part_dropped, 0.25));  // De La Cruz has no half to lose
  CHECK(fits(k.rehyphened, k.compound, r.hyphen_blank, 0.25));
  CHECK(fits(k.mixed, k.twins, r.twin_mixed, 0.3));
  CHECK(fits(k.accents_lost, k.accents, r.accents_dropped, 0.3));
  CHECK(fits(k.stray, k.n, r.spaces, 0.2));
}

TEST_CASE("sex, middle names and suffixes are kept as the table says") {
  const Counts& k = counted();
  const Rates& r = big().state.rates;
  CHECK(fits(k.sex_blank, k.n, r.sex_missing, 0.2));
  CHECK(fits(k.sex_wrong, k.n, r.sex_wrong, 0.2));
  CHECK(fits(k.initial, k.middles, r.middle_initial));
  CHECK(fits(k.suffix_written, k.suffix, r.suffix_in_last));
  CHECK(k.star > 0);
  CHECK(k.star < k.n / 2);
}

TEST_CASE("between two owners a birthday differs in 1 to 2 %, each name in 6 to 9 %") {
  const Counts& k = counted();  // of one copy each; two copies err independently
  const double dob = 1 - std::pow(1 - k.dob_wrong / k.n, 2);
  const double first = 1 - std::pow(1 - k.first_wrong / k.n, 2);
  const double last = 1 - std::pow(1 - k.last_wrong / k.n, 2);
  CHECK(dob > 0.01);
  CHECK(dob < 0.02);
  CHECK(first > 0.06);
  CHECK(first < 0.09);
  CHECK(last > 0.06);
  CHECK(last < 0.09);
}

TEST_CASE("a clean state has no mistakes") {
  const State clean(tables(), big_shape(), 0.0, 0.0);
  Spell s;
  s.end = 4;
  for (std::uint32_t i = 0; i < 3000; ++i) {
    s.person = i;
    const Person p = clean.people.person(i);
    const Copy c = clean.typist.copy(s, p, 0);
    CHECK(bare(c.first) == bare(p.first_at(0)));
    CHECK(bare(c.last) == bare(p.last_at(0)));
    CHECK(read_date(c.date_of_birth) == p.born);
    CHECK(c.ssn.empty());
    CHECK(c.ssn_status.empty());
  }
}

TEST_CASE("a copy stays as typed until it is typed again") {
  const Big& b = big();
  const Rates& r = b.state.rates;
  double years = 0, again = 0, changed_ssn = 0, renamed = 0, told = 0;
  for (const Spell& s : b.spells) {
    if (b.state.lives.owners().of(s.owner).sector != Sector::student || s.begin != 0) continue;
    const Person p = b.state.people.person(s.person);
    const std::uint32_t slots = b.state.shape.slots();
    for (std::uint32_t tick = 1; tick < s.end; ++tick) {
      const Version before = b.state.typist.version(s, p, tick - 1),
                    now = b.state.typist.version(s, p, tick);
      if (tick % slots == slots - 1) ++years;
      again += now.typing != before.typing;
      changed_ssn += now.ssn != before.ssn;
      if (before == now && tick % 5 == 0)
        CHECK(b.state.typist.copy(s, p, tick) == b.state.typist.copy(s, p, tick - 1));
      if (tick == p.last_changes && tick % slots != 0) {
        ++renamed;
        told += now.as_of == tick;
      }
    }
  }
  CHECK(fits(again, years, r.correction + r.worsening));
  CHECK(fits(changed_ssn, years, r.change, 0.2));
  CHECK(fits(told, renamed, r.told, 0.15));
}

TEST_CASE("SSN answers and mistakes come at the rates of the table") {
  const Big& b = big();
  const Rates& r = b.state.rates;
  double n = 0, with = 0, provided = 0, declined = 0, not_asked = 0, parent = 0, digit = 0,
         s_number = 0, retired = 0, other = 0, right = 0;
  for (const Spell& s : b.spells) {
    if (b.state.lives.owners().of(s.owner).sector != Sector::student) continue;
    const Person p = b.state.people.person(s.person);
    const Copy c = b.state.typist.copy(s, p, s.begin);
    ++n;
    with += p.ssn != 0;
    declined += c.ssn_status == "declined";
    not_asked += c.ssn_status == "not_asked";
    CHECK((c.ssn_status == "provided") == !c.ssn.empty());
    if (c.ssn.empty()) continue;
    ++provided;
    if (c.ssn == "IDRETIRED") {
      ++retired;
      continue;
    }
    if (c.ssn[0] == 'S') {
      ++s_number;
      continue;
    }
    const std::string mine = std::to_string(1000000000ULL + p.ssn).substr(1);
    const std::string parents = std::to_string(1000000000ULL + p.parent_ssn).substr(1);
    int apart = 0;
    for (std::size_t i = 0; i < 9; ++i) apart += mine[i] != c.ssn[i];
    right += apart == 0;
    digit += apart == 1;
    parent += c.ssn == parents;
    other += apart > 1 && c.ssn != parents;
  }
  CHECK(fits(provided, with, 0.5));
  CHECK(fits(declined, n, r.declined * 0.5 / (1 - r.provided)));
  CHECK(fits(not_asked, n, r.not_asked * 0.5 / (1 - r.provided)));
  CHECK(fits(parent, provided, r.parent, 0.3));
  CHECK(fits(digit, provided, r.digit, 0.3));
  CHECK(fits(s_number, provided, r.s_number, 0.3));
  CHECK(fits(retired, provided, r.retired, 0.3));
  CHECK(fits(other, provided, r.shared + r.invalid, 0.3));
  CHECK(right > 0.96 * provided);
}

}  // namespace synth_copy_test
