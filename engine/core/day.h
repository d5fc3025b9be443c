// Days of the calendar, as text YYYY-MM-DD: such texts sort as the days do.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace tessera {

using Day = std::chrono::year_month_day;

// "2026-11-21" only, years 0000 to 9999; nullopt for anything else, and for a day no calendar has.
std::optional<Day> parse_day(std::string_view text);
std::string to_text(Day day);
inline bool is_day(std::string_view text) { return parse_day(text).has_value(); }
// The day `days` later (or earlier). REQUIRES: is_day(day).
std::string add_days(std::string_view day, int days);
// The same month and day so many years on; 29 February becomes 1 March where there is none.
Day years_after(Day day, int years);

}  // namespace tessera
