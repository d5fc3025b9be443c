// Texts of keys: written in one order, read in that order and no other.
#include "engine/seal/key_text.h"

#include <algorithm>

#include <fmt/format.h>
#include <sodium.h>

#include "engine/core/day.h"
#include "engine/seal/lines.h"

namespace tessera::seal {
namespace {

constexpr std::string_view kPair = "tessera-key 1 ";
constexpr std::string_view kPublic = "tessera-public 1 ";
constexpr std::string_view kRevocation = "tessera-revocation 1 ";
constexpr std::string_view kSuccession = "tessera succession 1";
constexpr std::string_view kRevoking = "tessera revocation 1";

Error bad(std::string_view what, const std::string& where) {
  return {ErrorCode::crypto, std::string(what), where};
}

// What stands behind `start` in the first line, if that names a use.
std::optional<Use> take_use(Lines& lines, std::string_view start) {
  for (const Use use : {Use::owner, Use::unit, Use::entries, Use::join})
    if (lines.take_exact(std::string(start) + std::string(name_of(use)))) return use;
  return std::nullopt;
}

// What a predecessor, or a key that is given up, signs.
Bytes statement(const PublicKey& key, ByteView other) {
  Bytes out;
  for (const ByteView part :
       {as_bytes(name_of(key.use)), as_bytes(key.name), ByteView(key.bytes), other}) {
    append_le<std::uint64_t>(out, part.size());
    out.insert(out.end(), part.begin(), part.end());
  }
  return out;
}

// A key that no secret has, or that would make every box open alike.
bool is_sound(const PublicKey& key) {
  if (signs(key.use)) return crypto_core_ed25519_is_valid_point(key.bytes.data()) == 1;
  const PublicBytes scalar{9};
  PublicBytes shared{};
  return crypto_scalarmult(shared.data(), scalar.data(), key.bytes.data()) == 0;
}

}  // namespace

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '_' || c == '-';
  });
}

SecretText to_text(const KeyPair& pair) {
  SecretText out(fmt::format("{}{}\nname: {}\npublic: {}\n", kPair, name_of(pair.open.use),
                             pair.open.name, to_base64(pair.open.bytes)));
  add_secret(out, "secret", pair.secret);
  if (pair.open.use == Use::owner) add_secret(out, "records", pair.records);
  add_check(out);
  return out;
}

bool is_pair(std::string_view text) { return text.starts_with(kPair); }

Result<KeyPair> pair_from_text(std::string_view text, const std::string& where) {
  Lines lines(text);
  KeyPair pair;
  const auto use = take_use(lines, kPair);
  const auto name = lines.take("name");
  if (!use || !name || !is_name(*name) || !read_base64(lines.take("public"), pair.open.bytes) ||
      !read_base64(lines.take("secret"), pair.secret.fill()) ||
      (use == Use::owner && !read_base64(lines.take("records"), pair.records.fill())))
    return bad("not a tessera key; make one with 'tessera key new --kind'", where);
  if (!lines.at_checked_end()) return bad(kDamagedKey, where);
  pair.open.use = *use;
  pair.open.name = *name;
  if (public_of(*use, pair.secret) != pair.open.bytes) return bad(kDamagedKey, where);
  return pair;
}

std::string public_text(const KeyPair& pair, const KeyPair* before) {
  std::string out = fmt::format("{}{}\nname: {}\nkey: {}\n", kPublic, name_of(pair.open.use),
                                pair.open.name, to_base64(pair.open.bytes));
  if (before != nullptr)
    out += fmt::format(
        "before: {}\nsignature: {}\n", to_base64(before->open.bytes),
        to_base64(sign(*before, kSuccession, statement(pair.open, before->open.bytes))));
  return out;
}

Result<PublicFile> public_from_text(std::string_view text, const std::string& where) {
  Lines lines(text);
  PublicFile out;
  const auto use = take_use(lines, kPublic);
  const auto name = lines.take("name");
  bool good = use && name && is_name(*name) && read_base64(lines.take("key"), out.key.bytes);
  if (good && !lines.at_end()) {
    good = read_base64(lines.take("before"), out.before.emplace()) &&
           read_base64(lines.take("signature"), out.signature.emplace()) && lines.at_end();
  }
  if (!good) return bad("not a tessera public key; 'tessera key export-public' writes one", where);
  out.key.use = *use;
  out.key.name = *name;
  if (!is_sound(out.key))
    return bad("this public key is damaged: nobody can hold its secret", where);
  if (out.before &&
      !verify(*out.before, kSuccession, statement(out.key, *out.before), *out.signature))
    return bad("the key before this one did not sign it", where);
  return out;
}

Result<PublicFile> read_public(const std::string& path) {
  TESSERA_TRY(const std::string text, read_file(path, 1 << 16));
  return public_from_text(text, path);
}

std::string revocation_text(const KeyPair& pair, const std::string& day) {
  return fmt::format("{}{}\nname: {}\nkey: {}\nday: {}\nsignature: {}\n", kRevocation,
                     name_of(pair.open.use), pair.open.name, to_base64(pair.open.bytes), day,
                     to_base64(sign(pair, kRevoking, statement(pair.open, as_bytes(day)))));
}

Result<Revocation> revocation_from_text(std::string_view text, const std::string& where) {
  Lines lines(text);
  Revocation out;
  Signature signature{};
  const auto use = take_use(lines, kRevocation);
  const auto name = lines.take("name");
  const bool key = read_base64(lines.take("key"), out.key.bytes);
  const auto day = lines.take("day");
  if (!use || !signs(*use) || !name || !is_name(*name) || !key || !day || !is_day(*day) ||
      !read_base64(lines.take("signature"), signature) || !lines.at_end())
    return bad("not a tessera revocation; 'tessera key revoke' writes one", where);
  out.key.use = *use;
  out.key.name = *name;
  out.day = *day;
  if (!verify(out.key.bytes, kRevoking, statement(out.key, as_bytes(out.day)), signature))
    return bad("this revocation is not signed by the key that it gives up", where);
  return out;
}

Result<KeyPair> read_pair(const std::string& path, const AskPassphrase& ask) {
  TESSERA_TRY(const SecretText text, read_private(path, ask));
  return pair_from_text(text.reveal(), path);
}

}  // namespace tessera::seal
