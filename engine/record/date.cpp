// Matching a date against strptime-like formats, and judging what came out.
#include "engine/record/date.h"

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>

#include "engine/core/ascii.h"
#include "engine/record/fold.h"
#include "engine/record/name_words.h"

namespace tessera::record {
namespace {

using ascii::is_digit;
using ascii::lower;

struct Raw {  // as written; nothing is checked but the shape
  unsigned year = 0, month = 0, day = 0;
  bool two_digits = false;
};

constexpr std::array<std::string_view, 12> kMonths = {
    "january", "february", "march",     "april",   "may",      "june",
    "july",    "august",   "september", "october", "november", "december"};

// Takes between `least` and `most` digits off the front.
bool take_number(std::string_view& text, std::size_t least, std::size_t most, unsigned& out) {
  std::size_t n = 0;
  out = 0;
  while (n < most && n < text.size() && is_digit(text[n]))
    out = out * 10 + static_cast<unsigned>(text[n++] - '0');
  text.remove_prefix(n);
  return n >= least;
}

bool take_month_name(std::string_view& text, unsigned& out) {
  std::size_t n = 0;
  while (n < text.size() && lower(text[n]) >= 'a' && lower(text[n]) <= 'z') ++n;
  if (n < 3) return false;
  for (std::size_t m = 0; m < kMonths.size(); ++m) {
    const std::string_view name = kMonths[m];
    if (n != 3 && n != name.size()) continue;
    if (!std::equal(name.begin(), name.begin() + static_cast<std::ptrdiff_t>(n), text.begin(),
                    [](char a, char b) { return a == lower(b); }))
      continue;
    text.remove_prefix(n);
    out = static_cast<unsigned>(m) + 1;
    return true;
  }
  return false;
}

// What a database or spreadsheet writes after the date: " 00:00:00", "T00:00:00.000Z", " 12:00 AM".
bool is_time_of_day(std::string_view text) {
  if (text.empty()) return true;
  if (text.size() < 5 || (text[0] != ' ' && text[0] != 'T')) return false;
  return is_digit(text[1]) && text.find(':') != std::string_view::npos &&
         text.find_first_not_of("0123456789:.+-Z APMapm", 1) == std::string_view::npos;
}

std::optional<Raw> match(std::string_view text, std::string_view format) {
  Raw raw;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%' || i + 1 == format.size()) {
      if (text.empty() || text.front() != format[i]) return std::nullopt;
      text.remove_prefix(1);
      continue;
    }
    const char what = format[++i];
    // Without a separator on either side, a number has all its digits.
    const bool joined = (i + 1 < format.size() && format[i + 1] == '%' && what != 'b') ||
                        (i >= 3 && format[i - 3] == '%' && format[i - 2] != 'b');
    const std::size_t least = joined ? 2 : 1;
    bool ok = false;
    switch (what) {
      case 'Y':
        ok = take_number(text, 4, 4, raw.year);
        break;
      case 'y':
        ok = take_number(text, 2, 2, raw.year);
        raw.two_digits = true;
        break;
      case 'm':
        ok = take_number(text, least, 2, raw.month);
        break;
      case 'd':
        ok = take_number(text, least, 2, raw.day);
        break;
      case 'b':
        ok = take_month_name(text, raw.month);
        break;
      default:
        break;
    }
    if (!ok) return std::nullopt;
  }
  if (!is_time_of_day(text)) return std::nullopt;
  return raw;
}

auto order(const Date& d) { return std::tuple(d.year, d.month, d.day); }

Date to_date(const Raw& raw, const Date& today) {
  Date date{static_cast<std::uint16_t>(raw.year), static_cast<std::uint8_t>(raw.month),
            static_cast<std::uint8_t>(raw.day), false};
  if (raw.two_digits) {
    date.year = static_cast<std::uint16_t>(raw.year + (raw.year >= 69 ? 1900 : 2000));
    if (today.year != 0 && order(date) > order(today))
      date.year = static_cast<std::uint16_t>(date.year - 100);
  }
  return date;
}

bool of_calendar(const Date& d) {
  return d.month >= 1 && d.month <= 12 && d.day >= 1 && d.day <= days_in_month(d.year, d.month);
}
bool likely_year(const Date& d) { return d.year >= 1850 && d.year <= 2150; }

// Dates that systems store where they have none.
bool stands_for_nothing(const Date& d) {
  static constexpr std::array<std::array<unsigned, 3>, 12> kNothing = {{{1, 1, 1},
                                                                        {1753, 1, 1},
                                                                        {1800, 1, 1},
                                                                        {1850, 1, 1},
                                                                        {1899, 12, 30},
                                                                        {1899, 12, 31},
                                                                        {1900, 1, 1},
                                                                        {1901, 1, 1},
                                                                        {2099, 12, 31},
                                                                        {2100, 1, 1},
                                                                        {2999, 12, 31},
                                                                        {3000, 1, 1}}};
  if (d.year == 1111 || d.year == 8888 || d.year == 9999) return true;
  return std::ranges::any_of(
      kNothing, [&](const auto& n) { return d.year == n[0] && d.month == n[1] && d.day == n[2]; });
}

// 00/00/0000, 99-99-9999: every digit the same one of these.
bool only_digit(std::string_view text, char digit) {
  bool any = false;
  for (const char c : text) {
    if (is_digit(c) && c != digit) return false;
    if ((lower(c) >= 'a' && lower(c) <= 'z') || (static_cast<unsigned char>(c) & 0x80) != 0)
      return false;
    any = any || c == digit;
  }
  return any;
}

}  // namespace

unsigned days_in_month(unsigned year, unsigned month) {
  constexpr std::array<std::uint8_t, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29U : kDays[month - 1];
}

Date read_date(std::string_view text, const std::vector<std::string>& formats, const Date& today,
               Finding& finding) {
  finding = Finding::none;
  if (text.empty()) return {};
  if (only_digit(text, '0') || only_digit(text, '9')) {
    finding = Finding::placeholder;
    return {};
  }
  Date second_best;  // exchanged, or with a part that is not known
  for (const std::string& format : formats) {
    const std::optional<Raw> raw = match(text, format);
    if (!raw) continue;
    const Date date = to_date(*raw, today);
    if (stands_for_nothing(date)) {
      finding = Finding::placeholder;
      return {};
    }
    if (!likely_year(date)) continue;
    if (of_calendar(date)) {
      finding = Finding::none;  // an earlier format may have left a remark
      return date;
    }
    if (!is_missing(second_best)) continue;
    if (date.day == 0 || date.month == 0) {
      if (date.month > 12) continue;
      second_best = {date.year, date.month, 0, false};
      finding = Finding::day_not_known;
    } else if (of_calendar({date.year, date.day, date.month, false})) {
      second_best = {date.year, date.day, date.month, true};
      finding = Finding::swapped;
    }
  }
  if (is_missing(second_best))
    finding = says_not_known(text) ? Finding::placeholder : Finding::unreadable;
  return second_best;
}

int age_on(const Date& date, const Date& today) {
  const int years = int{today.year} - int{date.year};
  const auto part = [](const Date& d) {
    return std::pair(std::max(d.month, std::uint8_t{1}), std::max(d.day, std::uint8_t{1}));
  };
  return part(today) < part(date) ? years - 1 : years;
}

bool plausible_age(int age, encoded::Population population) {
  switch (population) {
    case encoded::Population::student:
      return age >= 2 && age <= 22;
    case encoded::Population::college:
      return age >= 14 && age <= 100;
    case encoded::Population::staff:
    case encoded::Population::wage:
      break;
  }
  return age >= (population == encoded::Population::wage ? 14 : 18) && age <= 90;
}

}  // namespace tessera::record
