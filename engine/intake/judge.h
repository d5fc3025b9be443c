// From pairs of records to decisions: rivals share the mass, then the registry decides.
#pragma once

#include <span>
#include <vector>

#include "engine/core/result.h"
#include "engine/intake/weighed.h"
#include "engine/registry/registry.h"

namespace tessera::intake {

// Fills in what follows from out.pairs, any order, of which `b` is below out.batch for a record of
// the batch and else out.batch + an index into out.stored: of several pairs of two records the
// strongest stays, none of a held or retired record does, stored records are numbered anew by their
// RecordId, and the rest compete. The same pairs give the same, however they were numbered.
// `file_of`, `attendance`: per record of the batch, as its newest epoch has it. Looked at too are
// all records of the persons that records of the batch are, where they wait or meet another of it.
Result<void> set_rivals(registry::Registry& registry, std::span<const std::uint32_t> file_of,
                        const std::vector<Attendance>& attendance, Compared& out);

// Decides: `out` has its batch, question and thresholds, and gets candidates, decisions and the
// rest of Weighed. REQUIRES: set_rivals was called.
void judge(Compared compared, Weighed& out);

}  // namespace tessera::intake
