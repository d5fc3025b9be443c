// The ledger tables: what the events add up to. One function changes them, for commit and replay.
#pragma once

#include <string_view>

#include "engine/core/result.h"
#include "engine/ledger/database.h"
#include "engine/registry/events.h"

namespace tessera::registry {

// SQL of all ledger tables, their constraints and triggers; needs nothing else.
// R1, R2: a state ID is never deleted, and never changes its person or space; a retired one points
// at its survivor. R3: a person has at most one ID that is not retired; an (owner, population,
// record key) is one record.
std::string_view ledger_ddl();
// SQL of the working tables, which no event describes: meta, payload, handle_block.
std::string_view working_ddl();

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

  ledger::Statement owner_, submission_, person_, state_id_, record_, attach_, ssn_, claim_,
      review_, suspect_, settle_, different_, alarm_;
};

}  // namespace tessera::registry
