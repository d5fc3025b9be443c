// An owner's signing key as what the exchange wants, and the clock.
#include "cli/identity.h"

#include <chrono>

#include "engine/seal/signature.h"

namespace tessera::cli {

keyclient::Asker asker_of(const seal::KeyPair& owner) {
  return {owner.open.name, owner.records, [&owner](std::string_view context, ByteView message) {
            return seal::sign(owner, context, message);
          }};
}

std::uint64_t clock_seconds() {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(
                                        std::chrono::system_clock::now().time_since_epoch())
                                        .count());
}

}  // namespace tessera::cli
