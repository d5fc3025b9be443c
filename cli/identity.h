// Joins the owners' identities to the key service, which knows them as bytes.
#pragma once

#include <cstdint>

#include "engine/keyclient/exchange.h"
#include "engine/oprf/identity.h"

namespace tessera::cli {

// Asks for things in the name of `identity`, which must outlive it.
keyclient::Asker asker_of(const oprf::Identity& identity);
// Seconds since 1970.
std::uint64_t clock_seconds();

}  // namespace tessera::cli
