#include "engine/access/budget.h"

#include "engine/core/json.h"
#include "engine/ledger/event_log.h"
#include "engine/ledger/json_event.h"

namespace tessera::access {
namespace {

// A clock that was wrong for fewer requests than this, and set right again, hides nothing.
constexpr int kOlderInARow = 256;

using ledger::integer_of;
using ledger::is_true;
using ledger::text_of;

}  // namespace

Time start_of_local_day(const Rules& rules, Time time) {
  const Time offset = rules.utc_offset_minutes * 60;
  const Time local = time + offset;
  const Time into = ((local % kDay) + kDay) % kDay;
  return local - into - offset;
}

Result<int> let_through(ledger::Database& log, std::string_view account, std::string_view verb,
                        Time since) {
  int count = 0;
  int older = 0;
  bool was_before = false;  // later in the log the clock stood before `since`
  const auto look = [&](const ledger::Event& e) -> Result<bool> {
    TESSERA_TRY(const json::Value body, json::parse(e.body, "event"));
    const Time time = integer_of(body, "at");
    older = time < since - kClockStep ? older + 1 : 0;
    was_before = was_before || older > 0;
    if (older == kOlderInARow) return false;
    if (was_before && time >= since + kDay) return true;  // it was ahead then, and was set right
    if (e.type == "ask" && time >= since && text_of(body, "account") == account &&
        text_of(body, "verb") == verb && is_true(body, "allowed"))
      ++count;
    return true;
  };
  TESSERA_CHECK(ledger::each_event_back(log, look));
  return count;
}

}  // namespace tessera::access
