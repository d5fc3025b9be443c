// The SQL of every table of R.db, with the constraints that hold the three invariants.
#include <fmt/format.h>

#include "engine/registry/tables.h"

namespace tessera::registry {
namespace {

// Working tables of format 2 that format 1 had not.
constexpr std::string_view kAddedBy2 = R"sql(
CREATE TABLE many_names(record INTEGER PRIMARY KEY) STRICT;
CREATE TABLE pass_share(pass INTEGER PRIMARY KEY, share INTEGER NOT NULL CHECK(share BETWEEN 0 AND 1000000000000)) STRICT;
)sql";

// Working tables as format 3 has them: what is kept of entries is kept by epoch.
constexpr std::string_view kByEpoch = R"sql(
CREATE TABLE meta(id INTEGER PRIMARY KEY CHECK(id = 1), registry BLOB NOT NULL, protection INTEGER NOT NULL,
                  batch INTEGER NOT NULL) STRICT;
CREATE TABLE payload(record INTEGER NOT NULL, epoch INTEGER NOT NULL, versions BLOB NOT NULL, stored INTEGER NOT NULL,
                     seen INTEGER NOT NULL, PRIMARY KEY(record, epoch)) STRICT, WITHOUT ROWID;
)sql";

// Working tables as format 4 has them: with checksums.
constexpr std::string_view kSummed = R"sql(
CREATE TABLE encoding(epoch INTEGER PRIMARY KEY, schema TEXT NOT NULL, key_check BLOB,
                      first_pass INTEGER NOT NULL, blocks BLOB NOT NULL, shares BLOB NOT NULL) STRICT;
CREATE TABLE handle_block(id INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, generation INTEGER NOT NULL,
                          rows INTEGER NOT NULL, first BLOB NOT NULL, last BLOB NOT NULL, body BLOB NOT NULL,
                          sum BLOB NOT NULL) STRICT;
)sql";

// What formats 1 and 2 kept of entries was all of one epoch. The sums are made later.
constexpr std::string_view kMoveToEpoch1 = R"sql(
INSERT INTO meta SELECT id, registry, protection, batch FROM old_meta;
INSERT INTO encoding SELECT 1, schema, key_check, 0, x'', x'' FROM old_meta;
INSERT INTO payload SELECT record, 1, versions, stored, seen FROM old_payload;
INSERT INTO handle_block SELECT id, 1, generation, rows, first, last, body, x'' FROM old_handle_block;
DROP TABLE old_meta; DROP TABLE old_payload; DROP TABLE old_handle_block;
)sql";

constexpr std::string_view kMoveToSums = R"sql(
INSERT INTO encoding SELECT epoch, schema, key_check, first_pass, x'', x'' FROM old_encoding;
INSERT INTO handle_block SELECT id, epoch, generation, rows, first, last, body, x'' FROM old_handle_block;
DROP TABLE old_encoding; DROP TABLE old_handle_block;
)sql";

std::string renamed(std::initializer_list<std::string_view> tables) {
  std::string sql;
  for (const std::string_view table : tables)
    sql += fmt::format("ALTER TABLE {0} RENAME TO old_{0};", table);
  return sql;
}

}  // namespace

std::string_view ledger_ddl() {
  return R"sql(
CREATE TABLE epoch(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, digest BLOB NOT NULL UNIQUE,
                   ended INTEGER NOT NULL CHECK(ended >= 0)) STRICT;
CREATE TABLE owner(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE submission(batch INTEGER NOT NULL, owner INTEGER NOT NULL REFERENCES owner(id),
                        population INTEGER NOT NULL, file BLOB NOT NULL, records INTEGER NOT NULL,
                        day TEXT, epoch INTEGER NOT NULL REFERENCES epoch(id)) STRICT;
CREATE TABLE person(id INTEGER PRIMARY KEY, space INTEGER NOT NULL CHECK(space IN (1, 2))) STRICT;
CREATE TABLE state_id(id INTEGER PRIMARY KEY CHECK(id BETWEEN 1000000000 AND 9999999999),
                      space INTEGER NOT NULL, person INTEGER NOT NULL REFERENCES person(id),
                      state INTEGER NOT NULL CHECK(state IN (1, 2, 3, 4)),
                      survivor INTEGER REFERENCES state_id(id),
                      CHECK(survivor IS NULL OR (state = 3 AND survivor <> id))) STRICT;
CREATE UNIQUE INDEX state_id_one_per_person ON state_id(person) WHERE state <> 3;
CREATE INDEX state_id_survivor ON state_id(survivor) WHERE survivor IS NOT NULL;
CREATE TABLE record(id INTEGER PRIMARY KEY, owner INTEGER NOT NULL REFERENCES owner(id),
                    population INTEGER NOT NULL, key BLOB NOT NULL CHECK(length(key) = 16),
                    person INTEGER REFERENCES person(id), ssn INTEGER NOT NULL,
                    batch INTEGER NOT NULL, UNIQUE(owner, population, key)) STRICT;
CREATE INDEX record_person ON record(person) WHERE person IS NOT NULL;
CREATE TABLE claim(record INTEGER PRIMARY KEY REFERENCES record(id),
                   person INTEGER NOT NULL REFERENCES person(id), batch INTEGER NOT NULL,
                   state INTEGER NOT NULL CHECK(state IN (1, 2))) STRICT;
CREATE INDEX claim_batch ON claim(batch);
CREATE TABLE review(id INTEGER PRIMARY KEY, record INTEGER NOT NULL REFERENCES record(id),
                    reason INTEGER NOT NULL, batch INTEGER NOT NULL,
                    state INTEGER NOT NULL CHECK(state IN (1, 2, 3))) STRICT;
CREATE UNIQUE INDEX review_one_open ON review(record) WHERE state = 1;
CREATE TABLE review_person(review INTEGER NOT NULL REFERENCES review(id),
                           person INTEGER NOT NULL REFERENCES person(id), decinats INTEGER NOT NULL,
                           PRIMARY KEY(review, person)) STRICT, WITHOUT ROWID;
CREATE TABLE ruling(id INTEGER PRIMARY KEY, review INTEGER NOT NULL REFERENCES review(id),
                    verdict INTEGER NOT NULL CHECK(verdict IN (1, 2, 3, 4)),
                    state_id INTEGER REFERENCES state_id(id), who TEXT NOT NULL, why TEXT NOT NULL) STRICT;
CREATE INDEX ruling_review ON ruling(review);
CREATE TABLE change(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL CHECK(kind IN (1, 2, 3, 4, 5)),
                    a INTEGER NOT NULL REFERENCES state_id(id), b INTEGER REFERENCES state_id(id),
                    who TEXT NOT NULL, why TEXT NOT NULL, undone INTEGER NOT NULL CHECK(undone IN (0, 1)),
                    undone_who TEXT, undone_why TEXT) STRICT;
CREATE INDEX change_a ON change(a);
CREATE INDEX change_b ON change(b) WHERE b IS NOT NULL;
CREATE TABLE change_record(change INTEGER NOT NULL REFERENCES change(id),
                           record INTEGER NOT NULL REFERENCES record(id),
                           PRIMARY KEY(change, record)) STRICT, WITHOUT ROWID;
CREATE TABLE linked(student INTEGER PRIMARY KEY REFERENCES state_id(id),
                    staff INTEGER NOT NULL UNIQUE REFERENCES state_id(id)) STRICT;
CREATE TABLE signer(key BLOB NOT NULL CHECK(length(key) = 32)) STRICT;
CREATE TABLE collection(seq INTEGER PRIMARY KEY, field TEXT NOT NULL, owner TEXT NOT NULL, day TEXT NOT NULL,
                        rule INTEGER NOT NULL CHECK(rule IN (1, 2, 3))) STRICT;
CREATE TABLE access_log(name BLOB PRIMARY KEY CHECK(length(name) = 16)) STRICT;
CREATE TABLE alias(system TEXT NOT NULL, alias TEXT NOT NULL, state_id INTEGER NOT NULL REFERENCES state_id(id),
                   PRIMARY KEY(system, alias)) STRICT, WITHOUT ROWID;
CREATE INDEX alias_state_id ON alias(state_id);
CREATE TABLE different(a INTEGER NOT NULL REFERENCES record(id), b INTEGER NOT NULL REFERENCES record(id),
                       PRIMARY KEY(a, b), CHECK(a < b)) STRICT, WITHOUT ROWID;
CREATE TABLE alarm(batch INTEGER NOT NULL, record INTEGER NOT NULL REFERENCES record(id),
                   rule TEXT NOT NULL) STRICT;
CREATE TRIGGER epoch_no_delete BEFORE DELETE ON epoch
BEGIN SELECT RAISE(ABORT, 'an epoch is ended, never deleted'); END;
CREATE TRIGGER epoch_fixed BEFORE UPDATE ON epoch
WHEN NEW.id <> OLD.id OR NEW.name <> OLD.name OR NEW.digest <> OLD.digest OR OLD.ended <> 0
BEGIN SELECT RAISE(ABORT, 'an epoch ends once, and nothing else of it changes'); END;
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
CREATE TRIGGER linked_spaces BEFORE INSERT ON linked
WHEN 1 IS NOT (SELECT space FROM state_id WHERE id = NEW.student)
  OR 2 IS NOT (SELECT space FROM state_id WHERE id = NEW.staff)
BEGIN SELECT RAISE(ABORT, 'a link joins a student ID and a staff ID'); END;
CREATE TRIGGER alias_fixed BEFORE UPDATE ON alias
BEGIN SELECT RAISE(ABORT, 'an alias is removed and added, never changed'); END;
CREATE TRIGGER change_no_delete BEFORE DELETE ON change
BEGIN SELECT RAISE(ABORT, 'a change is undone, never deleted'); END;
CREATE TRIGGER person_fixed BEFORE UPDATE ON person
BEGIN SELECT RAISE(ABORT, 'a person never changes space or number'); END;
CREATE TRIGGER record_fixed BEFORE UPDATE ON record
WHEN NEW.id <> OLD.id OR NEW.owner <> OLD.owner OR NEW.population <> OLD.population OR NEW.key <> OLD.key
BEGIN SELECT RAISE(ABORT, 'a record never changes owner or key'); END;
CREATE TRIGGER record_no_delete BEFORE DELETE ON record
BEGIN SELECT RAISE(ABORT, 'a record is never deleted'); END;
)sql";
}

std::string working_ddl() { return fmt::format("{}{}{}", kByEpoch, kSummed, kAddedBy2); }

std::string working_upgrade(std::uint32_t from) {
  if (from == 3)
    return fmt::format("{}{}{}", renamed({"encoding", "handle_block"}), kSummed, kMoveToSums);
  return fmt::format("{}{}{}{}{}", renamed({"meta", "payload", "handle_block"}), kByEpoch, kSummed,
                     kMoveToEpoch1, from == 1 ? kAddedBy2 : "");
}

}  // namespace tessera::registry
