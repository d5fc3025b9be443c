// The tables of the entry store as values: generations, slabs, and the two ways rows move.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/digest.h"
#include "engine/ledger/database.h"
#include "engine/ledger/event_log.h"
#include "engine/registry/slab.h"
#include "engine/registry/tombstones.h"

namespace tessera::registry {

std::string entry_ddl();
// Those that format `from` had not.
std::string added_entry_ddl(std::uint32_t from);

// Keeps a head of the registry that the store goes with.
Result<void> add_head(ledger::Database& entries, const ledger::Head& head);

// Where a slab's rows lie, kept in memory for all slabs: 72 bytes for some 260 entries.
struct SlabRange {
  std::int64_t slab = 0;
  encoded::Tag first{};
  encoded::Tag last{};
  std::uint32_t rows = 0;
  Checksum sum{};  // of the body; not of the tokens, which a purge takes away
};

// Rows of one pass that were stored together, sorted; slabs in order of their tags.
struct Generation {
  std::int64_t id = 0;
  std::int64_t batch = 0;  // stored in it, or merged after it: no older tombstone applies
  std::uint64_t rows = 0;
  std::vector<SlabRange> slabs;
};

// Reads slabs by number. One per database; not thread safe.
class SlabReader {
 public:
  static Result<SlabReader> open(ledger::Database& database);
  // The view lives until the next call. Error `format` if the slab is damaged or missing.
  Result<SlabView> read(const SlabRange& range, std::uint32_t stride);
  void reset();  // ends the read, so that a writer's log can be folded in

 private:
  SlabReader() = default;
  ledger::Statement body_;
  ledger::Statement token_;
  std::string where_;
};

// Writes one generation: rows in order in, slabs out. The generation's row is there from the start,
// so what a crash leaves can be found by its batch number.
class GenerationWriter {
 public:
  // With `chunk_bytes` the writer commits and begins again each time that much has been written;
  // 0: all in the caller's transaction. REQUIRES: a write transaction of `database`.
  static Result<GenerationWriter> open(ledger::Database& database, std::size_t pass,
                                       std::int64_t batch, std::uint32_t stride,
                                       std::size_t chunk_bytes);
  Result<void> add(const encoded::PassView& rows, std::size_t row);
  Result<Generation> finish();

 private:
  GenerationWriter() = default;
  Result<void> flush();
  ledger::Database* database_ = nullptr;
  ledger::Statement body_, token_, range_;
  Generation generation_;
  encoded::PassColumns held_;
  std::uint32_t limit_ = 0;
  std::size_t chunk_bytes_ = 0;
  std::size_t written_ = 0;
  std::int64_t next_slab_ = 0;
};

// A sorted run of rows that may come in pieces.
struct Run {
  encoded::PassView rows;
  std::size_t at = 0;
  std::function<bool(const encoded::PassView&, std::size_t row)> keeps;  // empty: all rows
  std::function<Result<bool>(Run&)> refill;                              // empty: one piece
};
// Writes the kept rows of all runs in order of (tag, handle).
Result<void> merge_runs(std::vector<Run>& runs, GenerationWriter& writer);

}  // namespace tessera::registry
