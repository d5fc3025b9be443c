// The stop switch: whether a field may be collected, by owner and day.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/registry/events.h"
#include "engine/registry/registry.h"

namespace tessera::registry {

// A rule of the registry and its number, in the order in which rules were made.
struct CollectionRule {
  std::int64_t number = 0;
  Collection what;
};
// In the order they were made.
Result<std::vector<CollectionRule>> collection_rules(Registry& registry);

// What holds for a field of an owner on a day (YYYY-MM-DD): of the rules that name the owner or all
// owners and have begun, the one that began last; of those of one day, the one made last. Nothing
// said: allow.
Collect rule_on(std::span<const CollectionRule> rules, std::string_view field,
                std::string_view owner, std::string_view day);
// True if no owner may send the field on that day.
bool stopped_for_all(std::span<const CollectionRule> rules, std::string_view field,
                     std::string_view day);

// How records fare by SSN state: declining must cost nothing.
struct Parity {
  encoded::SsnState state = encoded::SsnState::provided;
  std::int64_t records = 0;
  std::int64_t with_id = 0;  // permanent
  std::int64_t provisional = 0;
  std::int64_t waiting = 0;    // an open review of the record
  std::int64_t suspected = 0;  // of these, for a possible second ID: two persons, already held ...
  std::int64_t later = 0;      // got the ID in a later batch than the first
  std::int64_t batches = 0;    // sum over all with an ID of batches waited
};
// One for each state that occurs, in the order of the states.
Result<std::vector<Parity>> parity(Registry& registry);

// What a purge took away.
struct PurgeCount {
  std::int64_t records = 0;    // whose SSN was held
  std::uint64_t tokens = 0;    // 16 bits each
  std::uint64_t entries = 0;   // of the passes keyed by the SSN
  std::uint64_t payloads = 0;  // digests that counted tokens, replaced
  ledger::SignedHead head;     // of the event that says so
};
// Takes every byte that comes from an SSN out of registry and entry store: tokens, the entries of
// passes keyed by the SSN with their handles, and payload digests (made again from what stays; of
// older payloads only their number is kept, as random bytes). Then rewrites both files, so that
// free pages and logs hold none either. IDs, persons, records and links stay. May be repeated;
// killed anywhere, run it again. REQUIRES: Access::write; no other process has the files open (else
// error `conflict`, after which it is to be run again).
Result<PurgeCount> purge_ssn(Registry& registry, Random& random, Progress& progress);

// What a comparer took out of its store for a registrar.
struct PurgedElsewhere {
  std::uint64_t tokens = 0, entries = 0;
  std::vector<encoded::Handle> gone;  // of the registrar's live ones; sorted
};
// The same in a registrar's registry, which has no entries: its payload digests, and the handles
// that name no entry any more. Error `conflict`, and nothing is changed, if a record would lose
// more handles than it has entries in passes keyed by the SSN.
Result<PurgeCount> forget_ssn(Registry& registry, const PurgedElsewhere& elsewhere, Random& random,
                              Progress& progress);

}  // namespace tessera::registry
