// A batch on its way in, and what comes back: plain values.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/digest.h"
#include "engine/core/signature.h"
#include "engine/encoded/format.h"
#include "engine/ledger/event_log.h"
#include "engine/registry/assign.h"
#include "engine/registry/state_id.h"

namespace tessera::registry {

using KeyCheck = std::array<std::uint8_t, 4>;

// One file of a batch.
struct Submission {
  std::string owner;
  encoded::Population population = encoded::Population::student;
  Sha256 file{};  // encoded::File::digest()
  KeyCheck key_check{};
  std::int64_t epoch = 1;  // Epoch::number
};

// A record of a batch; parallel to Question::records and the decisions.
struct Incoming {
  std::uint32_t submission = 0;  // index into Batch::submissions
  encoded::RecordKey key{};
  encoded::SsnState ssn = encoded::SsnState::not_available;
  Checksum payload{};  // PayloadDigests
  bool many_names = false;
  Known known;      // as look_up gave it
  Checksum bare{};  // `payload` without SSNs, which a registrar keeps too; else zeros
};

// What a file of an older epoch brings of a record that the batch holds.
struct Further {
  std::uint32_t submission = 0;  // index into Batch::submissions
  std::uint32_t record = 0;      // index into Batch::records
  Checksum payload{};
  Known::Payload state = Known::Payload::first;  // as look_up gave it, under that epoch
  Checksum bare{};                               // as Incoming::bare
};

struct StagedHandle {
  encoded::Handle handle = 0;
  std::uint32_t record = 0;  // index into Batch::records
  std::int64_t epoch = 1;
};

struct Batch {
  std::vector<Submission> submissions;
  std::vector<Incoming> records;      // all of one epoch, the newest of the batch
  std::vector<Further> further;       // of older ones
  std::vector<StagedHandle> handles;  // of the entries staged in the entry store; any order
  bool provisional = false;           // records in review get a provisional ID
  std::string day;                    // YYYY-MM-DD; "": not said. The engine knows no clock
};

// What became of a record. Parallel to Batch::records.
struct Issued {
  StateId id = 0;  // 0: none
  Status status = Status::review;
  Reason reason = Reason::none;
  double probability = 0;
  bool provisional = false;
};

// A claim of the batch, as the owners who held the person before are told.
struct ClaimNotice {
  std::string owner;         // who is told
  encoded::RecordKey key{};  // its own record
  StateId id = 0;
};

struct Receipt {
  std::int64_t batch = 0;
  ledger::Head head;      // of the event chain, after the batch
  Signature signature{};  // of the head, by the registry's key
  std::vector<Issued> issued;
  std::uint64_t ids_issued = 0;
  std::uint64_t ids_again = 0;  // of them, those that a restore forgot (Registry::recall_lost)
  std::uint64_t claims = 0;
  std::vector<ClaimNotice> notices;  // by owner and key
  std::uint64_t reviews_opened = 0;
  std::uint64_t alarms = 0;
};

}  // namespace tessera::registry
