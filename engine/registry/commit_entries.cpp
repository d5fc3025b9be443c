// What a batch makes of stored entries: handles, payload digests, and those that it replaces.
#include <algorithm>

#include "engine/registry/committer.h"

namespace tessera::registry {

using ledger::Statement;

// Entries that a changed payload replaces stop counting with this batch.
Result<void> Committer::drop_old_entries() {
  std::map<std::int64_t, std::vector<RecordId>> changed;  // by epoch
  const auto note = [&](std::uint32_t i, std::uint32_t submission, Known::Payload state) {
    if (state != Known::Payload::changed || is_held(decisions_[i].reason)) return;
    changed[batch_.submissions[submission].epoch].push_back(batch_.records[i].known.record);
  };
  for (std::uint32_t i = 0; i < batch_.records.size(); ++i)
    note(i, batch_.records[i].submission, batch_.records[i].known.payload);
  for (const Further& f : batch_.further) note(f.record, f.submission, f.state);
  std::vector<encoded::Handle> all;
  for (auto& [epoch, records] : changed) {
    std::sort(records.begin(), records.end());
    TESSERA_TRY(
        const auto handles,
        stored_handles(s_.db, s_.handles[static_cast<std::size_t>(epoch) - 1], epoch, records));
    all.insert(all.end(), handles.begin(), handles.end());
  }
  return s_.entries->drop_handles(number_, all);
}

Result<std::vector<encoded::Handle>> stored_handles(ledger::Database& db, HandleMap& map,
                                                    std::int64_t epoch,
                                                    std::span<const RecordId> sorted) {
  TESSERA_TRY(Statement stored, db.prepare("SELECT stored FROM payload WHERE record = ?1 AND "
                                           "epoch = ?2"));
  std::vector<HandleMap::StoredIn> in;
  for (const RecordId r : sorted) {
    TESSERA_TRY(const bool row, stored.bind(1, as_integer(r)).bind(2, epoch).step());
    if (row)
      in.push_back({static_cast<std::uint32_t>(r), static_cast<std::uint32_t>(stored.integer(0))});
    stored.reset();
  }
  return map.handles_of(in);
}

// The mark that a record draws others only through review, as its newest entries have it.
Result<void> Committer::keep_names(std::uint32_t i) {
  const Incoming& r = batch_.records[i];
  return (r.many_names ? many_ : few_).bind(1, as_integer(record_ids_[i])).run();
}

Result<void> Committer::keep_own_payload(std::uint32_t i) {
  const Incoming& r = batch_.records[i];
  if (is_held(decisions_[i].reason)) return {};
  if (stores_entries(r.known.payload)) TESSERA_CHECK(keep_names(i));
  return keep_payload(record_ids_[i], batch_.submissions[r.submission].epoch, {r.payload, r.bare},
                      r.known.payload);
}

Result<void> Committer::keep_further() {
  for (const Further& f : batch_.further)
    if (!is_held(decisions_[f.record].reason))
      TESSERA_CHECK(keep_payload(record_ids_[f.record], batch_.submissions[f.submission].epoch,
                                 {f.payload, f.bare}, f.state));
  return {};
}

// The versions seen so far, this one last.
Result<void> Committer::keep_payload(RecordId record, std::int64_t epoch, const Version& version,
                                     Known::Payload state) {
  const bool stored = stores_entries(state);
  const Checksum& payload = version.payload;
  const std::size_t size = s_.version_bytes(s_.epochs[static_cast<std::size_t>(epoch) - 1]);
  Bytes versions;
  if (stored) {
    TESSERA_TRY(const bool row, versions_.bind(1, as_integer(record)).bind(2, epoch).step());
    if (row) versions.assign(versions_.blob(0).begin(), versions_.blob(0).end());
    versions_.reset();
    for (std::size_t at = 0; at < versions.size(); at += size) {
      const auto from = versions.begin() + static_cast<std::ptrdiff_t>(at);
      if (!std::equal(payload.begin(), payload.end(), from)) continue;
      versions.erase(from, from + static_cast<std::ptrdiff_t>(size));
      break;
    }
  }
  versions.insert(versions.end(), payload.begin(), payload.end());
  if (size > payload.size())
    versions.insert(versions.end(), version.bare.begin(), version.bare.end());
  payload_.bind(1, as_integer(record)).bind(2, ByteView(versions)).bind(3, number_);
  return payload_.bind(4, std::int64_t{stored ? 1 : 0}).bind(5, epoch).run();
}

// A handle names one entry. One that another record has is a forgery, or one chance in 2^40.
Result<void> Committer::refuse_strange_handles(const std::vector<HandleRow>& rows) {
  std::vector<encoded::Handle> handles;
  for (const HandleRow& r : rows) handles.push_back(r.handle);
  for (const Epoch& e : s_.epochs) {
    if (!e.live()) continue;
    TESSERA_TRY(const auto known, s_.handles_of(e).records_of(handles));
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (known[i] != 0 && known[i] != rows[i].record)
        return Error{ErrorCode::conflict,
                     "an entry's handle is that of another record; encode the file again", ""};
  }
  return {};
}

Result<void> Committer::keep_handles() {
  std::map<std::int64_t, std::vector<HandleRow>> by_epoch;
  for (const StagedHandle& h : batch_.handles)
    by_epoch[h.epoch].push_back({h.handle, static_cast<std::uint32_t>(record_ids_[h.record]),
                                 static_cast<std::uint32_t>(number_)});
  for (auto& [epoch, rows] : by_epoch) {
    TESSERA_CHECK(refuse_strange_handles(rows));
    HandleMap& map = s_.handles[static_cast<std::size_t>(epoch) - 1];
    TESSERA_CHECK(map.add(std::move(rows)));
    if (!map.untidy()) continue;
    TESSERA_TRY(const auto stored, batches_stored(s_.db, epoch));
    TESSERA_CHECK(map.merge([&stored](const HandleRow& r) { return stored[r.record] == r.batch; }));
  }
  return {};
}

}  // namespace tessera::registry
