// Key files of a few lines, and libsodium's Ed25519.
#include "engine/oprf/identity.h"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>
#include <sodium.h>

namespace tessera::oprf {
namespace {

constexpr std::string_view kSecretLine = "tessera-key 1 owner";
constexpr std::string_view kPublicLine = "tessera-public 1 owner";

// Takes lines off the front of a text.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  std::string_view next() {
    const auto end = rest_.find('\n');
    if (end == std::string_view::npos) return {};
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return line;
  }
  std::string_view value(std::string_view name) {
    const std::string_view line = next();
    return line.starts_with(name) && line.substr(name.size()).starts_with(": ")
               ? line.substr(name.size() + 2)
               : std::string_view();
  }
  bool bytes(std::string_view name, std::span<std::uint8_t, 32> out) {
    auto all = from_base64(value(name));
    const bool good = all && all->size() == out.size();
    if (good) std::ranges::copy(*all, out.begin());
    if (all) wipe(*all);
    return good;
  }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

bool is_name(std::string_view s) {
  return !s.empty() && s.size() <= 64 && std::ranges::all_of(s, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

// The public half; the pair's long secret form goes to `whole`.
std::array<std::uint8_t, 32> expand(const Secret<32>& secret, Secret<64>& whole) {
  std::array<std::uint8_t, 32> open{};
  if (crypto_sign_seed_keypair(open.data(), whole.fill().data(), secret.reveal().data()) != 0)
    std::abort();
  return open;
}

Bytes framed(std::string_view context, ByteView message) {
  Bytes out;
  append_le<std::uint64_t>(out, context.size());
  out.insert(out.end(), context.begin(), context.end());
  append_le<std::uint64_t>(out, message.size());
  out.insert(out.end(), message.begin(), message.end());
  return out;
}

}  // namespace

Identity new_identity(std::string name, Random& random) {
  Identity out;
  out.open.name = std::move(name);
  random.fill(out.secret.fill());
  random.fill(out.records.fill());
  Secret<64> whole;
  out.open.key = expand(out.secret, whole);
  return out;
}

Result<void> write_identity(const std::string& path, const Identity& id,
                            AtomicFile::Options options) {
  options.mode = 0600;
  std::string text = fmt::format("{}\nname: {}\npublic: {}\nsecret: {}\nrecords: {}\n", kSecretLine,
                                 id.open.name, to_base64(id.open.key),
                                 to_base64(id.secret.reveal()), to_base64(id.records.reveal()));
  auto done = write_file(path, text, options);
  wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  return done;
}

Result<Identity> read_identity(const std::string& path) {
  TESSERA_CHECK(require_private(path));
  TESSERA_TRY(std::string text, read_file(path, 4096));
  Lines lines(text);
  Identity out;
  std::array<std::uint8_t, 32> stated{};
  bool good = lines.next() == kSecretLine;
  out.open.name = lines.value("name");
  good = good && is_name(out.open.name) && lines.bytes("public", stated) &&
         lines.bytes("secret", out.secret.fill()) && lines.bytes("records", out.records.fill()) &&
         lines.at_end();
  wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  Secret<64> whole;
  if (good) out.open.key = expand(out.secret, whole);
  if (!good || out.open.key != stated)
    return Error{ErrorCode::crypto, "not an owner's key, or it is damaged", path};
  return out;
}

std::string public_text(const PublicIdentity& id) {
  return fmt::format("{}\nname: {}\nkey: {}\n", kPublicLine, id.name, to_base64(id.key));
}

Result<PublicIdentity> read_public_identity(const std::string& path) {
  TESSERA_TRY(const std::string text, read_file(path, 4096));
  Lines lines(text);
  PublicIdentity out;
  const bool first = lines.next() == kPublicLine;
  out.name = lines.value("name");
  if (!first || !is_name(out.name) || !lines.bytes("key", out.key) || !lines.at_end() ||
      crypto_core_ed25519_is_valid_point(out.key.data()) != 1)
    return Error{ErrorCode::crypto, "not an owner's public key, or it is damaged", path};
  return out;
}

std::array<std::uint8_t, 64> sign(const Identity& id, std::string_view context, ByteView message) {
  Secret<64> whole;
  expand(id.secret, whole);
  const Bytes text = framed(context, message);
  std::array<std::uint8_t, 64> out{};
  if (crypto_sign_detached(out.data(), nullptr, text.data(), text.size(), whole.reveal().data()) !=
      0)
    std::abort();
  return out;
}

bool verify_signature(const std::array<std::uint8_t, 32>& key, std::string_view context,
                      ByteView message, const std::array<std::uint8_t, 64>& signature) {
  const Bytes text = framed(context, message);
  return crypto_sign_verify_detached(signature.data(), text.data(), text.size(), key.data()) == 0;
}

}  // namespace tessera::oprf
