// libsodium's scrypt and secretbox; the costs stand in the file, so that they can grow.
#include "engine/seal/locked.h"

#include <array>
#include <bit>
#include <charconv>
#include <cstdlib>
#include <optional>

#include <fmt/format.h>
#include <sodium.h>

#include "engine/core/file.h"
#include "engine/core/secret.h"
#include "engine/seal/lines.h"

namespace tessera::seal {
namespace {

constexpr std::string_view kFirstLine = "tessera-locked 1";
constexpr std::uint64_t kMostMemory = std::uint64_t{1} << 30;

using Salt = std::array<std::uint8_t, 32>;
using Nonce = std::array<std::uint8_t, crypto_secretbox_NONCEBYTES>;
using BoxKey = Secret<crypto_secretbox_KEYBYTES>;

std::optional<BoxKey> stretch(const SecretText& passphrase, const Salt& salt, LockCost c) {
  BoxKey key;
  static constexpr std::uint8_t kEmpty = 0;  // the function takes no null, not even for 0 bytes
  const ByteView words = passphrase.reveal_bytes();
  if (crypto_pwhash_scryptsalsa208sha256_ll(words.empty() ? &kEmpty : words.data(), words.size(),
                                            salt.data(), salt.size(), c.n, c.r, c.p,
                                            key.fill().data(), key.fill().size()) != 0)
    return std::nullopt;
  return key;
}

template <class T>
bool number(std::string_view& text, T& out) {
  const auto end = text.find(' ');
  const std::string_view word = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  const auto [at, error] = std::from_chars(word.data(), word.data() + word.size(), out);
  return error == std::errc() && at == word.data() + word.size();
}

bool read_cost(std::string_view text, LockCost& c) {
  if (!text.starts_with("scrypt ")) return false;
  text.remove_prefix(7);
  return number(text, c.n) && number(text, c.r) && number(text, c.p) && text.empty() &&
         std::has_single_bit(c.n) && c.n >= 2 && c.r >= 1 && c.r <= 64 && c.p >= 1 && c.p <= 16 &&
         c.n <= kMostMemory / 128 / c.r;
}

}  // namespace

std::string lock(const SecretText& text, const SecretText& passphrase, Random& random,
                 LockCost cost) {
  Salt salt{};
  Nonce nonce{};
  random.fill(salt);
  random.fill(nonce);
  const auto key = stretch(passphrase, salt, cost);
  if (!key) std::abort();  // out of memory for scrypt: nothing sensible can follow
  const ByteView plain = text.reveal_bytes();
  Bytes box(plain.size() + crypto_secretbox_MACBYTES);
  crypto_secretbox_easy(box.data(), plain.data(), plain.size(), nonce.data(), key->reveal().data());
  return fmt::format("{}\nkdf: scrypt {} {} {}\nsalt: {}\nnonce: {}\ntext: {}\n", kFirstLine,
                     cost.n, cost.r, cost.p, to_base64(salt), to_base64(nonce), to_base64(box));
}

bool is_locked(std::string_view text) { return text.starts_with("tessera-locked "); }

Result<SecretText> unlock(std::string_view text, const SecretText& passphrase) {
  Lines lines(text);
  LockCost cost;
  Salt salt{};
  Nonce nonce{};
  const bool first = lines.take_exact(kFirstLine);
  const auto kdf = lines.take("kdf");
  const bool random =
      read_base64(lines.take("salt"), salt) && read_base64(lines.take("nonce"), nonce);
  const auto body = lines.take("text");
  const auto box = body ? from_base64(*body) : std::nullopt;
  if (!first || !kdf || !random || !box || box->size() < crypto_secretbox_MACBYTES ||
      !lines.at_end())
    return Error{ErrorCode::crypto, "a damaged locked key file; take its backup", ""};
  if (!read_cost(*kdf, cost))
    return Error{ErrorCode::crypto, "a locked key file whose 'kdf' is not known or costs too much",
                 ""};
  const auto key = stretch(passphrase, salt, cost);
  if (!key) return Error{ErrorCode::limit, "not enough memory to open a locked key file", ""};
  Bytes plain(box->size() - crypto_secretbox_MACBYTES);
  const bool good = crypto_secretbox_open_easy(plain.data(), box->data(), box->size(), nonce.data(),
                                               key->reveal().data()) == 0;
  SecretText out(good ? as_text(plain) : std::string_view());
  wipe(plain);
  if (!good) return Error{ErrorCode::crypto, "wrong passphrase, or a damaged key file", ""};
  return out;
}

Result<SecretText> read_private(const std::string& path, const AskPassphrase& ask) {
  TESSERA_TRY(SecretText text, read_secret(path));
  return unlock_private(std::move(text), path, ask);
}

Result<SecretText> unlock_private(SecretText text, const std::string& path,
                                  const AskPassphrase& ask) {
  TESSERA_CHECK(require_private(path));
  if (!is_locked(text.reveal())) return text;
  if (!ask)
    return Error{ErrorCode::crypto, "is locked; give its passphrase with --passphrase-file", path};
  TESSERA_TRY(const SecretText passphrase, ask(path));
  auto opened = unlock(text.reveal(), passphrase);
  if (!opened) return Error{opened.error().code, opened.error().what, path};
  return opened;
}

}  // namespace tessera::seal
