// Files of slips from the made-up samples, under fixed keys, and the keys of two offices.
#pragma once

#include <string>

#include "engine/slips/slip_file.h"
#include "tests/encoded/sample.h"
#include "tests/encoded/sealed_sample.h"

namespace tessera::samples {

inline seal::KeyPair registrars_key() { return fixed_pair(seal::Use::unit, 3); }
inline seal::KeyPair comparers_key() { return fixed_pair(seal::Use::unit, 4); }

// A registrar's opening: the key for join, and no other.
inline encoded::Opening registrars_opening(const Parties& p) {
  return {nullptr, &p.join, &p.trust};
}

inline Result<void> write_slips(const std::string& path, const reference::Content& c,
                                const Parties& parties, std::uint64_t seed = 1) {
  const auto random = seeded_random(seed);
  return slips::write_slips(path, c.header, c.passes, c.records, c.handles, parties.sealing(),
                            *random, {.force = true});
}

}  // namespace tessera::samples
