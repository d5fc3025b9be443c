// What is left of entries and records where SSNs may not be kept.
#pragma once

#include "engine/encoded/format.h"
#include "engine/schema/schema.h"

namespace tessera::encoded {

// The rows of a pass without tokens; of a pass that is keyed by the SSN, none. Views, as given.
PassView without_ssn(const schema::Schema& schema, std::size_t pass, PassView rows);
// A record whose SSN was given counts as `purged`, with one usable pass less; any other stays.
JoinRecord without_ssn(const schema::Schema& schema, JoinRecord record);

}  // namespace tessera::encoded
