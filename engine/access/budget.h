// Budgets: how many requests of a verb an account may have let through in a day.
#pragma once

#include <string_view>

#include "engine/access/levels.h"
#include "engine/access/policy.h"
#include "engine/ledger/database.h"

namespace tessera::access {

// By how much clocks are set back now and then without a word.
inline constexpr Time kClockStep = 3'600;  // seconds

// First second of the local day (Rules::utc_offset_minutes) that `time` is in.
Time start_of_local_day(const Rules& rules, Time time);

// How many requests of `account` for `verb` the log let through since `since`. Reads the log
// backwards from its end, and stops where 256 events in a row are older by more than kClockStep: a
// clock that was set back by less, or for fewer requests, hides nothing. What is of a later day
// counts too, so that setting a clock back gives no new budget; unless the clock was ahead then and
// has been set right since.
Result<int> let_through(ledger::Database& log, std::string_view account, std::string_view verb,
                        Time since);

}  // namespace tessera::access
