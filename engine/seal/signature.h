// Ed25519 signatures over what a message is and what it says.
#pragma once

#include <string_view>

#include "engine/core/bytes.h"
#include "engine/core/signature.h"
#include "engine/seal/key_pair.h"

namespace tessera::seal {

using tessera::Signature;

// Signs `context` and `message`, each after its length, so that a signature made for one purpose
// serves no other. REQUIRES: signs(pair.open.use).
Signature sign(const KeyPair& pair, std::string_view context, ByteView message);
// True if `key` signed just this. Never throws, whatever the bytes.
bool verify(const PublicBytes& key, std::string_view context, ByteView message,
            const Signature& signature);

}  // namespace tessera::seal
