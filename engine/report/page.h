// The measures as one HTML file that needs nothing else: no network, no script, fit for print.
#pragma once

#include <string>

#include "engine/report/measures.h"

namespace tessera::report {

// `title` is escaped. The page forbids itself to load anything (a content security policy), every
// drawing has a title, a description and a table with the same numbers, and tables have captions
// and header cells. Same measures, same bytes.
std::string to_page(const Measures& measures, const std::string& title);

}  // namespace tessera::report
