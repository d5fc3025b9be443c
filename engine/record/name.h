// Names as people type them, brought to one canonical form.
//
// What the rules do, all tested in tests/record/name_test.cpp:
//   O'Brien, O Brien, OBRIEN           one part OBRIEN
//   Garcia-Lopez, Garcia Lopez, Garcia y Lopez   parts GARCIA, LOPEZ
//   de la Cruz, De La Cruz, Delacruz   one part DELACRUZ: a particle goes with the word after it
//   Smith Jr., Smith III, Smith V      SMITH; generation and degree are removed, titles too
//   Saint Clair, St. Clair             STCLAIR
//   Smith nee Jones, Smith (Jones)     SMITH, and JONES as a further name
//   William (Bill), William "Bill"     WILLIAM, and BILL as a further name
//   Mary Ann                           parts MARY, ANN; John Q. gives JOHN and the initial Q
//   A. J., A.J., AJ                    AJ
//   Unknown, Baby Boy, FNU, N/A, *     missing
// Digits inside a word are dropped. At most 12 words of a name are read.
// All functions are pure and thread safe; `text` is UTF-8.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/record/fields.h"
#include "engine/record/finding.h"

namespace tessera::record {

// Appends the name in `text`, then those in brackets or quotes, to `names`, leaving out what is
// there already. Says `placeholder` or `unreadable` where no name was found, `other_name` where
// more than one was, else `none`; `none` for an empty text too. `initial` becomes the single
// letter that stood last in a given name ("John Q"), if any.
Finding read_given_name(std::string_view text, std::vector<Name>& names, char& initial);
Finding read_surname(std::string_view text, std::vector<Name>& names);

// Sets `out` to the canonical middle name ("ANN MARIE") or its initial ("A"), or empties it.
Finding read_middle_name(std::string_view text, std::string& out);

}  // namespace tessera::record
