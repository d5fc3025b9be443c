// Epochs: spans of years with keys of their own. IDs outlive them; entries do not.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/progress.h"
#include "engine/core/result.h"
#include "engine/ledger/signed_head.h"
#include "engine/registry/batch.h"
#include "engine/registry/change.h"
#include "engine/schema/schema.h"

namespace tessera::registry {

class Registry;

// Entries of two epochs never meet: their tags come from other keys. What bridges them is the
// record key. The newest live epoch is the current one; an older live one still finds people who
// left before they were encoded under a newer.
struct Epoch {
  std::int64_t number = 0;  // from 1, in the order they were opened
  std::string name;         // as the schema has it
  schema::Schema schema;
  Sha256 digest{};
  std::optional<KeyCheck> key_check;  // absent: the first batch sets it
  std::size_t first_pass = 0;         // its passes in the entry store: this one and those after it
  std::int64_t ended = 0;             // 0: live; else which of the endings, from 1
  bool live() const { return ended == 0; }
};

// Opens the next epoch, which is the current one from here on. The schema may have other passes,
// widths and key services; epoch name and project key must be new, fields and SSN as they were.
// Error `conflict` that says what is not so. REQUIRES: Access::write, in place of a batch.
Result<ledger::SignedHead> open_epoch(Registry& registry, const schema::Schema& schema,
                                      const std::optional<KeyCheck>& key_check);

// What an epoch holds, and what would be lost with it.
struct EpochCount {
  std::int64_t records = 0;    // with entries under it
  std::uint64_t entries = 0;   // that lie in the entry store; of an ended epoch: shredding is to
                               // be finished. Of a registrar's: that the comparer is to have
  std::int64_t only_here = 0;  // persons whom no other live epoch shows (see left_behind)
};
Result<EpochCount> count_epoch(Registry& registry, const Epoch& epoch);

// A record of a person with an ID, kept under this epoch, no record of whom is kept under another
// live one: when the person comes back, under whatever record key, nothing finds them. Of an ended
// epoch: whoever was so left behind when it ended and has not come back since. A known record key
// keeps its ID all the same.
struct LeftBehind {
  std::string owner;
  encoded::Population population = encoded::Population::student;
  encoded::RecordKey key{};
  StateId id = 0;
};
// By owner, population and record key.
Result<std::vector<LeftBehind>> left_behind(Registry& registry, const Epoch& epoch);

// How an epoch ended.
struct EpochEnd {
  std::int64_t records = 0, entries = 0, not_found = 0;  // as in EpochEnded
  std::string who, why;
  ledger::SignedHead head;  // of the event that says so
};
// Ends an epoch: no file under it is taken any more, and all that came from its keys goes: entries,
// handles, payload digests. Both files are then rewritten, so that free pages and logs hold none of
// it either. IDs, persons and records stay. May be repeated, and finishes what a crash cut short:
// the event comes first, and is what counts. Of a registrar's registry the entries are elsewhere:
// what they were made of goes here, and the comparer is told (registrar/ending.h). Error `conflict`
// for the only live epoch, or if another process reads the files just now (then run it again).
// REQUIRES: Access::write.
Result<EpochEnd> end_epoch(Registry& registry, std::int64_t number, const Author& author,
                           Progress& progress);

}  // namespace tessera::registry
