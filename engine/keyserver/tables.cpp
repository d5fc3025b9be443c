// One table for each kind of thing; the log is the ledger's.
#include "engine/keyserver/tables.h"

#include <string>

#include "engine/ledger/event_log.h"

namespace tessera::keyserver {

std::string_view ddl() {
  static const std::string kDdl = std::string(R"(
CREATE TABLE meta(id INTEGER PRIMARY KEY CHECK(id = 1), name TEXT NOT NULL) STRICT;
CREATE TABLE epoch(name TEXT PRIMARY KEY, seed BLOB, at INTEGER NOT NULL,
                   CHECK(seed IS NULL OR length(seed) >= 32)) STRICT;
CREATE TABLE epoch_key(epoch TEXT NOT NULL REFERENCES epoch(name), number INTEGER NOT NULL,
                       name TEXT NOT NULL, public BLOB NOT NULL CHECK(length(public) = 32),
                       PRIMARY KEY(epoch, name)) STRICT;
CREATE TABLE owner(name TEXT PRIMARY KEY, public BLOB NOT NULL CHECK(length(public) = 32),
                   revoked INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE quota(owner TEXT NOT NULL REFERENCES owner(name), epoch TEXT NOT NULL,
                   name TEXT NOT NULL, most INTEGER NOT NULL,
                   used INTEGER NOT NULL DEFAULT 0 CHECK(used >= 0 AND used <= most),
                   burst INTEGER NOT NULL, level INTEGER NOT NULL CHECK(level >= 0),
                   level_at INTEGER NOT NULL, PRIMARY KEY(owner, epoch, name),
                   FOREIGN KEY(epoch, name) REFERENCES epoch_key(epoch, name)) STRICT;
CREATE TABLE batch(digest BLOB NOT NULL, owner TEXT NOT NULL, PRIMARY KEY(digest, owner))
    STRICT, WITHOUT ROWID;
)") + std::string(ledger::event_ddl());
  return kDdl;
}

ledger::Database::Options options(ledger::Database::Mode mode) {
  return {.mode = mode, .application_id = kApplication, .version = kVersion, .cache_mib = 8};
}

}  // namespace tessera::keyserver
