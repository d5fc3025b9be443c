// Looking things up in a registry: an ID and its story, the open questions, the counts. No names:
// the registry has none.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/registry/aliases.h"
#include "engine/registry/registry.h"

namespace tessera::registry {

struct OwnerCount {
  std::string owner;
  std::int64_t records = 0;
};

// Who holds records of the person that an ID leads to now, by name; nobody for one never issued.
Result<std::vector<OwnerCount>> owners_of(Registry& registry, StateId id);

struct IdCard {
  StateId id = 0;
  Space space = Space::student;
  std::string state;     // "live", "provisional", "retired", "archived"
  StateId survivor = 0;  // retired: the ID at the end of the chain of survivors; else the ID itself
  PersonId person = 0;   // of the survivor
  std::vector<OwnerCount> records;  // of the survivor's person, by owner's name
  std::int64_t open_reviews = 0;    // that name the person or its records
  struct Step {
    std::int64_t event = 0;
    std::int64_t batch = 0;
    std::string what;  // "issued", "record of <owner> attached", "claimed by <owner>"
  };
  std::vector<Step> history;  // in the order of events
  StateId linked = 0;         // the same human being's ID of the other space, resolved; 0: none
  std::vector<Alias> aliases;
  std::vector<ChangeLine> changes;  // that name the ID asked for or the one it leads to
};
// nullopt: never issued here.
Result<std::optional<IdCard>> find_id(Registry& registry, StateId id);

struct OpenReview {
  std::int64_t review = 0;
  std::int64_t batch = 0;
  std::string day;  // of the batch; "": not said
  std::string owner;
  encoded::Population population = encoded::Population::student;
  RecordId record = 0;
  encoded::RecordKey key{};
  Reason reason = Reason::none;
  StateId provisional = 0;  // the record's own ID, if it has one
  struct Candidate {
    StateId id = 0;
    std::int32_t decinats = 0;
  };
  std::vector<Candidate> candidates;  // best first; IDs as they resolve now
  std::int64_t rulings = 0;           // "unsure" and the like said of it so far
};
// Whether somebody who asks answers for a record: of an owner, by population and key. Empty: for
// all.
using Sees =
    std::function<bool(const std::string& owner, encoded::Population, const encoded::RecordKey&)>;
struct SeenRecords {
  std::int64_t seen = 0, others = 0;
};
// How many of a person's records `sees` lets through, and how many it does not.
Result<SeenRecords> records_seen(ledger::Database& database, PersonId person, const Sees& sees);

struct ReviewFilter {
  std::string owner;             // "": of all
  std::optional<Reason> reason;  // absent: for any
  std::string before;            // opened before this day (YYYY-MM-DD); "": whenever
  std::int64_t review = 0;       // this one only, open or not; 0: all open ones
  std::int64_t after = 0;        // opened after this one only
};
// Whom a question may mean, best first: IDs in use, as they resolve now, without `own`, the person
// of the question's record.
Result<std::vector<OpenReview::Candidate>> candidates_of(ledger::Database& database,
                                                         std::int64_t review, PersonId own);
// In the order they were opened.
Result<std::vector<OpenReview>> open_reviews(Registry& registry, const ReviewFilter& filter);

// The first `most` of them whose record `sees` lets through, and how many more there are. All but
// owner, population and key is looked up only for those on the page, so that memory is the page's
// and a queue of a million takes seconds.
struct ReviewPage {
  std::vector<OpenReview> reviews;
  std::int64_t more = 0;
};
Result<ReviewPage> page_of_reviews(Registry& registry, const ReviewFilter& filter, std::size_t most,
                                   const Sees& sees);

// One question, open or not. Error `usage` where none has the number or `sees` hides its record.
Result<OpenReview> find_review(Registry& registry, std::int64_t number, const Sees& sees);

struct Counts {
  std::int64_t batches = 0, owners = 0, records = 0, persons = 0, events = 0;
  std::int64_t student_ids = 0, staff_ids = 0, provisional = 0, retired = 0, archived = 0;
  std::int64_t waiting = 0;  // records without an ID
  std::int64_t open_reviews = 0, claims = 0, alarms = 0;
  std::uint64_t entries = 0;
  ledger::Head head;
};
Result<Counts> count(Registry& registry);

}  // namespace tessera::registry
