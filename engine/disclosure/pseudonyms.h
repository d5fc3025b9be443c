// Codes that stand for state IDs in one project, and mean nothing in another.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/core/random.h"
#include "engine/disclosure/book.h"

namespace tessera::disclosure {

// The code of each state ID in the project, in their order: twelve letters and digits drawn at
// random (60 bits), not computed, so no key opens them. An ID keeps its code through all releases
// of the project. REQUIRES: inside Book::change.
Result<std::vector<std::string>> codes_for(Book& book, const std::string& project,
                                           std::span<const std::uint64_t> state_ids,
                                           Random& random);
// Forgets which code was whose, for good. REQUIRES: inside Book::change; Book::settle() after it.
Result<void> shred_pseudonyms(Book& book, const std::string& project);

}  // namespace tessera::disclosure
