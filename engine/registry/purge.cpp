// The purge: every byte that comes from an SSN leaves registry and entry store.
#include <algorithm>

#include "engine/registry/collection.h"
#include "engine/registry/events.h"
#include "engine/registry/payload.h"
#include "engine/registry/registry_state.h"
#include "engine/registry/tables.h"
#include "engine/schema/ssn_pass.h"

namespace tessera::registry {

using ledger::Statement;

// Works on an open registry; made for a single run.
class Purger {
 public:
  Purger(Registry::State& state, Random& random, Progress& progress)
      : s_(state), random_(random), progress_(progress) {}
  Result<PurgeCount> run();

 private:
  Result<void> read_remaining();
  Result<void> replace_payloads();
  Result<void> replace_versions(Statement& set, std::int64_t record, ByteView versions,
                                const Checksum& now);

  Registry::State& s_;
  Random& random_;
  Progress& progress_;
  PurgeCount count_;
  std::vector<encoded::Handle> handles_;  // that still name an entry; sorted
  std::vector<Checksum> digests_;         // by record
};

// What stays, once tokens and SSN passes have gone: its handles, and each record's digest of it.
Result<void> Purger::read_remaining() {
  TESSERA_TRY(const std::int64_t last, s_.db.integer("SELECT ifnull(max(id), 0) FROM record"));
  PayloadDigests digests(static_cast<std::size_t>(last) + 1);
  for (std::size_t p = 0; p < s_.entries->passes(); ++p) {
    const auto add = [&](const encoded::PassView& rows) -> Result<void> {
      handles_.insert(handles_.end(), rows.handles.begin(), rows.handles.end());
      TESSERA_TRY(const auto records, s_.handles->records_of(rows.handles));
      std::vector<std::uint32_t> of;
      for (const RecordId r : records) of.push_back(static_cast<std::uint32_t>(r));
      digests.add_pass(static_cast<std::uint8_t>(p), rows, of);
      return {};
    };
    TESSERA_CHECK(s_.entries->each_live(p, add));
  }
  std::sort(handles_.begin(), handles_.end());
  digests_ = digests.finish();
  return {};
}

// The current payload's digest is made again from its entries. Older ones cannot be, so random
// bytes stand in for them: how many payloads a record has had still counts.
Result<void> Purger::replace_versions(Statement& set, std::int64_t record, ByteView versions,
                                      const Checksum& now) {
  Bytes fresh(versions.size());
  random_.fill(fresh);
  if (fresh.size() >= now.size()) std::copy(now.begin(), now.end(), fresh.end() - now.size());
  count_.payloads += fresh.size() / now.size();
  return set.bind(1, record).bind(2, ByteView(fresh)).run();
}

Result<void> Purger::replace_payloads() {
  TESSERA_TRY(Statement all, s_.db.prepare("SELECT record, versions FROM payload ORDER BY record"));
  TESSERA_TRY(Statement set, s_.db.prepare("UPDATE payload SET versions = ?2 WHERE record = ?1"));
  std::vector<std::pair<std::int64_t, Bytes>> rows;
  for (;;) {
    TESSERA_TRY(const bool row, all.step());
    if (!row) break;
    rows.emplace_back(all.integer(0), Bytes(all.blob(1).begin(), all.blob(1).end()));
  }
  progress_.begin("replacing payload digests", rows.size(), "records");
  for (const auto& [record, versions] : rows) {
    TESSERA_CHECK(
        replace_versions(set, record, versions, digests_[static_cast<std::size_t>(record)]));
    progress_.advance(1);
  }
  return {};
}

Result<PurgeCount> Purger::run() {
  // Entries first: a crash after them leaves states that still say "provided", and a second run.
  std::vector<std::size_t> passes;
  for (std::size_t p = 0; p < s_.entries->passes(); ++p)
    if (schema::keyed_by_ssn(s_.schema, p)) passes.push_back(p);
  TESSERA_TRY(const auto taken, s_.entries->purge_ssn(passes));
  count_.tokens = taken.tokens;
  count_.entries = taken.entries;
  TESSERA_CHECK(read_remaining());
  TESSERA_CHECK(replace_payloads());
  TESSERA_CHECK(s_.handles->merge([this](const HandleRow& r) {
    return std::binary_search(handles_.begin(), handles_.end(), r.handle);
  }));
  TESSERA_TRY(count_.records, s_.db.integer("SELECT count(*) FROM record WHERE ssn = 1"));
  TESSERA_TRY(count_.head,
              s_.happen(SsnPurged{count_.records, static_cast<std::int64_t>(count_.tokens),
                                  static_cast<std::int64_t>(count_.entries)}));
  progress_.begin("rewriting both files", 2, "files");
  TESSERA_CHECK(s_.entries->rewrite());
  progress_.advance(1);
  TESSERA_CHECK(s_.db.exec("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)"));
  TESSERA_TRY(const std::int64_t left, s_.db.integer("PRAGMA wal_checkpoint(TRUNCATE)"));
  if (left != 0)
    return Error{
        ErrorCode::conflict,
        "another process reads the registry, so its log could not be emptied: the purge is "
        "done but not finished; end that process and purge again",
        s_.db.path()};
  progress_.advance(1);
  return count_;
}

Result<PurgeCount> purge_ssn(Registry& registry, Random& random, Progress& progress) {
  Registry::State& s = *registry.state_;
  if (s.access != Access::write || !s.transaction)
    return Error{ErrorCode::usage, "a purge needs a registry opened for writing", registry.path()};
  return Purger(s, random, progress).run();
}

}  // namespace tessera::registry
