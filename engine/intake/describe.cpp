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
