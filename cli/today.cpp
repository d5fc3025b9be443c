// The machine's clock, to the day.
#include "cli/today.h"

#include <chrono>
#include <optional>

#include <fmt/format.h>

namespace tessera::cli {

Day today() { return std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()); }

Result<Day> day_of(const std::string& text, std::string_view flag) {
  if (text.empty()) return today();
  const std::optional<Day> day = parse_day(text);
  if (!day)
    return Error{ErrorCode::usage, fmt::format("{} is no day; write it as 2026-11-21", flag), ""};
  return *day;
}

}  // namespace tessera::cli
