// The machine's clock, to the day.
#include "cli/today.h"

#include <chrono>

namespace tessera::cli {

Day today() { return std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()); }

}  // namespace tessera::cli
