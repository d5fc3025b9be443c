// Which of many byte strings occur in a text, in one pass over it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tessera::test {

// How many of the needles occur in `bytes`; one that stands twice in the list counts twice.
// REQUIRES: each needle has eight bytes or more.
std::size_t found_in(std::string_view bytes, const std::vector<std::string>& needles);

}  // namespace tessera::test
