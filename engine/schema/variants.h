// A shipped schema with an identifier added: an SSN, or another number.
#pragma once

#include <cstdint>

#include "engine/schema/schema.h"

namespace tessera::schema {

// Adds field "ssn" and a pass on it. ErrorCode::usage if the schema has one.
Result<Schema> with_ssn(const Schema& schema);
// Adds field "number" of `digits` digits (an identifier that is not an SSN) and a pass on it.
Result<Schema> with_number(const Schema& schema, std::uint32_t digits);

}  // namespace tessera::schema
