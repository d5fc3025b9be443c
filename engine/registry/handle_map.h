// Which record an entry belongs to: the join section of everything stored, in sorted blocks.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "engine/core/digest.h"
#include "engine/core/result.h"
#include "engine/ledger/database.h"
#include "engine/registry/assign.h"

namespace tessera::registry {

struct HandleRow {
  encoded::Handle handle = 0;
  std::uint32_t record = 0;  // a RecordId
  std::uint32_t batch = 0;   // in which the entry was stored
  auto operator<=>(const HandleRow&) const = default;
};

// The handles of one epoch. Every block has a checksum, and the epoch's row of `encoding` has one
// of the list of blocks: a block that is lost or changed is an error, never an unknown handle. No
// row names a record that is not there. Lives in the registry's own database and changes only
// inside its transaction. Rows are never deleted one by one: a row is current if its batch is the
// one in which its record's entries were last stored, and merging leaves out the others. Not thread
// safe.
class HandleMap {
 public:
  // Error `format` if the list of blocks is not the one that was written last.
  static Result<HandleMap> open(ledger::Database& database, std::int64_t epoch);
  // Makes the checksums of blocks that have none yet: those of an older format, or of a new epoch.
  static Result<void> add_sums(ledger::Database& database, std::int64_t epoch);
  // The record of each handle, 0 where it is unknown; of rows with one handle the newest counts.
  Result<std::vector<RecordId>> records_of(std::span<const encoded::Handle> handles);
  // Current handles of records; `stored` gives, sorted by record, the batch of each one's entries.
  struct StoredIn {
    std::uint32_t record = 0;
    std::uint32_t batch = 0;
  };
  Result<std::vector<encoded::Handle>> handles_of(std::span<const StoredIn> stored);
  // Every row of every block, checked; in no order.
  Result<void> each(const std::function<void(const HandleRow&)>& body);
  // Adds one generation. Any order.
  Result<void> add(std::vector<HandleRow> rows);
  // True when merge() would pay: small generations come to a tenth of the whole, or are many.
  bool untidy() const;
  // Makes one generation of all rows that are current.
  Result<void> merge(const std::function<bool(const HandleRow&)>& current);
  // Takes all rows out, unread.
  Result<void> clear();

 private:
  struct Block {
    std::int64_t id = 0;
    encoded::Handle first = 0;
    encoded::Handle last = 0;
    std::uint32_t rows = 0;
    Checksum sum{};  // of the body
  };
  struct Generation {
    std::int64_t id = 0;
    std::uint64_t rows = 0;
    std::vector<Block> blocks;
  };
  HandleMap() = default;
  static Result<HandleMap> read_list(ledger::Database& database, std::int64_t epoch);
  Checksum sum_of_list() const;
  Result<void> keep_sum();
  Result<std::vector<HandleRow>> read(const Block& block);
  Result<void> write(std::span<const HandleRow> sorted, std::int64_t generation);

  ledger::Database* database_ = nullptr;
  std::int64_t epoch_ = 0;
  ledger::Statement read_, insert_, last_record_;
  std::vector<Generation> generations_;
};

}  // namespace tessera::registry
