#include "engine/intake/by_epoch.h"

namespace tessera::intake {

Result<std::vector<EpochFiles>> by_epoch(const registry::Registry& registry,
                                         std::span<link::FileSet> sets, Taker taker) {
  TESSERA_CHECK(registry.require_entries());
  std::vector<std::vector<Arrival>> arrivals;
  for (const link::FileSet& set : sets) {
    std::vector<Arrival>& of_set = arrivals.emplace_back();
    for (const encoded::File& f : set.files())
      of_set.push_back({f.header(), f.digest(), f.path(), f.sealed(), f.records()});
  }
  TESSERA_TRY(std::vector<EpochRecords> ordered,
              order_epochs(registry, std::move(arrivals), taker));
  std::vector<EpochFiles> out;
  for (EpochRecords& e : ordered) {
    link::FileSet* const files = &sets[e.set];
    out.push_back({std::move(e), files});
  }
  return out;
}

std::vector<EpochRecords> records_of(const std::vector<EpochFiles>& batch) {
  return {batch.begin(), batch.end()};
}

}  // namespace tessera::intake
