// Pairs from libsodium; fingerprints from SHA-256.
#include "engine/seal/key_pair.h"

#include <cstdlib>

#include <sodium.h>

#include "engine/core/digest.h"
#include "engine/core/signature.h"

namespace tessera::seal {
namespace {

struct Named {
  Use use;
  std::string_view name;
};
constexpr Named kUses[] = {
    {Use::owner, "owner"}, {Use::unit, "unit"}, {Use::entries, "entries"}, {Use::join, "join"}};

constexpr std::size_t kGroups = 8;

}  // namespace

std::string_view name_of(Use use) {
  for (const Named& n : kUses)
    if (n.use == use) return n.name;
  return "unknown";
}

std::optional<Use> use_named(std::string_view name) {
  for (const Named& n : kUses)
    if (n.name == name) return n.use;
  return std::nullopt;
}

PublicBytes public_of(Use use, const Secret<32>& secret) {
  if (signs(use)) return SigningKey::from_seed(secret.reveal()).public_key();
  PublicBytes out{};
  // Fails on no input that a scalar can be: the base point has prime order.
  if (crypto_scalarmult_base(out.data(), secret.reveal().data()) != 0) std::abort();
  return out;
}

KeyPair new_key_pair(Use use, std::string name, Random& random) {
  KeyPair pair;
  random.fill(pair.secret.fill());
  if (use == Use::owner) random.fill(pair.records.fill());
  pair.open = {use, std::move(name), public_of(use, pair.secret)};
  return pair;
}

std::string fingerprint(Use use, const PublicBytes& bytes) {
  Sha256Stream hash;
  hash.update_sized(as_bytes("tessera fingerprint 1"));
  hash.update_sized(as_bytes(name_of(use)));
  hash.update_sized(bytes);
  const std::string hex = to_hex(hash.finish());
  std::string out;
  for (std::size_t i = 0; i < kGroups; ++i) out += (i > 0 ? " " : "") + hex.substr(i * 4, 4);
  return out;
}

}  // namespace tessera::seal
