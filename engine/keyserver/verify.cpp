// Everything that the log tells, played once more, beside everything that the tables hold.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "engine/core/json.h"
#include "engine/keyserver/state.h"
#include "engine/ledger/json_event.h"
#include "engine/oprf/evaluator.h"

namespace tessera::keyserver {

using ledger::integer_of;
using ledger::Statement;
using ledger::text_of;

namespace {

struct Known {
  std::string key;  // hexadecimal
  bool revoked = false;
  std::int64_t batches = 0;  // answered and charged
  bool operator==(const Known&) const = default;
};
struct Granted {
  std::int64_t most = 0, used = 0, burst = 0;
  bool operator==(const Granted&) const = default;
};
struct Keys {
  std::map<std::string, std::string> publics;  // name and hexadecimal
  bool destroyed = false;
  bool operator==(const Keys&) const = default;
};

struct Content {
  std::string name;
  std::map<std::string, Keys> epochs;
  std::map<std::string, Known> owners;
  std::map<std::array<std::string, 3>, Granted> quotas;  // of owner, epoch, key

  void play(std::string_view type, const json::Value& body);
};

void Content::play(std::string_view type, const json::Value& body) {
  const std::string owner = text_of(body, "owner"), epoch = text_of(body, "epoch");
  const std::array quota{owner, epoch, text_of(body, "key")};
  if (type == "made") {
    name = text_of(body, "name");
  } else if (type == "epoch") {
    const json::Value* keys = body.find("keys");
    if (keys == nullptr || keys->as_object() == nullptr) return;
    for (const auto& [key, value] : *keys->as_object())
      if (const std::string* hex = value.as_string()) epochs[epoch].publics[key] = *hex;
  } else if (type == "destroyed") {
    epochs[epoch].destroyed = true;
  } else if (type == "admitted") {
    owners[owner].key = text_of(body, "key");
  } else if (type == "revoked" || type == "restored") {
    owners[owner].revoked = type == "revoked";
  } else if (type == "granted") {
    quotas[quota].most += integer_of(body, "more");
    quotas[quota].burst = integer_of(body, "burst");
  } else if (type == "answered") {
    const std::int64_t charged = integer_of(body, "charged");
    quotas[quota].used += charged;
    owners[owner].batches += charged > 0 ? 1 : 0;
  }
}

// The first key under which two maps differ.
template <class Map>
const typename Map::key_type* first_difference(const Map& said, const Map& kept) {
  const auto [a, b] = std::ranges::mismatch(said, kept);
  if (a == said.end()) return b == kept.end() ? nullptr : &b->first;
  return b == kept.end() || a->first < b->first ? &a->first : &b->first;
}

}  // namespace

// The seed of an epoch, where it is not locked, is behind the public keys.
Result<bool> State::fits(const Epoch& epoch) {
  TESSERA_TRY(const bool is_locked, locked());
  if (epoch.destroyed || (is_locked && !safe_.open)) return true;
  for (const auto& [key, element] : epoch.keys) {
    TESSERA_TRY(const Secret<32> secret, seed(epoch.name, key));
    if (oprf::Evaluator(secret.reveal(), key_info(epoch.name, key)).public_key() != element)
      return false;
  }
  return true;
}

Result<ledger::Head> State::verify(Progress& progress) {
  TESSERA_CHECK(database_.check_integrity());
  Content said, kept;
  TESSERA_TRY(
      const ledger::Head head,
      ledger::verify_chain(database_, progress, [&](const ledger::Event& e) -> Result<void> {
        TESSERA_TRY(const json::Value body, json::parse(e.body, "log"));
        said.play(e.type, body);
        return {};
      }));
  const auto changed = [&](const std::string& what) {
    return Error{ErrorCode::format,
                 fmt::format("{} not what the log says: the file was changed by other hands", what),
                 database_.path()};
  };
  TESSERA_TRY(const std::vector<Epoch> epochs_now, epochs());
  for (const Epoch& e : epochs_now) {
    Keys& keys = kept.epochs[e.name];
    keys.destroyed = e.destroyed;
    for (const auto& [key, element] : e.keys) keys.publics[key] = to_hex(element);
    TESSERA_TRY(const bool good, fits(e));
    if (!good) return changed(fmt::format("the secret of epoch {} is", e.name));
  }
  TESSERA_TRY(const std::vector<Owner> owners_now, owners());
  TESSERA_TRY(Statement batches, database_.prepare("SELECT count(*) FROM batch WHERE owner = ?1"));
  for (const Owner& o : owners_now) {
    TESSERA_CHECK(batches.bind(1, o.name).step());
    kept.owners[o.name] = {to_hex(o.key), o.revoked, batches.integer(0)};
    batches.reset();
  }
  TESSERA_TRY(const std::vector<Quota> quotas_now, quotas());
  for (const Quota& q : quotas_now) {
    const auto count = [](std::uint64_t n) { return static_cast<std::int64_t>(n); };
    kept.quotas[{q.owner, q.epoch, q.key}] = {count(q.most), count(q.used), count(q.burst)};
  }
  if (said.name != name_) return changed("the service's name is");
  if (const auto* epoch = first_difference(said.epochs, kept.epochs))
    return changed(fmt::format("the public keys of epoch {} are", *epoch));
  if (const auto* owner = first_difference(said.owners, kept.owners))
    return changed(
        fmt::format("the key of {}, whether it is revoked, or what it was answered is", *owner));
  if (const auto* quota = first_difference(said.quotas, kept.quotas))
    return changed(fmt::format("the quota of {} for '{}' in epoch {} is", (*quota)[0], (*quota)[2],
                               (*quota)[1]));
  return head;
}

}  // namespace tessera::keyserver
