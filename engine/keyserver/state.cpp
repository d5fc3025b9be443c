// Keys and owners: each change one transaction, with its line in the log.
#include "engine/keyserver/state.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/core/bytes.h"
#include "engine/core/file.h"
#include "engine/core/json.h"
#include "engine/keyserver/tables.h"
#include "engine/oprf/evaluator.h"

namespace tessera::keyserver {

using ledger::Database;
using ledger::Statement;
using ledger::Transaction;

namespace {

constexpr std::size_t kSeedBytes = 32;

Error unknown_epoch(const std::string& epoch) {
  return {ErrorCode::conflict,
          fmt::format("there are no keys for epoch {} here; 'tessera keyserver show' lists epochs",
                      epoch),
          ""};
}

template <std::size_t N>
void copy_blob(ByteView from, std::span<std::uint8_t, N> to) {
  if (from.size() == N) std::ranges::copy(from, to.begin());
}

json::Object body_at(Seconds now) { return {{"at", now}}; }

}  // namespace

std::string key_info(const std::string& epoch, const std::string& key) {
  return fmt::format("tessera|{}|{}", key, epoch);
}

Result<State> State::create(const std::string& path, const std::string& name, Seconds now,
                            Safe safe) {
  TESSERA_TRY(Database db, Database::open(path, options(Database::Mode::create)));
  State state(std::move(db), std::move(safe));
  TESSERA_CHECK(state.database_.exec("PRAGMA secure_delete=ON"));
  state.name_ = name;
  TESSERA_TRY(Transaction t, Transaction::begin(state.database_, Transaction::Kind::write));
  TESSERA_CHECK(state.database_.exec(ddl()));
  TESSERA_TRY(Statement meta, state.database_.prepare("INSERT INTO meta VALUES(1, ?1)"));
  TESSERA_CHECK(meta.bind(1, name).run());
  json::Value body = body_at(now);
  body.set("name", name);
  TESSERA_CHECK(state.log("made", body));
  TESSERA_CHECK(t.commit());
  state.database_.keep();
  return state;
}

Result<State> State::open(const std::string& path, Safe safe) {
  TESSERA_CHECK(require_private(path));
  TESSERA_TRY(Database db, Database::open(path, options(Database::Mode::read_write)));
  State state(std::move(db), std::move(safe));
  TESSERA_CHECK(state.database_.require_schema(ddl()));
  TESSERA_CHECK(state.database_.exec("PRAGMA secure_delete=ON"));
  TESSERA_TRY(Statement meta, state.database_.prepare("SELECT name FROM meta"));
  TESSERA_TRY(const bool found, meta.step());
  if (!found) return Error{ErrorCode::format, "this key service's file has lost its name", path};
  state.name_ = meta.text(0);
  return state;
}

Result<void> State::log(std::string_view type, const json::Value& body) {
  TESSERA_TRY(ledger::EventLog log, ledger::EventLog::open(database_));
  return log.append(type, json::to_canonical(body));
}

Result<std::vector<Epoch>> State::epochs() {
  std::vector<Epoch> out;
  TESSERA_TRY(Statement epochs,
              database_.prepare("SELECT name, seed IS NULL FROM epoch ORDER BY at, name"));
  while (true) {
    TESSERA_TRY(const bool row, epochs.step());
    if (!row) break;
    out.push_back({std::string(epochs.text(0)), epochs.integer(1) != 0, {}});
  }
  TESSERA_TRY(
      Statement keys,
      database_.prepare("SELECT name, public FROM epoch_key WHERE epoch = ?1 ORDER BY number"));
  for (Epoch& e : out) {
    keys.bind(1, e.name);
    while (true) {
      TESSERA_TRY(const bool row, keys.step());
      if (!row) break;
      oprf::Element element{};
      copy_blob(keys.blob(1), std::span<std::uint8_t, 32>(element));
      e.keys.emplace_back(std::string(keys.text(0)), element);
    }
  }
  return out;
}

Result<std::vector<Owner>> State::owners() {
  std::vector<Owner> out;
  TESSERA_TRY(Statement s,
              database_.prepare("SELECT name, public, revoked FROM owner ORDER BY name"));
  while (true) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return out;
    out.push_back({std::string(s.text(0)), {}, s.integer(2) != 0});
    copy_blob(s.blob(1), std::span<std::uint8_t, 32>(out.back().key));
  }
}

Result<std::vector<Quota>> State::quotas() {
  std::vector<Quota> out;
  TESSERA_TRY(Statement s,
              database_.prepare("SELECT owner, epoch, name, most, used, burst FROM quota "
                                "ORDER BY owner, epoch, name"));
  while (true) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return out;
    const auto count = [&](int column) { return static_cast<std::uint64_t>(s.integer(column)); };
    out.push_back({std::string(s.text(0)), std::string(s.text(1)), std::string(s.text(2)), count(3),
                   count(4), count(5)});
  }
}

Result<schema::PublicKeys> State::public_keys(const std::string& epoch) {
  TESSERA_TRY(const std::vector<Epoch> all, epochs());
  const auto at = std::ranges::find(all, epoch, &Epoch::name);
  if (at == all.end() || at->destroyed) return unknown_epoch(epoch);
  return schema::PublicKeys{{name_, at->keys}, epoch};
}

Result<ledger::Head> State::head() { return ledger::read_head(database_); }

Result<bool> State::locked() {
  TESSERA_TRY(Statement s, database_.prepare("SELECT 1 FROM epoch WHERE length(seed) > ?1"));
  return s.bind(1, static_cast<std::int64_t>(kSeedBytes)).step();
}

Result<void> State::add_epoch(const std::string& epoch, const std::vector<std::string>& keys,
                              Random& random, Seconds now) {
  TESSERA_TRY(const std::vector<Epoch> all, epochs());
  if (std::ranges::find(all, epoch, &Epoch::name) != all.end())
    return Error{ErrorCode::conflict,
                 fmt::format("epoch {} has keys already; new keys want a new epoch, or every file "
                             "made so far would meet nobody",
                             epoch),
                 ""};
  const bool locks = static_cast<bool>(safe_.lock);
  const bool others = std::ranges::any_of(all, [](const Epoch& e) { return !e.destroyed; });
  TESSERA_TRY(const bool locked_so_far, locked());
  if (others && locks != locked_so_far)
    return Error{ErrorCode::conflict,
                 locks ? "the keys here are not locked, and a passphrase for new ones alone would "
                         "lock nothing"
                       : "the keys here are locked, and new ones want the same passphrase",
                 ""};
  Secret<kSeedBytes> seed;
  random.fill(seed.fill());
  Bytes kept(seed.reveal().begin(), seed.reveal().end());
  if (locks) {
    wipe(kept);
    TESSERA_TRY(kept, safe_.lock(seed));
  }
  TESSERA_TRY(Transaction t, Transaction::begin(database_, Transaction::Kind::write));
  TESSERA_TRY(Statement s, database_.prepare("INSERT INTO epoch VALUES(?1, ?2, ?3)"));
  TESSERA_CHECK(
      s.bind(1, epoch).bind(2, ByteView(kept)).bind(3, static_cast<std::int64_t>(now)).run());
  wipe(kept);
  TESSERA_TRY(Statement k, database_.prepare("INSERT INTO epoch_key VALUES(?1, ?2, ?3, ?4)"));
  json::Object publics;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const oprf::Evaluator evaluator(seed.reveal(), key_info(epoch, keys[i]));
    k.bind(1, epoch).bind(2, static_cast<std::int64_t>(i)).bind(3, keys[i]);
    TESSERA_CHECK(k.bind(4, ByteView(evaluator.public_key())).run());
    publics.emplace_back(keys[i], to_hex(evaluator.public_key()));
  }
  json::Value body = body_at(now);
  body.set("epoch", epoch);
  body.set("keys", std::move(publics));
  TESSERA_CHECK(log("epoch", body));
  return t.commit();
}

Result<ledger::Head> State::destroy_epoch(const std::string& epoch, Seconds now) {
  {
    TESSERA_TRY(Transaction t, Transaction::begin(database_, Transaction::Kind::write));
    TESSERA_TRY(Statement s, database_.prepare("UPDATE epoch SET seed = NULL WHERE name = ?1 AND "
                                               "seed IS NOT NULL RETURNING name"));
    TESSERA_TRY(const bool found, s.bind(1, epoch).step());
    s.reset();
    if (!found) return unknown_epoch(epoch);
    json::Value body = body_at(now);
    body.set("epoch", epoch);
    TESSERA_CHECK(log("destroyed", body));
    TESSERA_CHECK(t.commit());
  }
  // The write-ahead log still holds the seed's page until it is emptied.
  TESSERA_CHECK(database_.exec("PRAGMA wal_checkpoint(TRUNCATE)"));
  return head();
}

Result<void> State::admit(const std::string& name, const IdentityKey& key, Seconds now) {
  TESSERA_TRY(Transaction t, Transaction::begin(database_, Transaction::Kind::write));
  TESSERA_TRY(Statement have, database_.prepare("SELECT public FROM owner WHERE name = ?1"));
  TESSERA_TRY(const bool found, have.bind(1, name).step());
  if (found) {
    const bool same = std::ranges::equal(have.blob(0), key);
    have.reset();
    if (same) return t.commit();
    return Error{
        ErrorCode::conflict,
        fmt::format("owner {} is known here by another key; revoke it and admit the new key "
                    "under another name, or check whom you have before you",
                    name),
        ""};
  }
  TESSERA_TRY(Statement s, database_.prepare("INSERT INTO owner(name, public) VALUES(?1, ?2)"));
  TESSERA_CHECK(s.bind(1, name).bind(2, ByteView(key)).run());
  json::Value body = body_at(now);
  body.set("owner", name);
  body.set("key", to_hex(key));
  TESSERA_CHECK(log("admitted", body));
  return t.commit();
}

Result<void> State::revoke(const std::string& name, bool revoked, Seconds now) {
  TESSERA_TRY(Transaction t, Transaction::begin(database_, Transaction::Kind::write));
  TESSERA_TRY(Statement s,
              database_.prepare("UPDATE owner SET revoked = ?2 WHERE name = ?1 RETURNING name"));
  TESSERA_TRY(const bool found, s.bind(1, name).bind(2, std::int64_t{revoked ? 1 : 0}).step());
  s.reset();
  if (!found) return Error{ErrorCode::conflict, fmt::format("no owner {} is known here", name), ""};
  json::Value body = body_at(now);
  body.set("owner", name);
  TESSERA_CHECK(log(revoked ? "revoked" : "restored", body));
  return t.commit();
}

Result<void> State::grant(const std::string& name, const std::string& epoch, const std::string& key,
                          std::uint64_t more, std::uint64_t burst, Seconds now) {
  TESSERA_TRY(Transaction t, Transaction::begin(database_, Transaction::Kind::write));
  TESSERA_TRY(
      Statement s,
      database_.prepare("INSERT INTO quota(owner, epoch, name, most, burst, level, level_at) "
                        "VALUES(?1, ?2, ?3, ?4, ?5, ?5, ?6) ON CONFLICT(owner, epoch, name) DO "
                        "UPDATE SET most = most + ?4, burst = ?5, level = min(level, ?5)"));
  s.bind(1, name).bind(2, epoch).bind(3, key).bind(4, static_cast<std::int64_t>(more));
  TESSERA_CHECK(
      s.bind(5, static_cast<std::int64_t>(burst)).bind(6, static_cast<std::int64_t>(now)).run());
  json::Value body = body_at(now);
  body.set("owner", name);
  body.set("epoch", epoch);
  body.set("key", key);
  body.set("more", more);
  body.set("burst", burst);
  TESSERA_CHECK(log("granted", body));
  return t.commit();
}

Result<Owner> State::owner(const std::string& name) {
  TESSERA_TRY(Statement s, database_.prepare("SELECT public, revoked FROM owner WHERE name = ?1"));
  TESSERA_TRY(const bool found, s.bind(1, name).step());
  if (!found)
    return Error{ErrorCode::crypto,
                 fmt::format("owner {} is not known here; ask the key service to admit it", name),
                 ""};
  if (s.integer(1) != 0)
    return Error{ErrorCode::crypto,
                 fmt::format("owner {} is revoked; ask the key service why", name), ""};
  Owner out{name, {}, false};
  copy_blob(s.blob(0), std::span<std::uint8_t, 32>(out.key));
  return out;
}

Result<Secret<32>> State::seed(const std::string& epoch, const std::string& key) {
  TESSERA_TRY(Statement s,
              database_.prepare("SELECT seed FROM epoch JOIN epoch_key ON epoch.name = "
                                "epoch WHERE epoch.name = ?1 AND epoch_key.name = ?2"));
  TESSERA_TRY(const bool found, s.bind(1, epoch).bind(2, key).step());
  if (!found)
    return Error{ErrorCode::conflict,
                 fmt::format("there is no key '{}' for epoch {} here", key, epoch), ""};
  if (s.is_null(0))
    return Error{ErrorCode::conflict,
                 fmt::format("the keys of epoch {} were destroyed: its time is over", epoch), ""};
  if (s.blob(0).size() > kSeedBytes) return opened(epoch, s.blob(0));
  Secret<kSeedBytes> out;
  copy_blob(s.blob(0), out.fill());
  return out;
}

Result<Secret<32>> State::opened(const std::string& epoch, ByteView locked) {
  Opened& known = opened_[epoch];
  if (!std::ranges::equal(known.locked, locked)) {
    if (!safe_.open)
      return Error{ErrorCode::crypto, "the keys are locked with a passphrase", database_.path()};
    TESSERA_TRY(known.seed, safe_.open(locked));
    known.locked.assign(locked.begin(), locked.end());
  }
  return known.seed.clone();
}

}  // namespace tessera::keyserver
