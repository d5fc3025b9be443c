#include "engine/core/signature.h"

#include <algorithm>

#include <sodium.h>

#include "engine/core/file.h"

namespace tessera {
namespace {

constexpr std::string_view kSecretLabel = "tessera-signing-key-v1 ";
constexpr std::string_view kPublicLabel = "tessera-public-key-v1 ";
constexpr std::size_t kMost = 4096;  // bytes of a key file

// The 32 bytes after the label; the text holds a secret, so no message quotes it.
Result<Secret<32>> read_line(std::string_view text, std::string_view label,
                             const std::string& path) {
  const Error wrong{ErrorCode::format,
                    "is no key file of this kind: '" + std::string(label) + "' and 64 hex digits",
                    path};
  if (!text.starts_with(label)) return wrong;
  text.remove_prefix(label.size());
  if (text.ends_with('\n')) text.remove_suffix(1);
  auto bytes = text.size() == 64 ? from_hex(text) : std::nullopt;
  if (!bytes) return wrong;
  Secret<32> out(std::span<const std::uint8_t, 32>(bytes->data(), 32));
  wipe(*bytes);
  return out;
}

}  // namespace

SigningKey SigningKey::from_seed(std::span<const std::uint8_t, 32> seed) {
  SigningKey key;
  crypto_sign_seed_keypair(key.public_key_.data(), key.key_.fill().data(), seed.data());
  return key;
}

SigningKey SigningKey::make(Random& random) {
  Secret<32> seed;
  random.fill(seed.fill());
  return from_seed(seed.reveal());
}

Result<SigningKey> SigningKey::read(const std::string& path) {
  TESSERA_CHECK(require_private(path));
  TESSERA_TRY(std::string text, read_file(path, kMost));
  auto seed = read_line(text, kSecretLabel, path);
  wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  if (!seed) return seed.error();
  return from_seed(seed->reveal());
}

Result<void> SigningKey::write(const std::string& path) const {
  std::string text(kSecretLabel);
  text += to_hex(key_.reveal().first<32>()) + "\n";
  const auto done = write_file(path, text, {.mode = 0600});
  wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  return done;
}

Signature SigningKey::sign(ByteView message) const {
  Signature out{};
  crypto_sign_detached(out.data(), nullptr, message.data(), message.size(), key_.reveal().data());
  return out;
}

bool verifies(const PublicKey& key, ByteView message, const Signature& signature) {
  return crypto_sign_verify_detached(signature.data(), message.data(), message.size(),
                                     key.data()) == 0;
}

std::string public_key_text(const PublicKey& key) {
  return std::string(kPublicLabel) + to_hex(key) + "\n";
}

Result<PublicKey> read_public_key(const std::string& path) {
  TESSERA_TRY(const std::string text, read_file(path, kMost));
  TESSERA_TRY(const Secret<32> bytes, read_line(text, kPublicLabel, path));
  PublicKey key{};
  std::copy_n(bytes.reveal().begin(), key.size(), key.begin());
  return key;
}

}  // namespace tessera
