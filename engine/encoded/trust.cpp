// Each refusal has words of its own: the remedy differs.
#include "engine/encoded/trust.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/core/day.h"
#include "engine/core/hex_member.h"
#include "engine/core/json.h"
#include "engine/seal/key_text.h"

namespace tessera::encoded {
namespace {

Error distrust(std::string what) { return {ErrorCode::conflict, std::move(what), ""}; }

Result<void> check_signer(const Header& header, const Envelope& e, const Trust& trust) {
  const TrustedKey* found = nullptr;
  bool known = false;
  for (const TrustedKey& k : trust.keys) {
    if (k.owner != header.owner) continue;
    known = true;
    if (k.key == e.signer) found = &k;
  }
  if (!known)
    return distrust(
        fmt::format("owner {} is not in the register of owners; add its public key once its "
                    "fingerprint is checked",
                    header.owner));
  if (found == nullptr)
    return distrust(fmt::format("signed with a key that is not owner {}'s: {}", header.owner,
                                seal::fingerprint(seal::Use::owner, e.signer)));
  if (!found->revoked.empty())
    return distrust(fmt::format("signed with a key of owner {} that was revoked on {}",
                                header.owner, found->revoked));
  return {};
}

Result<TrustedKey> key_from(const json::Value& value, const std::string& where) {
  auto bad = [&] {
    return Error{
        ErrorCode::format,
        "not a register of owners: each key has 'owner', 'key' and, once revoked, 'revoked'",
        where};
  };
  auto text = [&](std::string_view name) {
    const json::Value* member = value.find(name);
    return member == nullptr ? nullptr : member->as_string();
  };
  const std::string* owner = text("owner");
  const std::string* revoked = text("revoked");
  TrustedKey out;
  if (owner == nullptr || !seal::is_name(*owner) || !hex_member(value, "key", out.key) ||
      (revoked != nullptr && !is_day(*revoked)))
    return bad();
  const json::Object* all = value.as_object();
  if (all->size() != (revoked == nullptr ? 2U : 3U)) return bad();
  out.owner = *owner;
  if (revoked != nullptr) out.revoked = *revoked;
  return out;
}

}  // namespace

Result<void> check_trust(const Header& header, const Envelope& e, const Trust& trust) {
  TESSERA_CHECK(check_signer(header, e, trust));
  if (trust.today > e.expires)
    return distrust(
        fmt::format("expired on {}; ask owner {} to encode it again", e.expires, header.owner));
  // A day's grace: the owner's clock may stand in another time zone.
  if (header.created > add_days(trust.today, 1))
    return distrust(
        fmt::format("made on {}, a day to come; whose clock is wrong?", header.created));
  if (!trust.collection.empty() && trust.collection != e.collection)
    return distrust(
        fmt::format("is for collection {}, not for {}", e.collection, trust.collection));
  return {};
}

Result<std::vector<TrustedKey>> trust_from_json(std::string_view text, const std::string& where) {
  TESSERA_TRY(const json::Value value, json::parse(text, where));
  const json::Value* version = value.find("tessera_owners");
  const json::Value* list = value.find("keys");
  const json::Array* keys = list == nullptr ? nullptr : list->as_array();
  if (version == nullptr || version->as_int() == nullptr || *version->as_int() != 1 ||
      keys == nullptr || value.as_object()->size() != 2)
    return Error{ErrorCode::format,
                 "not a register of owners; 'tessera registry owner add' makes one", where};
  std::vector<TrustedKey> out;
  for (const json::Value& v : *keys) {
    TESSERA_TRY(TrustedKey key, key_from(v, where));
    for (const TrustedKey& other : out)
      if (other.key == key.key)
        return Error{ErrorCode::format, "a register of owners with one key twice", where};
    out.push_back(std::move(key));
  }
  return out;
}

std::string trust_to_json(const std::vector<TrustedKey>& keys) {
  json::Array list;
  for (const TrustedKey& k : keys) {
    json::Object o{{"owner", k.owner}, {"key", to_hex(k.key)}};
    if (!k.revoked.empty()) o.emplace_back("revoked", k.revoked);
    list.emplace_back(std::move(o));
  }
  return json::to_text(json::Object{{"tessera_owners", 1}, {"keys", std::move(list)}});
}

}  // namespace tessera::encoded
