// What typing does to a name: each function makes one kind of mistake, if the name lets it.
#pragma once

#include <string>
#include <string_view>

#include "engine/lab/synth_names.h"

namespace tessera::lab {

// All take and give UTF-8; letters beyond A-Z are left alone unless said. A name that cannot
// carry the mistake comes back as it was.
std::string mistype(std::string name, const NameTables& tables, Splitmix& rng);  // one edit
std::string write_by_ear(std::string name, const NameTables& tables, Splitmix& rng);
std::string misread(std::string name, const NameTables& tables, Splitmix& rng);
// One half of "A B" or "A-B"; particles (De La) are not halves.
std::string drop_part(std::string name, Splitmix& rng);
std::string swap_hyphen(std::string name);
std::string stray_blanks(std::string name, Splitmix& rng);
std::string other_case(std::string name, Splitmix& rng);

// Latin letters without their accents (U+00C0 to U+00FF).
std::string without_accents(std::string_view name);
// Capitals, accented Latin letters too.
std::string capitals(std::string_view name);
// How a test or a group table compares names: capitals without accents, marks as single blanks.
std::string folded(std::string_view name);

}  // namespace tessera::lab
