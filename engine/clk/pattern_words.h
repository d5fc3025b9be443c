// A regular expression of Python's `re` in the words of PCRE2, so that both match the same texts.
#pragma once

#include <string>
#include <string_view>

#include "engine/core/result.h"

namespace tessera::clk {

struct PatternWords {
  std::string text;          // to be compiled with PCRE2_UTF and PCRE2_ALT_CIRCUMFLEX
  bool ascii = false;        // without PCRE2_UCP
  bool ignore_case = false;  // with PCRE2_CASELESS
};

// Reads the pattern as CPython 3.11 does and writes each part anew: groups have numbers only, a
// character of a list stands as its code, white space and case are Python's. `ignore_case`: as if
// compiled with re.IGNORECASE.
// Errors (neither quotes the pattern): what Python refuses, and what it takes and PCRE2 has no
// words for: (?a:..), (?u:..), \N{..}, half characters, names that are not ASCII, and a reference
// to a group where case is ignored.
Result<PatternWords> pattern_words(std::string_view python, bool ignore_case);

}  // namespace tessera::clk
