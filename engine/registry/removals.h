// What was taken out of a registry for good, as its chain tells: purges, ends of epochs,
// destructions.
#pragma once

#include <vector>

#include "engine/ledger/signed_head.h"
#include "engine/registry/events.h"

namespace tessera::registry {

// The database of a registry alone, to read what it tells: its entry store may be lost.
Result<ledger::Database> open_chain(const std::string& path);

struct Removal {
  Happening what;           // SsnPurged, EpochEnded or Destroyed
  ledger::SignedHead head;  // of the event; the signature is empty unless a commit ended with it
};
// Those after event `seq`, oldest first. `database`: an open registry's.
Result<std::vector<Removal>> removals_after(ledger::Database& database, std::int64_t seq);

}  // namespace tessera::registry
