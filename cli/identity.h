// Joins the owners' keys to the key service, which knows them as bytes.
#pragma once

#include <cstdint>

#include "engine/keyclient/exchange.h"
#include "engine/seal/key_pair.h"

namespace tessera::cli {

// Asks for things in the name of `owner`, which must outlive it. REQUIRES: an owner's pair.
keyclient::Asker asker_of(const seal::KeyPair& owner);
// Seconds since 1970.
std::uint64_t clock_seconds();

}  // namespace tessera::cli
