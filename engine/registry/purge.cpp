// The purge: every byte that comes from an SSN leaves registry and entry store.
#include <algorithm>

#include "engine/encoded/payload.h"
#include "engine/registry/collection.h"
#include "engine/registry/events.h"
#include "engine/registry/registry_state.h"
#include "engine/registry/tables.h"
#include "engine/schema/ssn_pass.h"

namespace tessera::registry {

using ledger::Statement;

namespace {

// Handles are random, so each look-up reads every block of them: as few look-ups as memory allows.
constexpr std::size_t kRowsAtOnce = 1 << 20;

void append(const encoded::PassView& rows, encoded::PassColumns& out) {
  out.stride = rows.stride;
  out.tags.insert(out.tags.end(), rows.tags.begin(), rows.tags.end());
  out.handles.insert(out.handles.end(), rows.handles.begin(), rows.handles.end());
  out.presence.insert(out.presence.end(), rows.presence.begin(), rows.presence.end());
  out.bits.insert(out.bits.end(), rows.bits.begin(), rows.bits.end());
}

Bytes digest_bytes(const Checksum& sum) { return {sum.begin(), sum.end()}; }

// A registrar's newest version, of which nothing came from an SSN.
Bytes bare_version(const Bytes& versions, std::size_t size) {
  if (versions.size() < size) return {};
  const auto bare = versions.end() - sizeof(Checksum);
  Bytes out;
  while (out.size() < size) out.insert(out.end(), bare, versions.end());
  return out;
}

}  // namespace

// Works on an open registry; made for a single run.
class Purger {
 public:
  Purger(Registry::State& state, Random& random, Progress& progress)
      : s_(state), random_(random), progress_(progress) {}
  Result<PurgeCount> run();
  Result<PurgeCount> run(const PurgedElsewhere& elsewhere);

 private:
  Result<void> purge_epoch(const Epoch& epoch);
  Result<void> check_gone(const Epoch& epoch, const std::vector<encoded::Handle>& gone);
  Result<void> forget_handles(const Epoch& epoch, const std::vector<encoded::Handle>& gone);
  Result<PurgeCount> finish();
  Result<void> read_remaining(const Epoch& epoch);
  Result<void> replace_payloads(const Epoch& epoch);
  Result<void> replace_versions(Statement& set, std::int64_t record, ByteView versions,
                                ByteView now);

  Registry::State& s_;
  Random& random_;
  Progress& progress_;
  PurgeCount count_;
  std::vector<encoded::Handle> handles_;  // that still name an entry; sorted
  std::vector<Checksum> digests_;         // by record
};

// What stays, once tokens and SSN passes have gone: its handles, and each record's digest of it.
Result<void> Purger::read_remaining(const Epoch& epoch) {
  handles_.clear();
  TESSERA_TRY(const std::int64_t last, s_.db.integer("SELECT ifnull(max(id), 0) FROM record"));
  encoded::PayloadDigests digests(static_cast<std::size_t>(last) + 1);
  for (std::size_t p = 0; p < epoch.schema.passes.size(); ++p) {
    encoded::PassColumns held;
    const auto digest = [&]() -> Result<void> {
      handles_.insert(handles_.end(), held.handles.begin(), held.handles.end());
      TESSERA_TRY(const auto records, s_.handles_of(epoch).records_of(held.handles));
      const std::vector<std::uint32_t> of(records.begin(), records.end());
      digests.add_pass(static_cast<std::uint8_t>(p), held.view(), of);
      held = {};
      return {};
    };
    const auto hold = [&](const encoded::PassView& rows) -> Result<void> {
      append(rows, held);
      return held.handles.size() < kRowsAtOnce ? Result<void>{} : digest();
    };
    TESSERA_CHECK(s_.entries->each_live(epoch.first_pass + p, hold));
    TESSERA_CHECK(digest());
  }
  std::sort(handles_.begin(), handles_.end());
  digests_ = digests.finish();
  return {};
}

// The current payload's digest is made again from its entries. Older ones cannot be, so random
// bytes stand in for them: how many payloads a record has had still counts.
Result<void> Purger::replace_versions(Statement& set, std::int64_t record, ByteView versions,
                                      ByteView now) {
  Bytes fresh(versions.size());
  random_.fill(fresh);
  if (fresh.size() >= now.size())
    std::copy(now.begin(), now.end(), fresh.end() - static_cast<std::ptrdiff_t>(now.size()));
  if (!now.empty()) count_.payloads += fresh.size() / now.size();
  return set.bind(1, record).bind(2, ByteView(fresh)).run();
}

Result<void> Purger::replace_payloads(const Epoch& epoch) {
  TESSERA_TRY(Statement all, s_.db.prepare("SELECT record, versions FROM payload WHERE epoch = ?1 "
                                           "ORDER BY record"));
  TESSERA_TRY(Statement set, s_.db.prepare("UPDATE payload SET versions = ?2 WHERE record = ?1 AND "
                                           "epoch = ?3"));
  all.bind(1, epoch.number);
  set.bind(3, epoch.number);
  std::vector<std::pair<std::int64_t, Bytes>> rows;
  for (;;) {
    TESSERA_TRY(const bool row, all.step());
    if (!row) break;
    if (!digests_.empty() && static_cast<std::size_t>(all.integer(0)) >= digests_.size())
      return Error{ErrorCode::format, "a payload is of no record; restore from a backup",
                   s_.db.path()};
    rows.emplace_back(all.integer(0), Bytes(all.blob(1).begin(), all.blob(1).end()));
  }
  progress_.begin("replacing payload digests", rows.size(), "records");
  Bytes now;
  for (const auto& [record, versions] : rows) {
    now = digests_.empty() ? bare_version(versions, s_.version_bytes(epoch))
                           : digest_bytes(digests_[static_cast<std::size_t>(record)]);
    TESSERA_CHECK(replace_versions(set, record, versions, now));
    progress_.advance(1);
  }
  return {};
}

Result<void> Purger::purge_epoch(const Epoch& epoch) {
  TESSERA_CHECK(read_remaining(epoch));
  TESSERA_CHECK(replace_payloads(epoch));
  return s_.handles_of(epoch).merge([this](const HandleRow& r) {
    return std::binary_search(handles_.begin(), handles_.end(), r.handle);
  });
}

Result<PurgeCount> Purger::run() {
  TESSERA_CHECK(s_.require_whole_pages());
  // Entries first: a crash after them leaves states that still say "provided", and a second run.
  std::vector<std::size_t> passes;
  for (const Epoch& e : s_.epochs)
    for (std::size_t p = 0; p < e.schema.passes.size(); ++p)
      if (schema::keyed_by_ssn(e.schema, p)) passes.push_back(e.first_pass + p);
  TESSERA_TRY(const auto taken, s_.entries->purge_ssn(passes));
  count_.tokens = taken.tokens;
  count_.entries = taken.entries;
  for (const Epoch& e : s_.epochs)
    if (e.live()) TESSERA_CHECK(purge_epoch(e));
  return finish();
}

// A record cannot lose more than its entries on the SSN: a comparer that says so has lost others.
Result<void> Purger::check_gone(const Epoch& epoch, const std::vector<encoded::Handle>& gone) {
  TESSERA_TRY(std::vector<RecordId> records, s_.handles_of(epoch).records_of(gone));
  std::sort(records.begin(), records.end());
  const std::size_t most = schema::most_keyed_by_ssn(epoch.schema);
  for (std::size_t i = 0; i + most < records.size(); ++i)
    if (records[i] != 0 && records[i] == records[i + most])
      return Error{ErrorCode::conflict,
                   "the receipt names more entries of a record than passes on the SSN have: the "
                   "comparer's store has lost others; restore it and order anew",
                   s_.db.path()};
  return {};
}

Result<void> Purger::forget_handles(const Epoch& epoch, const std::vector<encoded::Handle>& gone) {
  TESSERA_TRY(const auto stored, batches_stored(s_.db, epoch.number));
  return s_.handles_of(epoch).merge([&](const HandleRow& r) {
    return stored[r.record] == r.batch && !std::binary_search(gone.begin(), gone.end(), r.handle);
  });
}

Result<PurgeCount> Purger::run(const PurgedElsewhere& elsewhere) {
  TESSERA_CHECK(s_.require_whole_pages());
  count_.tokens = elsewhere.tokens;
  count_.entries = elsewhere.entries;
  for (const Epoch& e : s_.epochs) {
    if (!e.live()) continue;
    TESSERA_CHECK(check_gone(e, elsewhere.gone));
    TESSERA_CHECK(replace_payloads(e));
    TESSERA_CHECK(forget_handles(e, elsewhere.gone));
  }
  return finish();
}

Result<PurgeCount> Purger::finish() {
  TESSERA_TRY(count_.records, s_.db.integer("SELECT count(*) FROM record WHERE ssn = 1"));
  TESSERA_TRY(count_.head,
              s_.happen(SsnPurged{count_.records, static_cast<std::int64_t>(count_.tokens),
                                  static_cast<std::int64_t>(count_.entries)}));
  TESSERA_CHECK(s_.rewrite(progress_));
  return count_;
}

Result<void> Registry::State::require_whole_pages() {
  TESSERA_CHECK(db.check_pages());
  return entries->check_pages();
}

Result<void> Registry::State::rewrite(Progress& progress) {
  progress.begin("rewriting both files", 2, "files");
  TESSERA_CHECK(entries->rewrite());
  progress.advance(1);
  TESSERA_CHECK(db.exec("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)"));
  TESSERA_TRY(const std::int64_t left, db.integer("PRAGMA wal_checkpoint(TRUNCATE)"));
  if (left != 0)
    return Error{
        ErrorCode::conflict,
        "another process reads the registry, so its log could not be emptied: the rows are "
        "gone but not yet every copy of them; end that process and run this again",
        db.path()};
  progress.advance(1);
  return {};
}

Result<PurgeCount> purge_ssn(Registry& registry, Random& random, Progress& progress) {
  Registry::State& s = *registry.state_;
  if (s.access != Access::write || !s.transaction)
    return Error{ErrorCode::usage, "a purge needs a registry opened for writing", registry.path()};
  TESSERA_CHECK(registry.require_entries());
  return Purger(s, random, progress).run();
}

Result<PurgeCount> forget_ssn(Registry& registry, const PurgedElsewhere& elsewhere, Random& random,
                              Progress& progress) {
  Registry::State& s = *registry.state_;
  if (s.access != Access::write || !s.transaction || !registry.split())
    return Error{ErrorCode::usage,
                 "a receipt is for a registrar's registry, which holds no entries",
                 registry.path()};
  return Purger(s, random, progress).run(elsewhere);
}

}  // namespace tessera::registry
