// The calendar is the standard library's.
#include "engine/core/day.h"

#include <fmt/format.h>

namespace tessera {

std::optional<Day> parse_day(std::string_view text) {
  if (text.size() != 10) return std::nullopt;
  int part[3] = {0, 0, 0};
  std::size_t at = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == 4 || i == 7) {
      if (text[i] != '-') return std::nullopt;
      ++at;
    } else {
      if (text[i] < '0' || text[i] > '9') return std::nullopt;
      part[at] = part[at] * 10 + (text[i] - '0');
    }
  }
  const Day day{std::chrono::year(part[0]), std::chrono::month(static_cast<unsigned>(part[1])),
                std::chrono::day(static_cast<unsigned>(part[2]))};
  if (!day.ok()) return std::nullopt;
  return day;
}

std::string to_text(Day day) {
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

std::string add_days(std::string_view day, int days) {
  return to_text(Day{std::chrono::sys_days(*parse_day(day)) + std::chrono::days(days)});
}

Day years_after(Day day, int years) {
  const Day then = day + std::chrono::years(years);
  if (then.ok()) return then;
  return {then.year(), std::chrono::March, std::chrono::day(1)};
}

}  // namespace tessera
