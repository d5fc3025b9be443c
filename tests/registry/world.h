// A small world for the registry's tests: files of records, and a matcher that is right by
// definition.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/registry/change.h"
#include "engine/registry/entry_store.h"
#include "engine/registry/registry.h"

namespace tessera::test {

// Who decides, where nobody asks who.
inline const registry::Author kAna{"ana", "case-1"};

// A row of a roster as an encoding shows it: records meet if they share a marker, surely if both
// are sharp, likely (p = .73) if one is blurred.
struct Row {
  std::uint8_t key = 0;      // the record key's first byte
  std::uint64_t marker = 0;  // who it looks like
  std::uint8_t version = 0;  // of the payload
  bool blurred = false;
  std::uint8_t usable = 2;
  bool mandatory = true;
  bool many_names = false;
  bool held = false;
};
struct Roster {
  std::string owner;
  std::vector<Row> rows;
  encoded::Population population = encoded::Population::student;
  bool ssn = false;  // entries of the SSN pass, and tokens; for a registry whose schema has them
};

encoded::RecordKey key_of(std::uint8_t first);
// A trial registry over the default schema, or that one with SSNs.
void create_registry(const std::string& path, std::uint64_t seed = 1, bool ssn = false);
// The next epoch of such a registry.
Result<ledger::SignedHead> add_epoch(registry::Registry& registry);
registry::Registry open_registry(const std::string& path, registry::Access access);

// The whole way of a batch: look up, read stored entries, decide, store entries, commit. `seed`
// draws handles and IDs. Issued records come in the order of rosters and rows. Under an older live
// epoch a file comes too, of who is new and of about half the others.
Result<registry::Receipt> submit(const std::string& path, const std::vector<Roster>& rosters,
                                 std::uint64_t seed, bool provisional = false);
// The same on an open registry.
Result<registry::Receipt> submit(registry::Registry& registry, const std::vector<Roster>& rosters,
                                 std::uint64_t seed, bool provisional = false);
// verify() on a fresh opening; the error's words, or "".
std::string verified(const std::string& path);

}  // namespace tessera::test
