// Explanations of pairs for a reviewer: lines for a terminal, a waterfall for a page. Names only
// fields, levels and passes.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/link/explain.h"

namespace tessera::report {

// Lines of "field, level, weight, total", the verdict, and the runner-up; two blanks of indent.
std::string to_lines(const link::Explanation& explanation);
// The same without verdict and runner-up, for whoever knows the two entries alone.
std::string fields_to_lines(const link::Explanation& explanation);

// One <svg>: a bar for each field from the total before to the total after; filled bars speak for
// one person, hollow ones for two. `id` must be unique on its page.
std::string waterfall(std::string_view id, const link::Explanation& explanation);

// What is said of a pair, and who it is ("north 3fa0... and south 77c1..."): escaped.
struct Told {
  std::string who;
  link::Explanation explanation;
};
// A page with a waterfall and a table for each, in their order.
std::string to_page(const std::vector<Told>& told, const std::string& title);

}  // namespace tessera::report
