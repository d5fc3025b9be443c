// Any writing to the few characters that names are read in: A-Z, digits, blanks, brackets, quotes.
#pragma once

#include <string>
#include <string_view>

#include "engine/core/result.h"

namespace tessera::record {

// Folds UTF-8 text: other scripts are transliterated to Latin, accents dropped, letters made upper
// case, apostrophes dropped (O'Brien, OBRIEN), all other punctuation made a blank (hyphens too).
// What remains is A-Z, 0-9, single blanks between words, '(' and ')' for brackets of any kind, and
// '"' for a quotation mark of any kind around words ('Bill' too). Malformed UTF-8 is dropped.
// Pure ASCII never calls ICU. Appends nothing to `out` but replaces it. Thread safe.
void fold(std::string_view text, std::string& out);
std::string fold(std::string_view text);

// The same by way of ICU whatever the text: the slow reference of the tests.
std::string fold_with_icu(std::string_view text);

// Error if ICU's transliteration data cannot be loaded; ask once before folding.
Result<void> folding_works();

}  // namespace tessera::record
