// Who an owner is to a key service: an Ed25519 key it signs requests with, and a secret of its own
// from which its blinds and its record keys follow.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "engine/core/bytes.h"
#include "engine/core/file.h"
#include "engine/core/random.h"
#include "engine/core/result.h"
#include "engine/core/secret.h"

namespace tessera::oprf {

struct PublicIdentity {
  std::string name;  // [A-Za-z0-9._-]{1,64}
  std::array<std::uint8_t, 32> key{};
};
struct Identity {
  PublicIdentity open;
  Secret<32> secret;   // Ed25519 seed
  Secret<32> records;  // never changes, or the owner's records are no longer known
};

// REQUIRES: the name is one.
Identity new_identity(std::string name, Random& random);
// Format: docs/format/key-exchange.md. Writes mode 0600.
Result<void> write_identity(const std::string& path, const Identity& identity,
                            AtomicFile::Options options);
// ErrorCode::crypto if others may read the file or it is damaged. Never quotes the file.
Result<Identity> read_identity(const std::string& path);
std::string public_text(const PublicIdentity& identity);
Result<PublicIdentity> read_public_identity(const std::string& path);

// Ed25519 over context and message, each after its length (u64 LE), so that a signature made for
// one purpose serves no other.
std::array<std::uint8_t, 64> sign(const Identity& identity, std::string_view context,
                                  ByteView message);
bool verify_signature(const std::array<std::uint8_t, 32>& key, std::string_view context,
                      ByteView message, const std::array<std::uint8_t, 64>& signature);

}  // namespace tessera::oprf
