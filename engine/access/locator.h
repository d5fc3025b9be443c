// Alarms on the locator: questions that look like guessing or like drawing out a list.
#pragma once

#include <string_view>
#include <vector>

#include "engine/access/usage.h"

namespace tessera::access {

inline constexpr std::string_view kLocator = "locate answer";
// AccessLog::Shown::outcome of the locator's answers.
inline constexpr std::string_view kFound = "found", kNone = "none", kContact = "contact the state",
                                  kTooLittle = "too little to ask with";

// One finding for each account and kind, of its latest day, over the last
// LocatorRules::alarm_days:
//   "locator: budget"     a question was refused because the day's budget was used up
//   "locator: few hits"   of `hits_after` answers of a day or more, less than `hits_least` percent
//                         found somebody, or nearly: names are being tried
//   "locator: off hours"  a question outside opening hours, or at a weekend
//   "locator: burst"      `burst` IDs of people whom the asker's district does not hold, within
//                         `burst_minutes`
//   "locator: districts"  questions for more than `owners` districts in a day
// By the rules in force now. Sorted by account and kind.
Result<std::vector<Finding>> locator_alarms(AccessLog& log, Time now);

}  // namespace tessera::access
