// The files of a batch as the registry knows their records, before any entry is looked at.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/encoded/format.h"
#include "engine/intake/epoch_records.h"
#include "engine/intake/weighed.h"
#include "engine/registry/epoch.h"
#include "engine/registry/registry.h"

namespace tessera::intake {

// One file: whose it is, its records by key, and what each one's entries come to
// (encoded/payload.h). Views; what they show must outlive it.
struct BatchFile {
  const encoded::Header* header = nullptr;
  Sha256 digest{};
  std::string path;
  std::vector<encoded::JoinRecord> records;
  std::span<const Checksum> payloads;
  std::span<const Checksum> bare{};  // registry::Incoming::bare of each; may be empty
};

std::vector<encoded::RecordKey> keys_of(std::span<const encoded::JoinRecord> records);

// Submissions, records, what is known of each key: into out.batch, out.question and
// out.decided_by_score. REQUIRES: files by owner, then population; the epoch's. Error (conflict)
// for a record that stands in two of them.
Result<void> describe(registry::Registry& registry, const registry::Epoch& epoch,
                      const std::vector<BatchFile>& files, Weighed& out);

// What an older epoch's files bring of those records. Too many versions there are too many.
// REQUIRES: describe() of the newest epoch; `files` are those of `older`.
Result<void> describe_older(registry::Registry& registry, const EpochRecords& older,
                            const std::vector<BatchFile>& files, Weighed& out);

// Whoever has an ID and says nothing new is settled; whoever still waits is asked about again.
// `payload`: under the epoch of the files; `new_here`: under any of the batch.
Attendance attendance_of(const registry::Incoming& record, registry::Known::Payload payload,
                         bool new_here);
// The same for each epoch of the batch, of the records of its files.
std::vector<std::vector<Attendance>> attendance_by_epoch(const registry::Batch& batch,
                                                         const std::vector<EpochRecords>& epochs);
// Per record of each epoch's files: what the registry knows of its payload.
std::vector<std::vector<registry::Known::Payload>> payloads_by_epoch(
    const registry::Batch& batch, const std::vector<EpochRecords>& epochs);

}  // namespace tessera::intake
