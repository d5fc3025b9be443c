// What time the log has seen: an end that has once passed has passed, whatever a clock says later.
#pragma once

#include <functional>

#include "engine/access/access_log.h"
#include "engine/ledger/event_log.h"

namespace tessera::access {

// Whether the event let somebody in or through. A refusal proves nothing about time: all that has
// an end is refused by a clock that has jumped ahead, and comes back when it is set right.
bool let_in(std::string_view type, const json::Value& body);

// The latest time at which the log let anybody in; 0: never. Each event under a clock that is
// behind it repeats it (member "latest"), so that the newest says it.
Result<Time> lived(ledger::Database& log);

// Whether the log let anybody in at `end` or later since `began` (true for the event that made what
// ends). Reads the log back, but only where a clock was set back behind `end`.
using Began = std::function<bool(const ledger::Event&, const json::Value&)>;
Result<bool> outlived(ledger::Database& log, Time end, const Began& began);

// Now, for a request: by the clock, and by what the log has seen. What was closed or revoked stays
// so, also under a clock set back. Account::open_at and Grant::in_force are for reports of the
// past.
Result<bool> open_now(ledger::Database& log, const Account& account, Time now);
Result<std::vector<Grant>> grants_in_force(AccessLog& log, const std::string& account, Time now);
// Whether the purpose of the policy in force has had its last day.
Result<bool> has_ended(ledger::Database& log, const Levels& levels, std::string_view purpose);

}  // namespace tessera::access
