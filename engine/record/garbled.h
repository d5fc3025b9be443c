// Names whose accented letters became other signs on their way through some system.
#pragma once

#include <string_view>

namespace tessera::record {

// True of a name as it stands in a file, in UTF-8, that holds U+FFFD; a question mark between two
// letters; UTF-8 read as Windows-1252 and written as UTF-8 again (a capital A with tilde or
// circumflex before a sign that is no letter of a name); or a character of HTML, such as &eacute;.
// Thread safe.
bool is_garbled(std::string_view name);

}  // namespace tessera::record
