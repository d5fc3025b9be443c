// The ledger tables: what the events add up to. One function changes them, for commit and replay.
#pragma once

#include <string>
#include <string_view>

#include "engine/core/result.h"
#include "engine/ledger/database.h"
#include "engine/registry/events.h"

namespace tessera::registry {

// As SQLite holds it, which knows no unsigned numbers; ours stay below 2^63.
inline std::int64_t number(std::uint64_t value) { return static_cast<std::int64_t>(value); }

// SQL of all ledger tables, their constraints and triggers; needs nothing else.
// R1, R2: a state ID is never deleted, and never changes its person or space; a retired one points
// at its survivor. R3: a person has at most one ID that is not retired; an (owner, population,
// record key) is one record.
std::string_view ledger_ddl();
// SQL of the working tables, which no event describes: meta, encoding, payload, handle_block,
// many_names, pass_share.
std::string working_ddl();
// SQL that makes them of those of format 1, 2 or 3, without sums.
std::string working_upgrade(std::uint32_t from);

// Prepared changes. One per connection; not thread safe.
class Tables {
 public:
  static Result<Tables> open(ledger::Database& database);
  // Makes the rows that the event stands for. A broken constraint is `conflict`.
  Result<void> apply(const Happening& happening);

 private:
  Tables() = default;
  Result<void> apply(const Created& e);
  Result<void> apply(const OwnerNamed& e);
  Result<void> apply(const Submitted& e);
  Result<void> apply(const Assigned& e);
  Result<void> apply(const SsnChanged& e);
  Result<void> apply(const Claimed& e);
  Result<void> apply(const Reviewed& e);
  Result<void> apply(const Settled& e);
  Result<void> apply(const MarkedDifferent& e);
  Result<void> apply(const Alarmed& e);
  Result<void> apply(const Ruled& e);
  Result<void> apply(const Changed& e);
  Result<void> apply(const Undone& e);
  Result<void> apply(const MadeLive& e);
  Result<void> apply(const AliasAdded& e);
  Result<void> apply(const AliasRemoved& e);
  Result<void> open_people(ledger::Database& database);
  Result<void> set_id(StateId id, std::int64_t state, StateId survivor);
  Result<void> move_records(const std::vector<RecordId>& records, StateId into);

  ledger::Statement owner_, submission_, person_, state_id_, record_, attach_, ssn_, claim_,
      review_, suspect_, settle_, different_, alarm_;
  ledger::Statement ruling_, decided_, change_, change_record_, undo_, find_change_, id_state_,
      move_, reverse_claim_, split_id_, split_person_, link_, unlink_, alias_, unalias_;
  Result<void> apply(const SignerNamed& e);
  Result<void> apply(const Collection& e);
  Result<void> apply(const SsnPurged& e);
  Result<void> apply(const AccessKept& e);
  Result<void> apply(const EpochOpened& e);
  Result<void> apply(const EpochEnded& e);
  Result<void> apply(const Destroyed& e);
  ledger::Statement signer_, collection_, purged_, access_, epoch_, ended_;
};

}  // namespace tessera::registry
