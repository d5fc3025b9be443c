// Any text as a date under any format: a date of the calendar or none, and it reads itself back.
#include <cstdint>
#include <cstdlib>
#include <string>

#include <fmt/format.h>

#include "engine/record/date.h"

// The first line is the format, the rest the date.
// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer chose the name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tessera::record;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::size_t line = std::min(text.find('\n'), text.size());
  const std::string value = line < text.size() ? text.substr(line + 1) : std::string();
  const Date today{2026, 11, 21, false};
  Finding finding = Finding::none;
  const Date date =
      read_date(value, {text.substr(0, line), "%m/%d/%Y", "%d-%b-%y"}, today, finding);
  if (is_missing(date)) {
    if (date.month != 0 || date.day != 0 || date.swapped) std::abort();
    return 0;
  }
  if (date.year < 1850 || date.year > 2150 || date.month > 12) std::abort();
  if (date.day != 0 && (date.month == 0 || date.day > days_in_month(date.year, date.month)))
    std::abort();
  if (date.swapped != (finding == Finding::swapped)) std::abort();
  if (!is_complete(date)) return 0;
  const std::string iso = fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
  Finding again = Finding::none;
  const Date same = read_date(iso, {"%Y-%m-%d"}, today, again);
  if (same.year != date.year || same.month != date.month || same.day != date.day) std::abort();
  return 0;
}
