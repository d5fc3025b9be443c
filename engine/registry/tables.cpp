#include "engine/registry/tables.h"

namespace tessera::registry {

using ledger::Database;
using ledger::Statement;

std::string_view ledger_ddl() {
  return R"sql(
CREATE TABLE owner(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE submission(batch INTEGER NOT NULL, owner INTEGER NOT NULL REFERENCES owner(id),
                        population INTEGER NOT NULL, file BLOB NOT NULL, records INTEGER NOT NULL) STRICT;
CREATE TABLE person(id INTEGER PRIMARY KEY, space INTEGER NOT NULL CHECK(space IN (1, 2))) STRICT;
CREATE TABLE state_id(id INTEGER PRIMARY KEY CHECK(id BETWEEN 1000000000 AND 9999999999),
                      space INTEGER NOT NULL, person INTEGER NOT NULL REFERENCES person(id),
                      state INTEGER NOT NULL CHECK(state IN (1, 2, 3)),
                      survivor INTEGER REFERENCES state_id(id),
                      CHECK(survivor IS NULL OR (state = 3 AND survivor <> id))) STRICT;
CREATE UNIQUE INDEX state_id_one_per_person ON state_id(person) WHERE state <> 3;
CREATE TABLE record(id INTEGER PRIMARY KEY, owner INTEGER NOT NULL REFERENCES owner(id),
                    population INTEGER NOT NULL, key BLOB NOT NULL CHECK(length(key) = 16),
                    person INTEGER REFERENCES person(id), ssn INTEGER NOT NULL,
                    batch INTEGER NOT NULL, UNIQUE(owner, population, key)) STRICT;
CREATE INDEX record_person ON record(person) WHERE person IS NOT NULL;
CREATE TABLE claim(record INTEGER PRIMARY KEY REFERENCES record(id),
                   person INTEGER NOT NULL REFERENCES person(id), batch INTEGER NOT NULL) STRICT;
CREATE TABLE review(id INTEGER PRIMARY KEY, record INTEGER NOT NULL REFERENCES record(id),
                    reason INTEGER NOT NULL, batch INTEGER NOT NULL,
                    state INTEGER NOT NULL CHECK(state IN (1, 2))) STRICT;
CREATE UNIQUE INDEX review_one_open ON review(record) WHERE state = 1;
CREATE TABLE review_person(review INTEGER NOT NULL REFERENCES review(id),
                           person INTEGER NOT NULL REFERENCES person(id), decinats INTEGER NOT NULL,
                           PRIMARY KEY(review, person)) STRICT, WITHOUT ROWID;
CREATE TABLE different(a INTEGER NOT NULL REFERENCES record(id), b INTEGER NOT NULL REFERENCES record(id),
                       PRIMARY KEY(a, b), CHECK(a < b)) STRICT, WITHOUT ROWID;
CREATE TABLE alarm(batch INTEGER NOT NULL, record INTEGER NOT NULL REFERENCES record(id),
                   rule TEXT NOT NULL) STRICT;
CREATE TRIGGER state_id_no_delete BEFORE DELETE ON state_id
BEGIN SELECT RAISE(ABORT, 'a state ID is never deleted'); END;
CREATE TRIGGER state_id_fixed BEFORE UPDATE ON state_id
WHEN NEW.id <> OLD.id OR NEW.space <> OLD.space OR NEW.person <> OLD.person
BEGIN SELECT RAISE(ABORT, 'a state ID belongs to one person for ever'); END;
CREATE TRIGGER state_id_permanent BEFORE UPDATE ON state_id WHEN NEW.state = 2 AND OLD.state <> 2
BEGIN SELECT RAISE(ABORT, 'a permanent state ID never becomes provisional'); END;
CREATE TRIGGER state_id_survivor BEFORE UPDATE ON state_id
WHEN NEW.survivor IS NOT NULL AND NOT EXISTS
  (SELECT 1 FROM state_id WHERE id = NEW.survivor AND space = NEW.space)
BEGIN SELECT RAISE(ABORT, 'a survivor is an ID of the same space'); END;
CREATE TRIGGER state_id_space BEFORE INSERT ON state_id
WHEN NEW.space IS NOT (SELECT space FROM person WHERE id = NEW.person)
BEGIN SELECT RAISE(ABORT, 'an ID is of the space of its person'); END;
CREATE TRIGGER person_fixed BEFORE UPDATE ON person
BEGIN SELECT RAISE(ABORT, 'a person never changes space or number'); END;
CREATE TRIGGER record_fixed BEFORE UPDATE ON record
WHEN NEW.id <> OLD.id OR NEW.owner <> OLD.owner OR NEW.population <> OLD.population OR NEW.key <> OLD.key
BEGIN SELECT RAISE(ABORT, 'a record never changes owner or key'); END;
CREATE TRIGGER record_no_delete BEFORE DELETE ON record
BEGIN SELECT RAISE(ABORT, 'a record is never deleted'); END;
)sql";
}

std::string_view working_ddl() {
  return R"sql(
CREATE TABLE meta(id INTEGER PRIMARY KEY CHECK(id = 1), registry BLOB NOT NULL, schema TEXT NOT NULL,
                  digest BLOB NOT NULL, protection INTEGER NOT NULL, key_check BLOB, batch INTEGER NOT NULL) STRICT;
CREATE TABLE payload(record INTEGER PRIMARY KEY, versions BLOB NOT NULL, stored INTEGER NOT NULL,
                     seen INTEGER NOT NULL) STRICT;
CREATE TABLE handle_block(id INTEGER PRIMARY KEY, generation INTEGER NOT NULL, rows INTEGER NOT NULL,
                          first BLOB NOT NULL, last BLOB NOT NULL, body BLOB NOT NULL) STRICT;
)sql";
}

Result<Tables> Tables::open(Database& db) {
  Tables t;
  TESSERA_TRY(t.owner_, db.prepare("INSERT INTO owner(id, name) VALUES(?1, ?2)"));
  TESSERA_TRY(t.submission_,
              db.prepare("INSERT INTO submission(batch, owner, population, file, records) "
                         "VALUES(?1, ?2, ?3, ?4, ?5)"));
  TESSERA_TRY(t.person_, db.prepare("INSERT INTO person(id, space) VALUES(?1, ?2)"));
  TESSERA_TRY(t.state_id_,
              db.prepare("INSERT INTO state_id(id, space, person, state) VALUES(?1, ?2, ?3, ?4)"));
  TESSERA_TRY(t.record_,
              db.prepare("INSERT INTO record(id, owner, population, key, person, ssn, batch) "
                         "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"));
  TESSERA_TRY(t.attach_, db.prepare("UPDATE record SET person = ?2 WHERE id = ?1"));
  TESSERA_TRY(t.ssn_, db.prepare("UPDATE record SET ssn = ?2 WHERE id = ?1"));
  TESSERA_TRY(t.claim_, db.prepare("INSERT INTO claim(record, person, batch) VALUES(?1, ?2, ?3)"));
  TESSERA_TRY(
      t.review_,
      db.prepare("INSERT INTO review(id, record, reason, batch, state) VALUES(?1, ?2, ?3, ?4, 1)"));
  TESSERA_TRY(t.suspect_,
              db.prepare("INSERT INTO review_person(review, person, decinats) VALUES(?1, ?2, ?3)"));
  TESSERA_TRY(t.settle_, db.prepare("UPDATE review SET state = 2 WHERE id = ?1"));
  TESSERA_TRY(t.different_, db.prepare("INSERT OR IGNORE INTO different(a, b) VALUES(?1, ?2)"));
  TESSERA_TRY(t.alarm_, db.prepare("INSERT INTO alarm(batch, record, rule) VALUES(?1, ?2, ?3)"));
  return t;
}

namespace {
std::int64_t number(std::uint64_t value) { return static_cast<std::int64_t>(value); }
}  // namespace

Result<void> Tables::apply(const Happening& happening) {
  return std::visit([this](const auto& e) { return apply(e); }, happening);
}

Result<void> Tables::apply(const Created&) { return {}; }  // meta holds the same; verify compares

Result<void> Tables::apply(const OwnerNamed& e) {
  return owner_.bind(1, e.owner).bind(2, e.name).run();
}

Result<void> Tables::apply(const Submitted& e) {
  submission_.bind(1, e.batch).bind(2, e.owner).bind(3, static_cast<std::int64_t>(e.population));
  return submission_.bind(4, ByteView(e.file)).bind(5, e.records).run();
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

Result<void> Tables::apply(const Alarmed& e) {
  return alarm_.bind(1, e.batch).bind(2, number(e.record)).bind(3, e.rule).run();
}

}  // namespace tessera::registry
