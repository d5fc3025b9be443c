// The table of 'tessera report necessity', in which no small count can be read or worked out.
#pragma once

#include <string>
#include <vector>

#include "cli/table.h"
#include "engine/core/progress.h"
#include "engine/link/necessity.h"

namespace tessera::cli {

// A row for each set of fields and kind of pairs; kinds[k] names label k. Small counts are hidden,
// and as many others as keep them hidden: a reader knows that what turned and what stayed make the
// total. Zeros are shown: that nothing hangs on a field gives nobody away. Error `limit` if no set
// of hidden counts protects the small ones.
Result<AnswerTable> necessity_table(const schema::Schema& schema,
                                    const std::vector<link::Need>& needs,
                                    const std::vector<std::string>& kinds, Progress& progress);

}  // namespace tessera::cli
