// Whether a text is UTF-8, and what it most likely is if it is not.
#pragma once

#include <string>
#include <string_view>

#include "engine/core/result.h"

namespace tessera {

// By table 3-7 of the Unicode standard, version 15: no overlong forms, no surrogates.
bool valid_utf8(std::string_view text);
bool is_ascii(std::string_view text);

// Refuses a text in another encoding, at the line of its first byte that is not UTF-8: one with the
// byte order mark or the zero bytes of UTF-16 or UTF-32, and one with more bytes that are not UTF-8
// than characters beyond ASCII that are. To leave out single rows of such a text would leave out
// those people whose names have accents. Bytes outnumbered by proper characters are stray ones,
// which are for the caller to find. `name` is the file's; the error says what the encoding seems to
// be, guessed from the letters of English, Spanish, French and German names.
Result<void> refuse_other_encodings(std::string_view text, const std::string& name);

}  // namespace tessera
