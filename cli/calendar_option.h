// --calendar: no file under a dictionary whose last day is past, where the state gave its calendar
// (R44).
#pragma once

#include <string>
#include <string_view>

#include "cli/verb.h"
#include "engine/core/digest.h"
#include "engine/core/result.h"
#include "engine/desk/calendar.h"

namespace tessera::cli {

class CalendarOption {
 public:
  void add_to(CLI::App& verb);
  // Of files that have a header() and a path(). `day`: YYYY-MM-DD. Without the flag all are taken.
  template <class Files>
  Result<void> obey(const Files& files, const std::string& day) const {
    if (path_.empty()) return {};
    TESSERA_TRY(const desk::Calendar calendar, read());
    for (const auto& file : files)
      TESSERA_CHECK(
          desk::require_in_force(calendar, to_hex(file.header().schema_digest), day, file.path()));
    return {};
  }

 private:
  Result<desk::Calendar> read() const;
  std::string path_;
};

}  // namespace tessera::cli
