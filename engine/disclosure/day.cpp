#include "engine/disclosure/day.h"

#include <charconv>

#include <fmt/format.h>

namespace tessera::disclosure {

std::optional<Day> parse_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t digits) -> std::optional<int> {
    int n = 0;
    const char* const end = text.data() + at + digits;
    if (text[at] == '-') return std::nullopt;
    const auto [stop, fault] = std::from_chars(text.data() + at, end, n);
    if (fault != std::errc{} || stop != end) return std::nullopt;
    return n;
  };
  const auto y = number(0, 4);
  const auto m = number(5, 2);
  const auto d = number(8, 2);
  if (!y || !m || !d) return std::nullopt;
  const Day day{std::chrono::year(*y), std::chrono::month(static_cast<unsigned>(*m)),
                std::chrono::day(static_cast<unsigned>(*d))};
  if (!day.ok()) return std::nullopt;
  return day;
}

std::string to_text(Day day) {
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

Day years_after(Day day, int years) {
  const Day then = day + std::chrono::years(years);
  if (then.ok()) return then;
  return {then.year(), std::chrono::March, std::chrono::day(1)};
}

}  // namespace tessera::disclosure
