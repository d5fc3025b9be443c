// Words inside a name that are not the name: suffixes, titles, particles, placeholders.
#pragma once

#include <string_view>

namespace tessera::record {

// All take folded text (A-Z, 0-9, single blanks). Thread safe.
bool is_suffix(std::string_view word);            // JR, III, 2ND: generation, degree
bool is_lone_numeral(std::string_view word);      // I, V, VI: a suffix of surnames only
bool is_title(std::string_view word);             // MR, DR, REV
bool is_surname_particle(std::string_view word);  // DE, LA, VAN, MC: goes with the next word
bool is_given_particle(std::string_view word);    // fewer: VAN or AL may be a given name
bool is_placeholder(std::string_view whole);      // UNKNOWN, BABY BOY, FNU, XXX
bool says_not_known(std::string_view text);       // not folded yet: nothing in it, or a placeholder
bool is_no_middle_name(std::string_view whole);   // NMN, NMI: there is none

}  // namespace tessera::record
