// What a stop of one field's collection can do, by the schema alone (docs/decisions/0063).
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "engine/core/result.h"
#include "engine/schema/schema.h"

namespace tessera::schema {

// The first pass in whose block key the field is; a mandatory one before others.
std::optional<std::size_t> pass_keyed_by(const Schema& schema, std::size_t field);
// A pass whose entries say in the clear whether a record has the field: presence not hidden.
std::optional<std::size_t> pass_that_shows(const Schema& schema, std::size_t field);

// Whether entries can be left as if the field had been missing: the SSN, and what is in no block
// key, for a tag made of a value cannot be made without it.
bool can_strip(const Schema& schema, std::size_t field);
// Whether files that carry the field can be told from others: the SSN, whose state is in the file,
// and what shows its presence and is not in the key of a mandatory pass.
bool can_refuse(const Schema& schema, std::size_t field);

// The field of that name, if it can be stopped by taking it out or, if `refuse`, by refusing files
// that carry it. Error (usage, or conflict with the reason and what to do in its place).
Result<std::size_t> stoppable(const Schema& schema, std::string_view name, bool refuse);

}  // namespace tessera::schema
