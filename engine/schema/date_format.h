// Ways of writing a date: of %Y %y %m %b %d and what stands between them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tessera::schema {

// A year once, month and day at most once, and no other sign after a %.
bool is_date_format(std::string_view format);

// What is wrong with the formats that one column may be read by: one of them is none, or two differ
// in nothing but the order of day and month, so that neither can tell 3 April from 4 March. Empty
// if nothing is.
std::string fault_of_formats(const std::vector<std::string>& formats);

}  // namespace tessera::schema
