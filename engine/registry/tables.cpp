#include "engine/registry/tables.h"

namespace tessera::registry {

using ledger::Database;
using ledger::Statement;

Result<Tables> Tables::open(Database& db) {
  Tables t;
  TESSERA_TRY(t.owner_, db.prepare("INSERT INTO owner(id, name) VALUES(?1, ?2)"));
  TESSERA_TRY(t.submission_,
              db.prepare("INSERT INTO submission(batch, owner, population, file, records, day, "
                         "epoch) VALUES(?1, ?2, ?3, ?4, ?5, nullif(?6, ''), ?7)"));
  TESSERA_TRY(t.person_, db.prepare("INSERT INTO person(id, space) VALUES(?1, ?2)"));
  TESSERA_TRY(t.state_id_,
              db.prepare("INSERT INTO state_id(id, space, person, state) VALUES(?1, ?2, ?3, ?4)"));
  TESSERA_TRY(t.record_,
              db.prepare("INSERT INTO record(id, owner, population, key, person, ssn, batch) "
                         "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"));
  TESSERA_TRY(t.attach_, db.prepare("UPDATE record SET person = ?2 WHERE id = ?1"));
  TESSERA_TRY(t.ssn_, db.prepare("UPDATE record SET ssn = ?2 WHERE id = ?1"));
  TESSERA_TRY(t.claim_,
              db.prepare("INSERT INTO claim(record, person, batch, state) VALUES(?1, ?2, ?3, 1) "
                         "ON CONFLICT(record) DO UPDATE SET person = ?2, batch = ?3, state = 1"));
  TESSERA_TRY(
      t.review_,
      db.prepare("INSERT INTO review(id, record, reason, batch, state) VALUES(?1, ?2, ?3, ?4, 1)"));
  TESSERA_TRY(t.suspect_,
              db.prepare("INSERT INTO review_person(review, person, decinats) VALUES(?1, ?2, ?3)"));
  TESSERA_TRY(t.settle_, db.prepare("UPDATE review SET state = 2 WHERE id = ?1"));
  TESSERA_TRY(t.different_, db.prepare("INSERT OR IGNORE INTO different(a, b) VALUES(?1, ?2)"));
  TESSERA_TRY(t.alarm_, db.prepare("INSERT INTO alarm(batch, record, rule) VALUES(?1, ?2, ?3)"));
  TESSERA_CHECK(t.open_people(db));
  TESSERA_TRY(t.signer_, db.prepare("INSERT INTO signer(key) VALUES(?1)"));
  TESSERA_TRY(t.collection_,
              db.prepare("INSERT INTO collection(field, owner, day, rule) VALUES(?1, ?2, ?3, ?4)"));
  TESSERA_TRY(t.purged_, db.prepare("UPDATE record SET ssn = 5 WHERE ssn = 1"));
  TESSERA_TRY(t.access_, db.prepare("INSERT INTO access_log(name) VALUES(?1)"));
  TESSERA_TRY(t.epoch_,
              db.prepare("INSERT INTO epoch(id, name, digest, ended) VALUES(?1, ?2, ?3, 0)"));
  TESSERA_TRY(t.ended_, db.prepare("UPDATE epoch SET ended = (SELECT max(ended) + 1 FROM epoch) "
                                   "WHERE id = ?1"));
  return t;
}

Result<void> Tables::apply(const Happening& happening) {
  return std::visit([this](const auto& e) { return apply(e); }, happening);
}

// The registry is made with its first epoch; the rest of it stands in meta, and verify compares.
Result<void> Tables::apply(const Created& e) { return apply(EpochOpened{1, e.epoch, e.schema}); }

Result<void> Tables::apply(const EpochOpened& e) {
  const auto digest = from_hex(e.schema);
  if (!digest) return Error{ErrorCode::format, "the digest of a schema is not hex", ""};
  return epoch_.bind(1, e.epoch).bind(2, e.name).bind(3, ByteView(*digest)).run();
}

Result<void> Tables::apply(const EpochEnded& e) { return ended_.bind(1, e.epoch).run(); }

Result<void> Tables::apply(const OwnerNamed& e) {
  return owner_.bind(1, e.owner).bind(2, e.name).run();
}

Result<void> Tables::apply(const Submitted& e) {
  submission_.bind(1, e.batch).bind(2, e.owner).bind(3, static_cast<std::int64_t>(e.population));
  submission_.bind(4, ByteView(e.file)).bind(5, e.records).bind(6, e.day);
  return submission_.bind(7, e.epoch).run();
}

Result<void> Tables::apply(const Assigned& e) {
  if (e.issued != 0) {
    const auto space = static_cast<std::int64_t>(e.space);
    TESSERA_CHECK(person_.bind(1, number(e.person)).bind(2, space).run());
    state_id_.bind(1, number(e.issued)).bind(2, space).bind(3, number(e.person));
    TESSERA_CHECK(state_id_.bind(4, std::int64_t{e.provisional ? 2 : 1}).run());
  }
  if (!e.first) return attach_.bind(1, number(e.record)).bind(2, number(e.person)).run();
  record_.bind(1, number(e.record))
      .bind(2, e.owner)
      .bind(3, static_cast<std::int64_t>(e.population));
  record_.bind(4, ByteView(e.key))
      .bind_or_null(5, number(e.person))
      .bind(6, static_cast<std::int64_t>(e.ssn));
  return record_.bind(7, e.batch).run();
}

Result<void> Tables::apply(const SsnChanged& e) {
  return ssn_.bind(1, number(e.record)).bind(2, static_cast<std::int64_t>(e.ssn)).run();
}

Result<void> Tables::apply(const Claimed& e) {
  return claim_.bind(1, number(e.record)).bind(2, number(e.person)).bind(3, e.batch).run();
}

Result<void> Tables::apply(const Reviewed& e) {
  review_.bind(1, e.review).bind(2, number(e.record)).bind(3, static_cast<std::int64_t>(e.reason));
  TESSERA_CHECK(review_.bind(4, e.batch).run());
  for (const Suspect& s : e.suspects)
    TESSERA_CHECK(suspect_.bind(1, e.review)
                      .bind(2, number(s.person))
                      .bind(3, std::int64_t{s.decinats})
                      .run());
  return {};
}

Result<void> Tables::apply(const Settled& e) { return settle_.bind(1, e.review).run(); }

Result<void> Tables::apply(const MarkedDifferent& e) {
  return different_.bind(1, number(e.a)).bind(2, number(e.b)).run();
}

Result<void> Tables::apply(const Collection& e) {
  collection_.bind(1, e.field).bind(2, e.owner).bind(3, e.from);
  return collection_.bind(4, static_cast<std::int64_t>(e.rule)).run();
}

Result<void> Tables::apply(const SsnPurged&) { return purged_.run(); }

// The chain keeps every row; what was destroyed stood outside it.
Result<void> Tables::apply(const Destroyed&) { return {}; }

Result<void> Tables::apply(const SignerNamed& e) {
  const auto key = from_hex(e.key);
  if (!key) return Error{ErrorCode::format, "a signing key is not hex", ""};
  return signer_.bind(1, ByteView(*key)).run();
}

Result<void> Tables::apply(const AccessKept& e) {
  const auto name = from_hex(e.log);
  if (!name) return Error{ErrorCode::format, "the name of an access log is not hex", ""};
  return access_.bind(1, ByteView(*name)).run();
}

Result<void> Tables::apply(const Alarmed& e) {
  return alarm_.bind(1, e.batch).bind(2, number(e.record)).bind(3, e.rule).run();
}

}  // namespace tessera::registry
