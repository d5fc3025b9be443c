// CPython makes a regular expression of the format and reads its groups; so does this, with the
// same alternatives in the same order, so that both stop at the same character.
#include "engine/clk/python_date.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "engine/clk/unicode.h"
#include "engine/core/text_encoding.h"

namespace tessera::clk {
namespace {

constexpr std::array<std::string_view, 12> kMonths{"january",   "february", "march",    "april",
                                                   "may",       "june",     "july",     "august",
                                                   "september", "october",  "november", "december"};
constexpr std::array<std::string_view, 7> kDays{"monday", "tuesday",  "wednesday", "thursday",
                                                "friday", "saturday", "sunday"};

std::string_view directive(char c) {
  switch (c) {
    case 'd':
      return "3[0-1]|[1-2]\\d|0[1-9]|[1-9]| [1-9]";
    case 'f':
      return "[0-9]{1,6}";
    case 'H':
      return "2[0-3]|[0-1]\\d|\\d";
    case 'I':
    case 'm':
      return "1[0-2]|0[1-9]|[1-9]";
    case 'j':
      return "36[0-6]|3[0-5]\\d|[1-2]\\d\\d|0[1-9]\\d|00[1-9]|[1-9]\\d|0[1-9]|[1-9]";
    case 'M':
      return "[0-5]\\d|\\d";
    case 'S':
      return "6[0-1]|[0-5]\\d|\\d";
    case 'U':
    case 'W':
      return "5[0-3]|[0-4]\\d|\\d";
    case 'V':
      return "5[0-3]|0[1-9]|[1-4]\\d|\\d";
    case 'w':
      return "[0-6]";
    case 'u':
      return "[1-7]";
    case 'y':
      return "\\d\\d";
    case 'Y':
    case 'G':
      return "\\d\\d\\d\\d";
    case 'z':
      return "[+-]\\d\\d:?[0-5]\\d(?::?[0-5]\\d(?:\\.\\d{1,6})?)?|(?-i:Z)";
    case 'A':
      return "wednesday|thursday|saturday|tuesday|monday|friday|sunday";
    case 'a':
      return "mon|tue|wed|thu|fri|sat|sun";
    case 'B':
      return "september|february|november|december|january|october|august|march|april|june|july|"
             "may";
    case 'b':
      return "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec";
    case 'p':
      return "am|pm";
    case 'Z':
      return "utc|gmt";
    default:
      return "";
  }
}

std::string_view composed(char c) {
  switch (c) {
    case 'c':
      return "%a %b %d %H:%M:%S %Y";
    case 'x':
      return "%m/%d/%y";
    case 'X':
      return "%H:%M:%S";
    default:
      return "";
  }
}

int number(std::string_view digits) {
  int out = 0;
  for (std::size_t at = 0; at < digits.size();) {
    const int d = digit_value(next_code_point(digits, at));
    if (d >= 0) out = out * 10 + d;  // a leading blank is skipped
  }
  return out;
}

template <std::size_t N>
int index_of(const std::array<std::string_view, N>& names, std::string_view text) {
  std::string low(text);
  for (char& c : low) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  for (std::size_t i = 0; i < N; ++i)
    if (names[i].starts_with(low)) return static_cast<int>(i);
  return 0;
}

bool leap(int y) { return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0; }
int month_days(int y, int m) {
  constexpr std::array<int, 12> kLong{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return m == 2 && leap(y) ? 29 : kLong[static_cast<std::size_t>(m - 1)];
}
// Days from 1 January of year 1, which is day 1 (proleptic Gregorian).
int ordinal(int y, int m, int d) {
  const int before = y - 1;
  int days = before * 365 + before / 4 - before / 100 + before / 400;
  for (int i = 1; i < m; ++i) days += month_days(y, i);
  return days + d;
}
int weekday(int y, int m, int d) { return (ordinal(y, m, d) + 6) % 7; }  // Monday is 0

struct Read {
  std::optional<int> year, iso_year, julian, week, iso_week, day_of_week;
  int month = 1, day = 1, second = 0;
  bool monday_first = false;
  bool bad = false;
};

// An offset of 24 hours or more is matched, and then refused as a time zone.
bool zone_within_a_day(std::string_view text) {
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return true;  // "Z"
  std::size_t at = 1;
  const int tens = digit_value(next_code_point(text, at));
  return tens * 10 + digit_value(next_code_point(text, at)) < 24;
}

void take(Read& r, char c, std::string_view text) {
  switch (c) {
    case 'y':
      r.year = number(text) + (number(text) <= 68 ? 2000 : 1900);
      break;
    case 'Y':
      r.year = number(text);
      break;
    case 'G':
      r.iso_year = number(text);
      break;
    case 'm':
      r.month = number(text);
      break;
    case 'B':
    case 'b':
      r.bad |= !is_ascii(text);  // a long s matches an s, and is then no name of a month
      r.month = index_of(kMonths, text) + 1;
      break;
    case 'd':
      r.day = number(text);
      break;
    case 'S':
      r.second = number(text);
      break;
    case 'A':
    case 'a':
      r.bad |= !is_ascii(text);
      r.day_of_week = index_of(kDays, text);
      break;
    case 'w':
      r.day_of_week = (number(text) + 6) % 7;
      break;
    case 'u':
      r.day_of_week = number(text) - 1;
      break;
    case 'j':
      r.julian = number(text);
      break;
    case 'U':
    case 'W':
      r.week = number(text);
      r.monday_first = c == 'W';
      break;
    case 'V':
      r.iso_week = number(text);
      break;
    case 'z':  // "+01:0000" mixes two spellings
      if (text.size() > 6 && text[3] == ':' && text[6] != ':') r.bad = true;
      if (!zone_within_a_day(text)) r.bad = true;
      break;
    default:
      break;
  }
}

// Day of the year from a week number and a weekday (Monday 0); may be 0 or less.
int julian_from_week(int year, int week, int day, bool monday_first) {
  int first = weekday(year, 1, 1);
  if (!monday_first) {
    first = (first + 1) % 7;
    day = (day + 1) % 7;
  }
  const int week_0 = (7 - first) % 7;
  if (week == 0) return 1 + day - first;
  return 1 + week_0 + 7 * (week - 1) + day;
}

// The spelling with all digits there, Y, M and D standing for digits, if year, month and day are
// all that the format has.
std::string fixed_spelling(std::string_view format) {
  std::string out;
  int parts = 0;
  for (std::size_t i = 0; i < format.size(); ++i) {
    const char c = format[i];
    if (c == '%' && i + 1 < format.size()) {
      const char name = format[++i];
      if (name != 'Y' && name != 'm' && name != 'd') return "";
      out += name == 'Y' ? "YYYY" : name == 'm' ? "MM" : "DD";
      ++parts;
    } else if (c == '-' || c == '/' || c == '.') {
      out += c;
    } else {
      return "";
    }
  }
  return parts == 3 ? out : "";
}

std::string spelled(int year, int month, int day, bool pad) {
  return pad ? fmt::format("{:04}{:02}{:02}", year, month, day)
             : fmt::format("{}{:02}{:02}", year, month, day);
}

}  // namespace

// The usual spelling without a regular expression; nullopt: it is another, or no date.
std::optional<std::string> DateFormat::parse_fixed(std::string_view text, bool pad) const {
  if (fixed_.empty() || text.size() != fixed_.size()) return std::nullopt;
  int year = 0;
  int month = 0;
  int day = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int digit = text[i] - '0';
    int& part = fixed_[i] == 'Y' ? year : fixed_[i] == 'M' ? month : day;
    if (fixed_[i] < 'A') {
      if (text[i] != fixed_[i]) return std::nullopt;
    } else {
      if (digit < 0 || digit > 9) return std::nullopt;
      part = part * 10 + digit;
    }
  }
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > month_days(year, month))
    return std::nullopt;
  if (year < 1000) return spelled(year, month, day, pad);
  std::string out(8, '0');
  for (std::size_t i = 8; i-- > 0;) {
    int& part = i >= 6 ? day : i >= 4 ? month : year;
    out[i] = static_cast<char>('0' + part % 10);
    part /= 10;
  }
  return out;
}

Result<DateFormat> DateFormat::compile(const std::string& format) {
  const Error bad{ErrorCode::format, "a date format has a directive that strptime does not know",
                  ""};
  std::string expanded;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] == '%' && i + 1 < format.size() && !composed(format[i + 1]).empty())
      expanded += composed(format[++i]);
    else if (format[i] == '%' && i + 1 < format.size())
      (expanded += '%') += format[++i];
    else
      expanded += format[i];
  }
  std::string pattern;
  std::vector<char> directives;
  for (std::size_t at = 0; at < expanded.size();) {
    const std::size_t from = at;
    const char32_t c = next_code_point(expanded, at);
    if (is_space(c)) {
      while (at < expanded.size()) {
        std::size_t next = at;
        if (!is_space(next_code_point(expanded, next))) break;
        at = next;
      }
      pattern += "\\s+";
    } else if (c == '%') {
      if (at == expanded.size()) return bad;
      const char name = expanded[at++];
      if (name == '%') {
        pattern += '%';
        continue;
      }
      if (directive(name).empty() || std::ranges::count(directives, name) > 0) return bad;
      pattern += fmt::format("({})", directive(name));
      directives.push_back(name);
    } else {
      if (std::string_view("\\.^$*+?(){}[]|").find(static_cast<char>(c)) !=
              std::string_view::npos &&
          c < 0x80)
        pattern += '\\';
      pattern += expanded.substr(from, at - from);
    }
  }
  TESSERA_TRY(Pattern compiled, Pattern::compile(pattern, true));
  return DateFormat(std::move(compiled), std::move(directives), fixed_spelling(expanded));
}

std::optional<std::string> DateFormat::parse(std::string_view utf8, bool pad) const {
  if (auto usual = parse_fixed(utf8, pad)) return usual;
  if (pattern_.match(utf8) != utf8.size()) return std::nullopt;
  Read r;
  for (std::size_t g = 0; g < directives_.size(); ++g)
    take(r, directives_[g], pattern_.group(utf8, g + 1));
  if (r.bad || r.second > 59) return std::nullopt;
  if (!r.year && r.iso_year) {
    if (!r.iso_week || !r.day_of_week || r.julian) return std::nullopt;
  } else if (!r.week && r.iso_week) {
    return std::nullopt;
  }
  // Without a year 29 February is read in a leap year and then refused in 1900.
  if (!r.year && !r.iso_year && r.month == 2 && r.day == 29) return std::nullopt;
  int year = r.year.value_or(1900);
  std::optional<int> julian = r.julian;
  if (!julian && r.day_of_week) {
    if (r.week) {
      if (year < 1) return std::nullopt;
      julian = julian_from_week(year, *r.week, *r.day_of_week, r.monday_first);
    } else if (r.iso_year && r.iso_week) {
      if (*r.iso_year < 1) return std::nullopt;
      if (!r.year) year = *r.iso_year;
      year = *r.iso_year;
      julian = *r.iso_week * 7 + *r.day_of_week + 1 - (weekday(year, 1, 4) + 4);
    }
  }
  if (year < 1) return std::nullopt;
  int month = r.month;
  int day = r.day;
  if (julian) {
    if (*julian <= 0) {
      if (--year < 1) return std::nullopt;
      *julian += leap(year) ? 366 : 365;
    }
    month = 1;
    day = *julian;
    while (day > month_days(year, month)) {
      day -= month_days(year, month);
      if (++month > 12) {
        month = 1;
        if (++year > 9999) return std::nullopt;
      }
    }
  }
  if (day > month_days(year, month)) return std::nullopt;
  return spelled(year, month, day, pad);
}

}  // namespace tessera::clk
