// The append-only, hash-chained table of events: what happened, in order, and proof of the order.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "engine/core/digest.h"
#include "engine/core/progress.h"
#include "engine/core/result.h"
#include "engine/ledger/database.h"

namespace tessera::ledger {

// The end of a chain: its last event. seq 0 and a zero hash where there is none yet. Whoever keeps
// a head elsewhere (every receipt does) can tell later that the chain still contains it.
struct Head {
  std::int64_t seq = 0;
  Sha256 hash{};
  bool operator==(const Head&) const = default;
};

// SQL that makes the table and its guards: no UPDATE, no DELETE, and an INSERT only of the event
// that follows the last (seq + 1, prev = its hash). The guards bind programs; the chain finds the
// rest. Table signed_head beside it holds what signed_head.h keeps.
std::string event_ddl();
std::string_view signed_head_ddl();

// SHA-256 over the label "tessera event v1", seq (u64 LE), and the length-prefixed (u64 LE) type,
// prev and body.
Sha256 event_hash(std::int64_t seq, std::string_view type, const Sha256& prev,
                  std::string_view body);

// Appends to the table of one database. Keeps the head in memory between appends, so it must be
// made inside the write transaction it serves, and dropped with it. Not thread safe.
class EventLog {
 public:
  static Result<EventLog> open(Database& database);
  // `type` is a word, `body` canonical JSON. REQUIRES: a write transaction.
  Result<void> append(std::string_view type, std::string_view body);
  const Head& head() const { return head_; }

 private:
  EventLog() = default;
  Statement insert_;
  Head head_;
  Bytes buffer_;
};

Result<Head> read_head(Database& database);

// One event as it is read back; views live until the next one.
struct Event {
  std::int64_t seq = 0;
  std::string_view type;
  std::string_view body;
};
// Recomputes the chain from the first event on and hands each event to `each`, which may be empty.
// Error `format` that names the first event out of chain. Gives the head reached.
Result<Head> verify_chain(Database& database, Progress& progress,
                          const std::function<Result<void>(const Event&)>& each);
// The events newest first, until `each` gives false. Recomputes nothing: what verify_chain is for.
Result<void> each_event_back(Database& database,
                             const std::function<Result<bool>(const Event&)>& each);

}  // namespace tessera::ledger
