// Key pairs of organisations: who signs, and to whom files are sealed.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/bytes.h"
#include "engine/core/random.h"
#include "engine/core/secret.h"

namespace tessera::seal {

using PublicBytes = std::array<std::uint8_t, 32>;

// What a pair is for. Owners and the linkage unit sign (Ed25519, RFC 8032); files are sealed to the
// unit's two others (X25519, RFC 7748): whoever matches opens entries, whoever keeps the registry
// opens the join section. Persisted by name.
enum class Use : std::uint8_t { owner, unit, entries, join };
std::string_view name_of(Use use);
std::optional<Use> use_named(std::string_view name);
inline bool signs(Use use) { return use == Use::owner || use == Use::unit; }

struct PublicKey {
  Use use = Use::owner;
  std::string name;  // of the organisation: [A-Za-z0-9._-]{1,64}
  PublicBytes bytes{};
  bool operator==(const PublicKey&) const = default;
};

struct KeyPair {
  PublicKey open;     // the half that others may know
  Secret<32> secret;  // Ed25519 seed or X25519 scalar
  Secret<32>
      records;  // owners only: names records (record keys) and chooses dummies; never changes
};

// Draws a pair. The public half is computed from the secret one.
KeyPair new_key_pair(Use use, std::string name, Random& random);
// The public half of a secret.
PublicBytes public_of(Use use, const Secret<32>& secret);

// Eight groups of four hex digits, from the SHA-256 of use and key: to be read out over a
// telephone.
std::string fingerprint(Use use, const PublicBytes& bytes);
inline std::string fingerprint(const PublicKey& key) { return fingerprint(key.use, key.bytes); }

}  // namespace tessera::seal
