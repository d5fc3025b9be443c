// Read anew for each list of files; there are few.
#include "cli/calendar_option.h"

#include "engine/core/file.h"

namespace tessera::cli {

void CalendarOption::add_to(CLI::App& verb) {
  verb.add_option("--calendar", path_,
                  "data calendar: files under a dictionary whose last day is past are refused");
}

Result<desk::Calendar> CalendarOption::read() const {
  TESSERA_TRY(const std::string text, read_file(path_));
  return desk::read_calendar(text, path_);
}

}  // namespace tessera::cli
