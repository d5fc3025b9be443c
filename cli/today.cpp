// The machine's clock, to the day.
#include "cli/today.h"

#include <chrono>
#include <optional>

#include <fmt/format.h>

namespace tessera::cli {

Day today() { return std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()); }

Result<Day> day_of(const std::string& text, std::string_view flag) {
  TESSERA_CHECK(require_day(text, flag));
  return text.empty() ? today() : *parse_day(text);
}

Result<void> require_day(const std::string& text, std::string_view flag) {
  if (text.empty() || is_day(text)) return {};
  return Error{ErrorCode::usage, fmt::format("{} is no day; write it as 2026-11-21", flag), ""};
}

}  // namespace tessera::cli
