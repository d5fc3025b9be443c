// Dates of birth as people type them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/encoded/format.h"
#include "engine/record/fields.h"
#include "engine/record/finding.h"

namespace tessera::record {

// Reads `text` by the first of `formats` that gives a date of the calendar: %Y four digits, %y
// two, %m and %d one or two (two where digits follow at once), %b an English month name or its
// first three letters, anything else itself. A time of day after the date is skipped.
// Two-digit years: 69-99 are 19xx, 00-68 are 20xx (POSIX), a hundred years less if that lies after
// `today`. If no format gives a date but one does with day and month exchanged, that date is taken
// and marked. Month or day 00 is not known: the rest is kept. Missing: dates that stand for "not
// known" (1900-01-01, 9999-12-31, all digits 0 or 9 ...), and years before 1850 or after 2150.
// `today`: year 0 if not known. Pure and thread safe.
Date read_date(std::string_view text, const std::vector<std::string>& formats, const Date& today,
               Finding& finding);

inline bool is_missing(const Date& date) { return date.year == 0; }
inline bool is_complete(const Date& date) {
  return date.year != 0 && date.month != 0 && date.day != 0 && !date.doubted;
}
// REQUIRES: 1 <= month <= 12.
unsigned days_in_month(unsigned year, unsigned month);
// Whole years from the date to today; missing parts count as the first of January. Negative for a
// date to come. REQUIRES: neither is missing.
int age_on(const Date& date, const Date& today);
// True if the age is likely: 2-22 for students, 18-90 for staff, 14-100 for college, 14-90 for
// wages.
bool plausible_age(int age, encoded::Population population);

}  // namespace tessera::record
