// The little language of block keys: "dob", "year(dob)", "phonetic(first|last)".
#pragma once

#include <string>
#include <string_view>

#include "engine/schema/schema.h"

namespace tessera::schema {

// Parses one ingredient of a block key against the schema's fields. The error says what was
// expected; it has no `where`.
Result<KeyPart> parse_key_part(std::string_view text, const Schema& schema);
// The text that parses to the same part.
std::string key_part_text(const KeyPart& part, const Schema& schema);

}  // namespace tessera::schema
