// The day it is, unless a flag says another: the one place where a verb asks the calendar.
#pragma once

#include <string>
#include <string_view>

#include "engine/core/day.h"
#include "engine/core/result.h"

namespace tessera::cli {

// In UTC, so that two machines of one state agree. Thread safe.
Day today();
// The day given, or today if `text` is empty. Error usage, which names `flag`, if it is no day.
Result<Day> day_of(const std::string& text, std::string_view flag = "--day");
// Error usage, which names `flag`, unless the text is empty or a day.
Result<void> require_day(const std::string& text, std::string_view flag);

}  // namespace tessera::cli
