// Which passes are keyed by the SSN: their entries exist only because of it.
#pragma once

#include <algorithm>

#include "engine/schema/schema.h"

namespace tessera::schema {

inline bool keyed_by_ssn(const Schema& schema, std::size_t pass) {
  return std::ranges::any_of(schema.passes[pass].key, [&](const KeyPart& part) {
    return std::ranges::any_of(
        part.fields, [&](std::size_t field) { return schema.fields[field].kind == Kind::ssn; });
  });
}

}  // namespace tessera::schema
