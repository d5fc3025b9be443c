// Whose sealed files are taken, and until when.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.h"
#include "engine/encoded/envelope.h"
#include "engine/encoded/format.h"

namespace tessera::encoded {

// A signing key that speaks for an owner, until the day it was revoked.
struct TrustedKey {
  std::string owner;
  seal::PublicBytes key{};
  std::string revoked;  // YYYY-MM-DD; empty: it still speaks
};

struct Trust {
  std::vector<TrustedKey> keys;
  std::string today;       // YYYY-MM-DD
  std::string collection;  // empty: any
};

// Error (conflict) that says which of these it is: an owner nobody knows, a key that is not that
// owner's, a revoked key, a file past its last day, made on a day to come, or for another
// collection. REQUIRES: the signature was checked.
Result<void> check_trust(const Header& header, const Envelope& envelope, const Trust& trust);

// The register of owners as JSON; format: docs/format/owners.md.
Result<std::vector<TrustedKey>> trust_from_json(std::string_view text, const std::string& where);
std::string trust_to_json(const std::vector<TrustedKey>& keys);

}  // namespace tessera::encoded
