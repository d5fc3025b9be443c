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

// The unit's key for entries or join, whichever `use` says. Error (crypto) if it was not brought or
// is not the one that the file is sealed to.
Result<const seal::KeyPair*> key_for(seal::Use use, const Envelope& envelope,
                                     const Opening& opening);
// check_trust by the register that was brought; without one nobody is trusted (conflict).
Result<void> check_trust(const Header& header, const Envelope& envelope, const Opening& opening);

}  // namespace tessera::encoded
