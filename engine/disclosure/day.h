// Calendar days as agreements name them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace tessera::disclosure {

using Day = std::chrono::year_month_day;

// "2026-11-21" only; nullopt for anything else, and for a day no calendar has.
std::optional<Day> parse_day(std::string_view text);
std::string to_text(Day day);
// The same month and day so many years on; 29 February becomes 1 March where there is none.
Day years_after(Day day, int years);

}  // namespace tessera::disclosure
