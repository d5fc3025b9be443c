// Where every new state ID comes from.
#pragma once

#include <span>
#include <string>

#include "engine/core/random.h"
#include "engine/registry/registry.h"

namespace tessera::registry {

class LostIds;

// What names a record for its owner and a registry alike.
struct RecordName {
  std::string owner;
  encoded::Population population = encoded::Population::student;
  encoded::RecordKey key{};
};

// Of a registry in a transaction that writes. Not thread safe.
class FreshIds {
 public:
  // `lost`: what a restore forgot (Registry::recall_lost); null: nothing. Not owned.
  static Result<FreshIds> open(ledger::Database& database, LostIds* lost);
  struct Fresh {
    StateId id = 0;
    bool again = false;  // one that the restore forgot
  };
  // The ID that one of these records had before a restore, if nobody ever had it here, the first
  // such one; 0: none.
  Result<StateId> forgotten(std::span<const RecordName> whose);
  // For a new person who has these records: the ID that one of them had before a restore, if
  // nobody has it now, the first such one; or one that is drawn until it was never issued to
  // anybody, there or here.
  Result<Fresh> next(std::span<const RecordName> whose, Random& random);

 private:
  FreshIds(LostIds* lost, ledger::Statement taken) : lost_(lost), taken_(std::move(taken)) {}
  Result<bool> is_free(StateId id);

  LostIds* lost_;
  ledger::Statement taken_;
};

}  // namespace tessera::registry
