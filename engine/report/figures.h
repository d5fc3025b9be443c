// Numbers as people read them, the same in the text table and on the page.
#pragma once

#include <cstdint>
#include <string>

#include "engine/report/intervals.h"

namespace tessera::report {

std::string whole(std::uint64_t n);  // 12,345
std::string share(double x);         // 0.9876, or "-" where there is none
std::string share(std::uint64_t part, std::uint64_t whole);
std::string bounds(const Interval& interval);  // 0.9812-0.9934
std::string threshold(double p);               // 0.9, 0.9995: as few digits as say it
std::string small(double x);  // 0.0123, 1.2e-07: three significant digits; 12,345 above a thousand

}  // namespace tessera::report
