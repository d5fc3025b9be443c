// One look-up a file; who takes part follows from what it says.
#include "engine/intake/describe.h"

#include <algorithm>

namespace tessera::intake {
namespace {

using registry::Known;

// Whether a record of the file stands in an earlier file of its owner and population too: files
// come in that order, and their records by key.
bool repeats_record(const std::vector<BatchFile>& files, std::size_t f) {
  const encoded::Header& mine = *files[f].header;
  for (std::size_t e = f; e-- > 0;) {
    const encoded::Header& earlier = *files[e].header;
    if (earlier.owner != mine.owner || earlier.population != mine.population) break;
    for (const encoded::JoinRecord& r : files[f].records)
      if (std::ranges::binary_search(files[e].records, r.key, {}, &encoded::JoinRecord::key))
        return true;
  }
  return false;
}

}  // namespace

std::vector<encoded::RecordKey> keys_of(std::span<const encoded::JoinRecord> records) {
  std::vector<encoded::RecordKey> keys;
  keys.reserve(records.size());
  for (const encoded::JoinRecord& r : records) keys.push_back(r.key);
  return keys;
}

Result<void> describe(registry::Registry& registry, const registry::Epoch& epoch,
                      const std::vector<BatchFile>& files, Weighed& out) {
  std::vector<std::string>& owners = out.question.owners;
  for (std::size_t f = 0; f < files.size(); ++f) {
    const BatchFile& file = files[f];
    const encoded::Header& h = *file.header;
    if (repeats_record(files, f))
      return Error{
          ErrorCode::conflict,
          "a record stands in another file of this owner too; submit them one after the other",
          file.path};
    out.batch.submissions.push_back(
        {h.owner, h.population, file.digest, h.key_check, epoch.number});
    if (owners.empty() || owners.back() != h.owner)
      owners.push_back(h.owner);  // files come by owner
    TESSERA_TRY(
        const std::vector<Known> known,
        registry.look_up(epoch, h.owner, h.population, keys_of(file.records), file.payloads));
    for (std::size_t i = 0; i < known.size(); ++i) {
      const encoded::JoinRecord& r = file.records[i];
      out.batch.records.push_back({static_cast<std::uint32_t>(f), r.key, r.ssn_state,
                                   file.payloads[i], false, known[i],
                                   file.bare.empty() ? Checksum{} : file.bare[i]});
      out.question.records.push_back({static_cast<std::uint32_t>(owners.size() - 1), r.key,
                                      h.population, r.usable_passes, r.mandatory != 0, false, false,
                                      known[i]});
      out.decided_by_score.push_back(known[i].person == 0 || known[i].provisional ? 1 : 0);
    }
  }
  return {};
}

Result<void> describe_older(registry::Registry& registry, const EpochRecords& older,
                            const std::vector<BatchFile>& files, Weighed& out) {
  auto record = older.record.begin();
  for (const BatchFile& file : files) {
    const encoded::Header& h = *file.header;
    const auto submission = static_cast<std::uint32_t>(out.batch.submissions.size());
    out.batch.submissions.push_back(
        {h.owner, h.population, file.digest, h.key_check, older.epoch->number});
    TESSERA_TRY(const std::vector<Known> known,
                registry.look_up(*older.epoch, h.owner, h.population, keys_of(file.records),
                                 file.payloads));
    for (std::size_t i = 0; i < known.size(); ++i, ++record) {
      out.batch.further.push_back({submission, *record, file.payloads[i], known[i].payload,
                                   file.bare.empty() ? Checksum{} : file.bare[i]});
      if (known[i].payload != Known::Payload::excess) continue;
      out.batch.records[*record].known.payload = Known::Payload::excess;
      out.question.records[*record].known.payload = Known::Payload::excess;
    }
  }
  return {};
}

std::vector<std::vector<Known::Payload>> payloads_by_epoch(
    const registry::Batch& batch, const std::vector<EpochRecords>& epochs) {
  std::vector<std::vector<Known::Payload>> out;
  std::size_t next = 0;  // of batch.further: they stand as the older epochs' records do
  for (const EpochRecords& e : epochs) {
    std::vector<Known::Payload>& of_epoch = out.emplace_back();
    for (const std::uint32_t i : e.record)
      of_epoch.push_back(&e == &epochs.front() ? batch.records[i].known.payload
                                               : batch.further[next++].state);
  }
  return out;
}

std::vector<std::vector<Attendance>> attendance_by_epoch(const registry::Batch& batch,
                                                         const std::vector<EpochRecords>& epochs) {
  const auto payloads = payloads_by_epoch(batch, epochs);
  std::vector<std::uint8_t> new_here(batch.records.size(), 0);
  for (std::size_t e = 0; e < epochs.size(); ++e)
    for (std::size_t r = 0; r < payloads[e].size(); ++r)
      if (registry::stores_entries(payloads[e][r])) new_here[epochs[e].record[r]] = 1;
  std::vector<std::vector<Attendance>> out;
  for (std::size_t e = 0; e < epochs.size(); ++e) {
    std::vector<Attendance>& of_epoch = out.emplace_back();
    for (std::size_t r = 0; r < payloads[e].size(); ++r) {
      const std::uint32_t i = epochs[e].record[r];
      of_epoch.push_back(attendance_of(batch.records[i], payloads[e][r], new_here[i] != 0));
    }
  }
  return out;
}

Attendance attendance_of(const registry::Incoming& r, Known::Payload payload, bool new_here) {
  Attendance a;
  a.silent = r.known.retired;
  a.active = r.known.payload != Known::Payload::excess &&
             (r.known.person == 0 || r.known.provisional || new_here);
  a.own = r.known.person == 0 || r.known.provisional ? r.known.record : 0;
  if (registry::stores_entries(payload))
    a.member.role = r.known.record == 0 ? Crowd::Role::fresh : Crowd::Role::changed;
  a.member.own = r.known.record;
  return a;
}

}  // namespace tessera::intake
