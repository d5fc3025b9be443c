// The calendar is the standard library's.
#include "engine/core/day.h"

#include <chrono>

#include <fmt/format.h>

namespace tessera {
namespace {

std::chrono::year_month_day parse(std::string_view text) {
  int part[3] = {0, 0, 0};
  std::size_t at = 0;
  for (const char c : text) {
    if (c == '-')
      ++at;
    else
      part[at] = part[at] * 10 + (c - '0');
  }
  return {std::chrono::year(part[0]), std::chrono::month(static_cast<unsigned>(part[1])),
          std::chrono::day(static_cast<unsigned>(part[2]))};
}

}  // namespace

bool is_day(std::string_view text) {
  if (text.size() != 10) return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (i == 4 || i == 7 ? text[i] != '-' : text[i] < '0' || text[i] > '9') return false;
  return parse(text).ok();
}

std::string add_days(std::string_view day, int days) {
  const std::chrono::year_month_day out{std::chrono::sys_days(parse(day)) +
                                        std::chrono::days(days)};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(out.year()),
                     static_cast<unsigned>(out.month()), static_cast<unsigned>(out.day()));
}

}  // namespace tessera
