// Each key is told from the other by its use, and from another unit's by its bytes.
#include "engine/encoded/opening.h"

#include <fmt/format.h>

namespace tessera::encoded {

Result<const seal::KeyPair*> key_for(seal::Use use, const Envelope& envelope,
                                     const Opening& opening) {
  const bool join = use == seal::Use::join;
  const seal::KeyPair* pair = join ? opening.join : opening.entries;
  const seal::PublicBytes& wanted = join ? envelope.join_key : envelope.entries_key;
  if (pair == nullptr)
    return Error{
        ErrorCode::crypto,
        fmt::format("is sealed; give the unit's key for {} with --open-with", name_of(use)), ""};
  if (pair->open.bytes != wanted)
    return Error{ErrorCode::crypto,
                 fmt::format("is sealed to another key for {}: {}", name_of(use),
                             seal::fingerprint(use, wanted)),
                 ""};
  return pair;
}

Result<void> check_trust(const Header& header, const Envelope& envelope, const Opening& opening) {
  if (opening.trust == nullptr)
    return Error{ErrorCode::conflict,
                 "is sealed and signed; name the register of owners that says whom to trust", ""};
  return check_trust(header, envelope, *opening.trust);
}

}  // namespace tessera::encoded
