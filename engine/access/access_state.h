// What an open access log holds; only the sources of AccessLog include this.
#pragma once

#include <functional>

#include "engine/access/access_log.h"
#include "engine/ledger/event_log.h"

namespace tessera::access {

struct AccessLog::State {
  explicit State(ledger::Database database, SigningKey signer, Random& source)
      : db(std::move(database)), key(std::move(signer)), random(source) {}
  ledger::Database db;
  SigningKey key;
  Random& random;
  Name name{};
  Levels levels;

  Bytes chain() const;
  Result<void> read_meta();
  Result<void> read_levels();
  // One event in a transaction of its own: applied to the tables, chained, signed, committed.
  // `also` works on the working tables in the same transaction.
  Result<void> happen(std::string_view type, json::Object body, Time now,
                      const std::function<Result<void>()>& also = {});
  // The same inside a transaction that the caller begins and hands to commit().
  Result<void> append(ledger::EventLog& log, std::string_view type, json::Object body, Time now);
  Result<void> commit(ledger::Transaction& transaction, const ledger::EventLog& log);
};

std::string access_ddl();  // all tables of R.db.access
std::string replay_ddl();  // those that the events make
// Makes the rows that an event stands for; the same for a change and for a replay.
Result<void> apply_event(ledger::Database& db, std::string_view type, std::string_view body);

}  // namespace tessera::access
