#include "cli/log_reading.h"

#include <fmt/format.h>

namespace tessera::cli {

std::string moment_text(access::Time t) {
  const access::Time second = ((t % access::kDay) + access::kDay) % access::kDay;
  return fmt::format("{}T{:02}:{:02}:{:02}Z", access::day_of(t), second / 3600, second / 60 % 60,
                     second % 60);
}

Result<access::Span> span_of_days(const std::string& from, const std::string& until,
                                  access::Time now) {
  access::Span span{0, now + 1};
  const auto day = [](const std::string& text) -> Result<access::Time> {
    const auto time = access::time_of_day(text);
    if (time) return *time;
    return Error{ErrorCode::usage, "--from and --until are days, YYYY-MM-DD", ""};
  };
  if (!from.empty()) {
    TESSERA_TRY(span.from, day(from));
  }
  if (!until.empty()) {
    TESSERA_TRY(span.until, day(until));
    span.until += access::kDay;  // the whole of that day
  }
  return span;
}

Result<Pass> ask_about_log(const Gate& gate, const std::string& registry, std::string_view verb) {
  TESSERA_TRY(const Pass pass, gate.ask(registry, verb));
  if (pass.enforced()) return pass;
  return Error{ErrorCode::usage, "this registry has no accounts, so nobody's reading was logged",
               registry};
}

}  // namespace tessera::cli
