// One batch on its way into the registry; only the sources of commit() include this.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "engine/registry/fresh_ids.h"
#include "engine/registry/registry.h"
#include "engine/registry/registry_state.h"
#include "engine/registry/tables.h"

namespace tessera::registry {

// Carries one batch through; made for a single run.
class Committer {
 public:
  Committer(Registry::State& state, const Batch& batch, const std::vector<Decision>& decisions,
            Random& random, Progress& progress)
      : s_(state),
        batch_(batch),
        decisions_(decisions),
        random_(random),
        progress_(progress),
        number_(state.batch + 1),
        record_ids_(batch.records.size(), 0) {}
  Result<Receipt> run();
  // After the commit, under the lock once more: housekeeping that nobody has to wait for. If
  // another writer came first, that one does it.
  static void tidy(Registry::State& state, Progress& progress);

 private:
  Result<void> prepare();
  Result<void> settle_provisional();
  Result<void> tell_former_owners();
  Result<void> keep_names(std::uint32_t i);
  Result<PersonId> person_of(std::uint32_t i, Assigned& e);
  Result<bool> linked(std::uint32_t i);
  Result<void> order_records();
  Result<void> drop_old_entries();
  Result<void> refuse_strange_handles(const std::vector<HandleRow>& rows);
  Result<void> note_submissions();
  Result<void> assign(std::uint32_t i);
  Result<void> issue(std::uint32_t i, Assigned& e, bool provisional);
  Result<void> report_id(std::uint32_t i, PersonId person);
  Result<void> keep_own_payload(std::uint32_t i);
  Result<void> keep_further();
  struct Version {
    Checksum payload{}, bare{};  // as of Incoming
  };
  Result<void> keep_payload(RecordId record, std::int64_t epoch, const Version& version,
                            Known::Payload state);
  Result<void> review(std::uint32_t i);
  Result<bool> same_question(std::int64_t review, Reason reason,
                             const std::vector<Suspect>& suspects);
  std::vector<Suspect> persons_suspected(const Decision& d) const;
  Result<void> keep_handles();
  Result<void> keep_meta();
  Result<void> happen(const Happening& happening) {
    TESSERA_CHECK(tables_->apply(happening));
    return log_->append(type_of(happening), body_of(happening));
  }

  Registry::State& s_;
  const Batch& batch_;
  const std::vector<Decision>& decisions_;
  Random& random_;
  Progress& progress_;
  const std::int64_t number_;
  Receipt receipt_;
  std::vector<std::uint32_t> order_;
  std::vector<RecordId> record_ids_;
  std::vector<std::int64_t> owners_;  // of each submission
  std::map<std::uint32_t, PersonId> persons_of_groups_;
  std::map<PersonId, PersonId> resolved_;  // provisional persons that turned out to be another
  std::map<PersonId, std::set<std::int64_t>> claimed_;  // person: owners that claim it now
  std::optional<Tables> tables_;
  std::optional<ledger::EventLog> log_;
  std::optional<FreshIds> fresh_ids_;
  std::map<std::uint32_t, std::vector<std::uint32_t>>
      groups_;  // records of new persons, in order_, where a restore forgot IDs
  ledger::Statement id_of_, many_, few_, open_review_, suspects_, payload_, versions_;
  RecordId next_record_ = 0;
  PersonId next_person_ = 0;
  std::int64_t next_review_ = 0;
};

}  // namespace tessera::registry
