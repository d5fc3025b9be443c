// The status board: of each owner and collection, what was due, what has come, and what is asked.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/desk/calendar.h"
#include "engine/desk/request.h"

namespace tessera::desk {

struct BoardRow {
  std::string owner;
  std::string collection;
  std::string people;
  std::string dictionary;
  std::string due;
  // "not open", "open", "missing", "received", "late", "rejected", "resubmitted"
  std::string status;
  std::string last_day;  // of the newest submission in the collection's days; "": none
  std::int64_t files = 0;
  std::int64_t records = 0;  // of the newest submission
  std::int64_t held = 0;     // alarms of these submissions: rows of which nothing was kept
  std::int64_t waiting = 0;  // open questions about them
  std::int64_t request = 0;  // the newest resubmission that is directed and not closed; 0: none
  std::string request_due;
};

// Rows in the order of the calendar's owners, then of its collections. A submission belongs to the
// collections of its people whose days (opens to closes) hold its day. "late": the first one came
// after `due`. "rejected": a resubmission is directed, and nothing has come since; "resubmitted":
// something has. `desk` may be null: nothing was ever asked.
Result<std::vector<BoardRow>> board(registry::Registry& registry, Desk* desk,
                                    const Calendar& calendar, const std::string& today);

// Self-contained, escaped; for a screen on the wall or for print.
std::string board_page(const std::vector<BoardRow>& rows, const Calendar& calendar,
                       const std::string& today);

}  // namespace tessera::desk
