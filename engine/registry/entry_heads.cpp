// Which moment of its registry an entry store is of, so that copies of two moments are told apart.
#include <algorithm>

#include <fmt/format.h>

#include "engine/registry/entry_store_state.h"

namespace tessera::registry {

using ledger::Head;
using ledger::Statement;

namespace {

Result<std::vector<Head>> heads_of(ledger::Database& db) {
  TESSERA_TRY(Statement s, db.prepare("SELECT seq, hash FROM head ORDER BY seq"));
  std::vector<Head> out;
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) break;
    out.push_back({s.integer(0), {}});
    if (!copy_whole(s.blob(1), out.back().hash))
      return Error{ErrorCode::format, "its list of heads is damaged; restore from a backup",
                   db.path()};
  }
  if (out.empty())
    return Error{ErrorCode::format, "its list of heads is empty; restore from a backup", db.path()};
  return out;
}

Error of_two_moments(const std::vector<Head>& heads, const Head& now, const std::string& registry,
                     const std::string& entries) {
  const char* which = "the two went on apart from one copy";
  if (heads.back().seq < now.seq) which = "the entry store is an older copy";
  if (heads.front().seq > now.seq) which = "the registry is an older copy";
  return {ErrorCode::conflict,
          fmt::format("goes with event {} of {}, which has come to event {}: {}; restore both "
                      "files from one backup",
                      heads.back().seq, registry, now.seq, which),
          entries};
}

}  // namespace

Result<void> add_head(ledger::Database& entries, const Head& head) {
  TESSERA_TRY(Statement s,
              entries.prepare("INSERT OR REPLACE INTO head(seq, hash) VALUES(?1, ?2)"));
  return s.bind(1, head.seq).bind(2, ByteView(head.hash)).run();
}

Result<void> EntryStore::State::check_moment(const Head& now, const std::string& registry) {
  TESSERA_TRY(const std::vector<Head> heads, heads_of(db));
  if (std::ranges::find(heads, now) == heads.end())
    return of_two_moments(heads, now, registry, db.path());
  return {};
}

Result<Head> EntryStore::newest_head() const {
  TESSERA_TRY(const std::vector<Head> heads, heads_of(state_->db));
  return heads.back();
}

Result<void> EntryStore::announce(const Head& next) { return add_head(state_->db, next); }

Result<void> EntryStore::settle(const Head& now) {
  TESSERA_TRY(Statement s, state_->db.prepare("DELETE FROM head WHERE seq < ?1"));
  return s.bind(1, now.seq).run();
}

}  // namespace tessera::registry
