// IDs that a registry gave out and a restore forgot, so that they go to the same people again.
#pragma once

#include <string>

#include "engine/registry/registry.h"

namespace tessera::registry {

// Reads the file of the registry as it was before it was lost; its entry store need not be there.
// Not thread safe.
class LostIds {
 public:
  // Error `conflict` if `path` is not `registry` as it was later: its chain must begin as this
  // one's does.
  static Result<LostIds> open(const std::string& path, Registry& registry);
  // The ID that a record had, or its person had in its place; 0: none.
  Result<StateId> id_of(const std::string& owner, encoded::Population population,
                        const encoded::RecordKey& key);
  // Whether it was ever issued there.
  Result<bool> issued(StateId id);

 private:
  LostIds(ledger::Database database, ledger::Statement of_record, ledger::Statement issued)
      : database_(std::move(database)),
        of_record_(std::move(of_record)),
        issued_(std::move(issued)) {}
  ledger::Database database_;
  ledger::Statement of_record_, issued_;
};

}  // namespace tessera::registry
