// Days as text, YYYY-MM-DD: such texts sort as the days do.
#pragma once

#include <string>
#include <string_view>

namespace tessera {

// A day of the calendar, years 0000 to 9999.
bool is_day(std::string_view text);
// The day `days` later (or earlier). REQUIRES: is_day(day).
std::string add_days(std::string_view day, int days);

}  // namespace tessera
