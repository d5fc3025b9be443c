// What the verbs that read the access log share: its days and moments, and that there is one.
#pragma once

#include <string>

#include "cli/gate.h"
#include "engine/access/usage.h"

namespace tessera::cli {

// "2027-01-31T08:05:09Z".
std::string moment_text(access::Time time);
// From --from and --until, both days whole; "" leaves an end open (until: `now`). Error `usage`.
Result<access::Span> span_of_days(const std::string& from, const std::string& until,
                                  access::Time now);
// The gate's leave for a verb about the log. Error `usage` where the registry has none.
Result<Pass> ask_about_log(const Gate& gate, const std::string& registry, std::string_view verb);

}  // namespace tessera::cli
