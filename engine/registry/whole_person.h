// What a person is told of themselves beside the card of their ID: all their numbers, and what
// people decided about their records.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/registry/registry.h"

namespace tessera::registry {

// A person's answer to a question about a record of theirs, or that named them.
struct Decided {
  std::string day;  // of the batch that asked; "": not said
  Verdict verdict = Verdict::defer;
  bool meant = false;  // their ID was the answer, or the record is theirs
  std::string why;
};
struct WholePerson {
  std::vector<StateId> ids;        // the one that stands for the person, then all that lead to it
  std::vector<Decided> decisions;  // in the order they were made
  std::map<std::int64_t, std::string> days;  // of batches that said their day
};
// The ID that this one leads to, and all retired ones that lead to it. Never issued: error `usage`.
Result<std::vector<StateId>> ids_of(Registry& registry, StateId id);
// Error as ids_of's.
Result<WholePerson> whole_person(Registry& registry, StateId id);

}  // namespace tessera::registry
