// The two changes of epochs on an open registry; only the sources of epoch.h include this.
#pragma once

#include "engine/registry/epoch.h"
#include "engine/registry/registry.h"
#include "engine/registry/registry_state.h"

namespace tessera::registry {

// Made for a single change.
class EpochKeeper {
 public:
  explicit EpochKeeper(Registry& registry) : registry_(registry), s_(*registry.state_) {}
  Result<ledger::SignedHead> open(const schema::Schema& schema,
                                  const std::optional<KeyCheck>& key_check);
  Result<EpochEnd> end(std::int64_t number, const Author& author, Progress& progress);

 private:
  Result<void> writable() const;
  Result<void> tell(const Epoch& epoch, const Author& author);
  Result<void> shred(const Epoch& epoch, Progress& progress);
  Result<EpochEnd> read_back(std::int64_t number);

  Registry& registry_;
  Registry::State& s_;
};

}  // namespace tessera::registry
