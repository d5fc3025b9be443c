// Drawings for the page: each one inline SVG with a title and a description, no script, no network.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/report/calibration.h"
#include "engine/report/groups.h"
#include "engine/report/tally.h"

namespace tessera::report {

// Each returns one <svg>; `id` must be unique on the page. Lines differ by dash as well as colour,
// so that a grey print can be read. A table with the same numbers stands beside each on the page.
std::string precision_recall_chart(std::string_view id, const Sweep& all, const Sweep* assigned);
std::string reliability_chart(std::string_view id, const Calibration& calibration);
std::string histogram_chart(std::string_view id, const Histogram& histogram);
// Recall of each group that may be shown, with its interval.
std::string group_chart(std::string_view id, const GroupTable& table);

}  // namespace tessera::report
