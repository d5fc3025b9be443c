// The day it is: the one place where a verb asks the calendar.
#pragma once

#include "engine/core/day.h"

namespace tessera::cli {

// In UTC, so that two machines of one state agree. Thread safe.
Day today();

}  // namespace tessera::cli
