// The clocks benches read, in seconds. Processor time is what other work on the machine does not
// change.
#pragma once

#include <ctime>

namespace bench {

inline double seconds(clockid_t clock) {
  timespec t{};
  clock_gettime(clock, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}
inline double cpu_seconds() { return seconds(CLOCK_PROCESS_CPUTIME_ID); }
inline double thread_cpu_seconds() { return seconds(CLOCK_THREAD_CPUTIME_ID); }
inline double wall_seconds() { return seconds(CLOCK_MONOTONIC); }

}  // namespace bench
