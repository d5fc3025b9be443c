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

inline bool any_keyed_by_ssn(const Schema& schema) {
  for (std::size_t p = 0; p < schema.passes.size(); ++p)
    if (keyed_by_ssn(schema, p)) return true;
  return false;
}

// How many entries a record may have in such passes.
inline std::uint32_t most_keyed_by_ssn(const Schema& schema) {
  std::uint32_t out = 0;
  for (std::size_t p = 0; p < schema.passes.size(); ++p)
    if (keyed_by_ssn(schema, p)) out += schema.passes[p].most;
  return out;
}

}  // namespace tessera::schema
