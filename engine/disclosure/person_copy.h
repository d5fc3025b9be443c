// Everything the state holds about one person, in plain language, for them or their parent.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/disclosure/accounting.h"
#include "engine/registry/history.h"
#include "engine/registry/whole_person.h"

namespace tessera::disclosure {

// One self-contained page: the ID and what became of it, the person's other numbers, which
// organisations hold records, what people decided, every disclosure. No probability, no level, no
// account that decided, and no other person's ID: of a split not the ID that the others got.
// `made` is the day it is made. Same input, same bytes.
std::string person_page(const registry::IdCard& card, const registry::WholePerson& whole,
                        const std::vector<Disclosure>& disclosures, Day made);

// Writes down that the copy was given (R58): to whom ("parent", "student" or "staff member"), and
// how their identity and right were checked. Error usage if either is missing.
Result<void> note_copy(Book& book, std::uint64_t state_id, const std::string& to,
                       const std::string& check, const Act& act);

}  // namespace tessera::disclosure
