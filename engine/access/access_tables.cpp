// The tables of the access log, and what each event makes of them.
#include <fmt/format.h>

#include "engine/access/access_state.h"
#include "engine/ledger/json_event.h"

namespace tessera::access {
namespace {

using ledger::Database;
using ledger::integer_of;
using ledger::Statement;
using ledger::text_of;

Result<void> apply_account(Database& db, const json::Value& body) {
  TESSERA_TRY(Statement s, db.prepare("INSERT INTO account(name, holder, made, until, closed) "
                                      "VALUES(?1, ?2, ?3, ?4, 0)"));
  const std::string name = text_of(body, "account");
  const std::string holder = text_of(body, "holder");
  return s.bind(1, name)
      .bind(2, holder)
      .bind(3, integer_of(body, "at"))
      .bind(4, integer_of(body, "until"))
      .run();
}

Result<void> apply_renew(Database& db, const json::Value& body) {
  TESSERA_TRY(Statement s, db.prepare("UPDATE account SET until = ?2 WHERE name = ?1"));
  const std::string name = text_of(body, "account");
  return s.bind(1, name).bind(2, integer_of(body, "until")).run();
}

Result<void> apply_close(Database& db, const json::Value& body) {
  TESSERA_TRY(Statement s,
              db.prepare("UPDATE account SET closed = ?2 WHERE name = ?1 AND closed = 0"));
  const std::string name = text_of(body, "account");
  return s.bind(1, name).bind(2, integer_of(body, "at")).run();
}

Result<void> apply_grant(Database& db, const json::Value& body) {
  TESSERA_TRY(Statement s,
              db.prepare("INSERT INTO grants(id, account, level, set_name, owner, people, records, "
                         "administrator, path, form, approver, made, until, revoked, revoked_by, "
                         "reason) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, "
                         "0, '', '')"));
  const std::string texts[] = {text_of(body, "account"), text_of(body, "set"),
                               text_of(body, "owner"),   text_of(body, "records"),
                               text_of(body, "form"),    text_of(body, "by")};
  s.bind(1, integer_of(body, "grant")).bind(2, texts[0]).bind(3, integer_of(body, "level"));
  s.bind(4, texts[1]).bind(5, texts[2]).bind(6, integer_of(body, "people")).bind(7, texts[3]);
  s.bind(8, integer_of(body, "administrator")).bind(9, integer_of(body, "path"));
  s.bind(10, texts[4]).bind(11, texts[5]).bind(12, integer_of(body, "at"));
  return s.bind(13, integer_of(body, "until")).run();
}

Result<void> apply_revoke(Database& db, const json::Value& body) {
  TESSERA_TRY(Statement s,
              db.prepare("UPDATE grants SET revoked = ?2, revoked_by = ?3, reason = ?4 "
                         "WHERE id = ?1 AND revoked = 0"));
  const std::string by = text_of(body, "by");
  const std::string reason = text_of(body, "reason");
  return s.bind(1, integer_of(body, "grant"))
      .bind(2, integer_of(body, "at"))
      .bind(3, by)
      .bind(4, reason)
      .run();
}

Result<void> apply_levels(Database& db, const json::Value& body) {
  TESSERA_TRY(Statement s,
              db.prepare("INSERT INTO levels(version, made, text) VALUES(?1, ?2, ?3)"));
  const std::string text = text_of(body, "text");
  return s.bind(1, integer_of(body, "version")).bind(2, integer_of(body, "at")).bind(3, text).run();
}

}  // namespace

std::string replay_ddl() {
  return R"sql(
CREATE TABLE account(name TEXT PRIMARY KEY, holder TEXT NOT NULL, made INTEGER NOT NULL,
                     until INTEGER NOT NULL, closed INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE grants(id INTEGER PRIMARY KEY, account TEXT NOT NULL REFERENCES account(name),
                    level INTEGER NOT NULL CHECK(level BETWEEN 1 AND 4), set_name TEXT NOT NULL,
                    owner TEXT NOT NULL, people INTEGER NOT NULL, records TEXT NOT NULL,
                    administrator INTEGER NOT NULL, path INTEGER NOT NULL CHECK(path IN (1, 2)),
                    form TEXT NOT NULL CHECK(path = 2 OR form <> ''),
                    approver TEXT NOT NULL CHECK(approver <> ''), made INTEGER NOT NULL,
                    until INTEGER NOT NULL, revoked INTEGER NOT NULL, revoked_by TEXT NOT NULL,
                    reason TEXT NOT NULL) STRICT;
CREATE INDEX grants_account ON grants(account);
CREATE TABLE levels(version INTEGER PRIMARY KEY, made INTEGER NOT NULL, text TEXT NOT NULL) STRICT;
CREATE TRIGGER account_no_delete BEFORE DELETE ON account
BEGIN SELECT RAISE(ABORT, 'an account is closed, never deleted'); END;
CREATE TRIGGER grants_no_delete BEFORE DELETE ON grants
BEGIN SELECT RAISE(ABORT, 'a grant is revoked, never deleted'); END;
)sql";
}

std::string access_ddl() {
  return std::string(ledger::event_ddl()) + replay_ddl() + R"sql(
CREATE TABLE meta(id INTEGER PRIMARY KEY CHECK(id = 1), name BLOB NOT NULL, registry BLOB NOT NULL) STRICT;
CREATE TABLE secret(account TEXT PRIMARY KEY REFERENCES account(name), hash TEXT NOT NULL,
                    initial INTEGER NOT NULL, made INTEGER NOT NULL, failures INTEGER NOT NULL,
                    locked_until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE session(token BLOB PRIMARY KEY, account TEXT NOT NULL REFERENCES account(name),
                     made INTEGER NOT NULL, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
)sql";
}

Result<void> apply_event(Database& db, std::string_view type, std::string_view body) {
  TESSERA_TRY(const json::Value value, json::parse(body, "event"));
  if (type == "account") return apply_account(db, value);
  if (type == "renew") return apply_renew(db, value);
  if (type == "close") return apply_close(db, value);
  if (type == "grant") return apply_grant(db, value);
  if (type == "revoke") return apply_revoke(db, value);
  if (type == "levels") return apply_levels(db, value);
  return {};  // the others tell what was asked, and make no row
}

}  // namespace tessera::access
