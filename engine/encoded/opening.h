// What the linkage unit brings to open sealed files: its keys, and whom it trusts.
#pragma once

#include "engine/encoded/trust.h"
#include "engine/seal/key_pair.h"

namespace tessera::encoded {

// Pointers to what lives at least until the files are open; section keys are kept, these are not.
// Nothing here matters to a file that is not sealed.
struct Opening {
  const seal::KeyPair* entries = nullptr;  // Use::entries
  const seal::KeyPair* join = nullptr;     // Use::join
  const Trust* trust = nullptr;            // absent: sealed files are refused
};

}  // namespace tessera::encoded
