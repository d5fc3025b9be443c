// What a person answers to an open question, and what follows from it at once.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/registry/history.h"
#include "engine/registry/id_changes.h"

namespace tessera::registry {

struct Ruling {
  std::int64_t review = 0;
  Verdict verdict = Verdict::defer;
  StateId id = 0;  // the candidate meant; 0: the only one (same), or all of them (different)
  Author author;
};

struct RulingResult {
  StateId id = 0;       // the record's ID now; 0: none yet
  bool issued = false;  // a new one
  bool closed = false;  // the question is answered
  ledger::Head head;
};

// One transaction on a registry opened with Access::write.
//   same       the record is the candidate: attached to it; a provisional ID resolves to it; a
//   known
//              record moves to it; a person of the other space is linked. With several candidates
//              one must be named: twins are never picked by the machine.
//   different  remembered for ever: the machine never joins the two again. Different from all: a
//              record without an ID gets a new one, a provisional ID becomes permanent.
//   unsure, defer   noted; the question stays open.
// `sees`: the records that the author answers for, such as a district's own; empty: all. Others'
// questions do not exist for them; same and different are then between the record and persons of
// whom they see a record, and what concerns others' persons waits for somebody who sees those.
// Errors: `usage` (author, no such question, not a candidate, several and none named), `conflict`
// (answered already; a held record, which only its owner can mend; a candidate of others).
Result<RulingResult> rule(Registry& registry, const Ruling& ruling, Random& random,
                          const Sees& sees = {});

struct RulingLine {
  Verdict verdict = Verdict::defer;
  StateId id = 0;
  std::string who, why;
};
Result<std::vector<RulingLine>> rulings_of(Registry& registry, std::int64_t review);

}  // namespace tessera::registry
