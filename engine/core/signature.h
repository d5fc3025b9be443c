// Ed25519 signatures (RFC 8032), by libsodium: who signed, and that nothing changed since.
#pragma once

#include <array>
#include <string>

#include "engine/core/bytes.h"
#include "engine/core/random.h"
#include "engine/core/result.h"
#include "engine/core/secret.h"

namespace tessera {

using PublicKey = std::array<std::uint8_t, 32>;
using Signature = std::array<std::uint8_t, 64>;

// A signing key; wiped when destroyed. Signing is deterministic: same key, same bytes, same
// signature. Thread safe for signing.
class SigningKey {
 public:
  static SigningKey make(Random& random);
  // From the 32 bytes of an RFC 8032 secret key.
  static SigningKey from_seed(std::span<const std::uint8_t, 32> seed);
  // A key file: one line, "tessera-signing-key-v1 " and 64 hex digits. Error `usage` if group or
  // others may read it, `format` if it is no such file.
  static Result<SigningKey> read(const std::string& path);
  // Mode 0600. Error `conflict` if the file exists.
  Result<void> write(const std::string& path) const;

  const PublicKey& public_key() const { return public_key_; }
  Signature sign(ByteView message) const;

 private:
  SigningKey() = default;
  Secret<64> key_;  // as libsodium keeps it: the seed, then the public key
  PublicKey public_key_{};
};

// True if `signature` is that of `message` under the key. The message must carry a label that says
// what it is, so that a signature for one purpose is none for another.
bool verifies(const PublicKey& key, ByteView message, const Signature& signature);

// A public key file: one line, "tessera-public-key-v1 " and 64 hex digits.
std::string public_key_text(const PublicKey& key);
Result<PublicKey> read_public_key(const std::string& path);

}  // namespace tessera
