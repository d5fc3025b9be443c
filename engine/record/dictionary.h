// The data dictionary of a schema, for machines: elements, code sets, and every error with its
// remedy.
#pragma once

#include <vector>

#include "engine/core/json.h"
#include "engine/record/finding.h"
#include "engine/schema/schema.h"

namespace tessera::record {

// What reading a value of this kind may find, in the order of the enumeration. Of a number,
// check_digit only if the schema says Luhn.
std::vector<Finding> findings_of(const schema::Field& field);

// {"tessera_dictionary": 1, "schema", "digest", "epoch",
// "elements": [{"element", "kind", "columns", "formats"|"code_set"|"length", "check_digit",
// "needed", "states" (of an SSN), "errors": [{"error", "value": "missing"|"kept", "remedy"}]}],
// "rows": [{"error", "remedy"}]}. "needed": a mandatory pass asks for the element, so a record
// without it gets no new ID. The errors are those that reading gives
// (tests/record/dictionary_test).
json::Value dictionary(const schema::Schema& schema);

}  // namespace tessera::record
