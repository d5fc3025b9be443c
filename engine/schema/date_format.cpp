// The signs of a date's format, counted; two formats compared with %d and %m exchanged.
#include "engine/schema/date_format.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace tessera::schema {
namespace {

std::string with_day_and_month_exchanged(std::string_view format) {
  std::string out(format);
  for (std::size_t i = 1; i < out.size(); ++i)
    if (out[i - 1] == '%' && (out[i] == 'd' || out[i] == 'm')) out[i] = out[i] == 'd' ? 'm' : 'd';
  return out;
}

}  // namespace

bool is_date_format(std::string_view format) {
  constexpr std::string_view kSigns = "Yymbd";
  std::array<std::size_t, kSigns.size()> met{};
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') continue;
    const std::size_t sign = ++i < format.size() ? kSigns.find(format[i]) : std::string_view::npos;
    if (sign == std::string_view::npos) return false;
    ++met[sign];
  }
  return met[0] + met[1] == 1 && met[2] + met[3] <= 1 && met[4] <= 1;
}

std::string fault_of_formats(const std::vector<std::string>& formats) {
  for (const std::string& format : formats) {
    if (!is_date_format(format))
      return fmt::format("'{}' is no format of a date: %Y or %y, %m or %b, and %d, each once",
                         format);
    const std::string exchanged = with_day_and_month_exchanged(format);
    if (exchanged != format && std::ranges::find(formats, exchanged) != formats.end())
      return fmt::format("'{}' and '{}' cannot be told apart; keep one", format, exchanged);
  }
  return "";
}

}  // namespace tessera::schema
