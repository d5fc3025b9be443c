// datetime.strptime() and the date it gives, as eight digits.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/clk/python_pattern.h"

namespace tessera::clk {

// A strptime format in the C locale. Not thread safe: one per thread.
class DateFormat {
 public:
  static Result<DateFormat> compile(const std::string& format);

  // strptime(text, format).strftime('%Y%m%d'); nullopt: Python raises. Years below 1000 have as
  // many digits as they need, as glibc prints them, unless `pad`.
  std::optional<std::string> parse(std::string_view utf8, bool pad) const;
  // Whether the format has a usual spelling, which is read without a regular expression.
  bool has_usual() const { return !fixed_.empty(); }

 private:
  DateFormat(Pattern pattern, std::vector<char> directives, std::string fixed)
      : pattern_(std::move(pattern)),
        directives_(std::move(directives)),
        fixed_(std::move(fixed)) {}
  std::optional<std::string> parse_fixed(std::string_view text, bool pad) const;
  Pattern pattern_;
  std::vector<char> directives_;  // of each group
  std::string fixed_;             // the usual spelling, "YYYY/MM/DD"; empty: the format has no such
};

}  // namespace tessera::clk
