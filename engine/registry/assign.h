// The decision: which records of a batch keep an ID, get a new one, or wait for a person to look.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/encoded/format.h"

namespace tessera::registry {

using RecordId = std::uint64_t;  // a record of an owner, in this registry; 0: not stored
using PersonId = std::uint64_t;  // 0: none

// Persisted by name; never renumber.
enum class Status : std::uint8_t { existing = 1, new_id = 2, review = 3, conflict = 4 };
std::string_view name_of(Status status);  // "existing", "new", "review", "conflict"

// Why a record is not simply existing or new. Persisted by name; never renumber.
enum class Reason : std::uint8_t {
  none = 0,
  too_little_evidence = 1,  // no usable pass, or a mandatory one missing and nothing found
  near_match = 2,           // likely somebody known, not surely
  close_runner_up = 3,      // somebody known, but two persons are too close to tell apart
  two_persons = 4,          // strongly two existing persons; the machine never merges those
  already_held = 5,         // a person whom this owner holds under another record key
  two_rows_one_person = 6,  // two new rows of one owner are one person
  through_another = 7,      // matches only by way of another record of the batch or in review
  too_many_versions = 8,    // a fourth distinct payload of a record key in an epoch: held
  other_person = 9,         // conflict: a known record key, but now clearly another person's values
  waiting = 10,             // has a provisional ID; a review is open
  other_space = 11,    // existing or new all the same: matches a person among staff, or students
  retired_id = 12,     // conflict: the record's ID was retired, and has no survivor
  crowded_block = 13,  // more of this owner's records share a tag than is plausible: held
  many_names = 14,     // surely somebody known, but only by a record with many names of one owner
};
std::string_view name_of(Reason reason);  // "too little evidence", ...
bool reason_named(std::string_view name, Reason& out);

// A person's answer to a question. Persisted by name; never renumber.
enum class Verdict : std::uint8_t { same = 1, different = 2, unsure = 3, defer = 4 };
std::string_view name_of(Verdict verdict);
bool verdict_named(std::string_view name, Verdict& out);

// What the registry knows of a record key before the batch (Registry::look_up).
struct Known {
  enum class Payload : std::uint8_t { first, same, changed, excess };
  RecordId record = 0;
  PersonId person = 0;       // 0: not stored, or in review without an ID
  bool provisional = false;  // the person's ID is provisional
  bool retired = false;      // the person's ID was retired and has no survivor
  Payload payload = Payload::first;
  encoded::SsnState ssn = encoded::SsnState::not_available;  // as stored
  // Why a person was asked who it is, where the question is open and was about its values.
  Reason asked = Reason::none;
};

struct BatchRecord {
  std::uint32_t owner = 0;  // index into Question::owners
  encoded::RecordKey key{};
  encoded::Population population = encoded::Population::student;  // student or staff
  std::uint8_t usable_passes = 0;
  bool mandatory = false;
  bool many_names = false;  // draws other owners' records to itself only through review
  bool held = false;        // in a block that holds more of its owner than is plausible
  Known known;
};

// Evidence that a record of the batch and a target are one person. Pairs inside the batch are given
// once, in either direction. The probability is the one after competing candidates have shared the
// mass: the candidates of one record compete, and the records of one file compete for a person;
// records of different files do not (they may all be that person), nor do records of one person.
struct Candidate {
  std::uint32_t record = 0;  // index into Question::records
  bool in_batch = false;
  std::uint64_t target = 0;   // index into Question::records, or a RecordId
  std::int32_t decinats = 0;  // combined logit in tenths of a nat
  double probability = 0;
};

// The stored side, as far as the candidates reach (Registry::around).
struct Stored {
  struct Record {
    RecordId record = 0;
    PersonId person = 0;  // 0: in review, without an ID
    std::string owner;
    encoded::Population population = encoded::Population::student;
    bool many_names = false;  // more tags in a pass than is common: see BatchRecord::many_names
  };
  struct Different {  // a reviewer's "not the same person"; persons as they are now, 0 if none
    RecordId a = 0, b = 0;
    PersonId person_a = 0, person_b = 0;
  };
  std::vector<Record> records;       // sorted by record: targets, and all records of their persons
  std::vector<Different> different;  // every pair of the registry
};

struct Thresholds {
  double automatic = 0.9995;
  double review = 0.5;
  std::int32_t lead = 30;  // decinats between the best person and the next: 3 nats
};

struct Question {
  std::vector<std::string> owners;
  std::vector<BatchRecord> records;
  std::vector<Candidate> candidates;  // any order
  Stored stored;
  Thresholds thresholds;
};

// A person that a record may be: stored (`person`) or made in this batch (`group`).
struct Suspect {
  PersonId person = 0;
  std::uint32_t group = 0;
  std::int32_t decinats = 0;
  bool operator==(const Suspect&) const = default;
};

struct Decision {
  Status status = Status::review;
  Reason reason = Reason::none;
  PersonId person = 0;      // existing (and conflict: the one kept); review: only if provisional
  std::uint32_t group = 0;  // new: records with the same number (from 1) share one new person
  double probability = 0;   // that the ID, or its newness, is right; 1 for a known record key
  bool claim = false;       // attaches to a person whom only other owners hold so far
  bool settles = false;  // known by a provisional ID, which becomes permanent, or, where `person`
                         // is another one, resolves to that person's
  PersonId also = 0;     // a person of the other space (student, staff) whom the record matches
  std::vector<Suspect> suspects;  // review and conflict: whom to look at, best first, at most 8
};

// Pure: the same question gives the same decisions, in the order of question.records, whatever the
// order of candidates. Groups are numbered by their smallest (owner, population, record key).
// REQUIRES: indexes in range; populations student or staff; (owner, population, key) unique.
std::vector<Decision> decide(const Question& question);

// Held: nothing of it is kept and nothing returns.
bool is_held(Reason reason);

// Whether the entries of a record are to be stored: its payload is new here and not held.
bool stores_entries(Known::Payload payload);
inline bool stores_entries(const Known& known) { return stores_entries(known.payload); }

}  // namespace tessera::registry
