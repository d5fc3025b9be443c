#include "engine/ledger/event_log.h"

#include <algorithm>

#include <fmt/format.h>

namespace tessera::ledger {
namespace {

constexpr std::string_view kEventLabel = "tessera event v1";

void append_sized(Bytes& out, ByteView bytes) {
  append_le<std::uint64_t>(out, bytes.size());
  out.insert(out.end(), bytes.begin(), bytes.end());
}

Sha256 hash_into(Bytes& buffer, std::int64_t seq, std::string_view type, const Sha256& prev,
                 std::string_view body) {
  buffer.assign(as_bytes(kEventLabel).begin(), as_bytes(kEventLabel).end());
  append_le<std::uint64_t>(buffer, static_cast<std::uint64_t>(seq));
  append_sized(buffer, as_bytes(type));
  append_sized(buffer, prev);
  append_sized(buffer, as_bytes(body));
  return sha256(buffer);
}

bool equal(ByteView stored, const Sha256& hash) {
  return std::equal(stored.begin(), stored.end(), hash.begin(), hash.end());
}

}  // namespace

std::string_view signed_head_ddl() {
  return R"sql(
CREATE TABLE signed_head(seq INTEGER PRIMARY KEY REFERENCES event(seq),
                         signature BLOB NOT NULL CHECK(length(signature) = 64)) STRICT;
CREATE TRIGGER signed_head_no_update BEFORE UPDATE ON signed_head
BEGIN SELECT RAISE(ABORT, 'signed heads are never changed'); END;
CREATE TRIGGER signed_head_no_delete BEFORE DELETE ON signed_head
BEGIN SELECT RAISE(ABORT, 'signed heads are never deleted'); END;
)sql";
}

std::string event_ddl() {
  return std::string(R"sql(
CREATE TABLE event(seq INTEGER PRIMARY KEY, type TEXT NOT NULL, body TEXT NOT NULL,
                   prev BLOB NOT NULL, hash BLOB NOT NULL) STRICT;
CREATE TRIGGER event_no_update BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER event_no_delete BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
CREATE TRIGGER event_in_chain BEFORE INSERT ON event
WHEN length(NEW.hash) <> 32
  OR NOT (NEW.seq = 1 AND NEW.prev = zeroblob(32) AND NOT EXISTS (SELECT 1 FROM event))
 AND NOT EXISTS (SELECT 1 FROM event WHERE seq = NEW.seq - 1 AND hash = NEW.prev
                 AND seq = (SELECT max(seq) FROM event))
BEGIN SELECT RAISE(ABORT, 'an event must follow the last one'); END;
)sql") + std::string(signed_head_ddl());
}

Sha256 event_hash(std::int64_t seq, std::string_view type, const Sha256& prev,
                  std::string_view body) {
  Bytes buffer;
  return hash_into(buffer, seq, type, prev, body);
}

Result<Head> read_head(Database& database) {
  TESSERA_TRY(Statement s,
              database.prepare("SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1"));
  TESSERA_TRY(const bool row, s.step());
  Head head;
  if (!row) return head;
  head.seq = s.integer(0);
  const ByteView hash = s.blob(1);
  if (hash.size() != head.hash.size())
    return Error{ErrorCode::format, "the last event has no hash of 32 bytes", database.path()};
  std::copy(hash.begin(), hash.end(), head.hash.begin());
  return head;
}

Result<EventLog> EventLog::open(Database& database) {
  EventLog log;
  TESSERA_TRY(log.head_, read_head(database));
  TESSERA_TRY(log.insert_, database.prepare("INSERT INTO event(seq, type, body, prev, hash) "
                                            "VALUES(?1, ?2, ?3, ?4, ?5)"));
  return log;
}

Result<void> EventLog::append(std::string_view type, std::string_view body) {
  const std::int64_t seq = head_.seq + 1;
  const Sha256 hash = hash_into(buffer_, seq, type, head_.hash, body);
  insert_.bind(1, seq)
      .bind(2, type)
      .bind(3, body)
      .bind(4, ByteView(head_.hash))
      .bind(5, ByteView(hash));
  TESSERA_CHECK(insert_.run());
  head_ = {seq, hash};
  return {};
}

Result<Head> verify_chain(Database& database, Progress& progress,
                          const std::function<Result<void>(const Event&)>& each) {
  TESSERA_TRY(const Head end, read_head(database));
  progress.begin("checking events", static_cast<std::uint64_t>(end.seq), "events");
  TESSERA_TRY(Statement s,
              database.prepare("SELECT seq, type, body, prev, hash FROM event ORDER BY seq"));
  Head head;
  Bytes buffer;
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) break;
    const Event event{s.integer(0), s.text(1), s.text(2)};
    const Sha256 hash = hash_into(buffer, event.seq, event.type, head.hash, event.body);
    if (event.seq != head.seq + 1 || !equal(s.blob(3), head.hash) || !equal(s.blob(4), hash))
      return Error{
          ErrorCode::format,
          fmt::format("event {} does not follow from the one before: the chain was changed there",
                      head.seq + 1),
          database.path()};
    if (each) TESSERA_CHECK(each(event));
    head = {event.seq, hash};
    progress.advance(1);
  }
  return head;
}

Result<void> each_event_back(Database& database,
                             const std::function<Result<bool>(const Event&)>& each) {
  TESSERA_TRY(Statement s, database.prepare("SELECT seq, type, body FROM event ORDER BY seq DESC"));
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return {};
    TESSERA_TRY(const bool more, each({s.integer(0), s.text(1), s.text(2)}));
    if (!more) return {};
  }
}

}  // namespace tessera::ledger
