// P11, a malicious owner: rosters and entries crafted so that the answers tell of people whom it
// does not teach.
//
// Adversary: an owner with its own file, its signing key and the project key, and as many block
// keys as it likes (its quota is P6's). It sends rows about other owners' people, each under a
// record key of its own or as a new version of one it holds, may spoil the tags of all passes but
// one so that its rows meet the victim's in that pass alone, and reads every answer: status and
// ID, and for questions to the locator found, none or contact. Success: bits that one answer
// tells, birthdays found under a name and a year, rows let in beyond what decision 0020 allows,
// and hunts that nobody is told of.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/attack/channel.h"
#include "engine/attack/office.h"
#include "engine/core/progress.h"
#include "engine/record/fields.h"
#include "engine/schema/schema.h"

namespace tessera::attack {

// Rows about people, each right but for one value, and some about people who are not there.
struct Guesses {
  std::vector<record::Fields> rows;
  std::vector<std::string> secret;  // what is true of the victim, seen from the row
};
// Each victim is used once, in turn for each kind of guess; each stranger once. `name`: what the
// rows' local IDs begin with.
Guesses guesses_about(const schema::Schema& schema, std::span<const record::Fields> victims,
                      std::span<const record::Fields> strangers, const std::string& name,
                      std::uint64_t seed);

// The answers to the guesses, as the owner sees them: an ID that it was told before is itself a
// sign. Each row under a new record key, or, where `under` is not empty, as a new version of these
// records, which are sent first.
Result<Channel> answers_to(StateOffice& office, const std::string& owner, const Guesses& guesses,
                           std::span<const record::Fields> under, Progress& progress);
Result<Channel> replies_to(StateOffice& office, const std::string& owner, const Guesses& guesses,
                           Progress& progress);

struct Hunt {
  std::uint64_t victims = 0, found = 0;
  std::uint64_t admitted = 0, held = 0;  // rows
  std::uint64_t beyond = 0;              // rows let in beyond a block's bound
  std::uint64_t unseen = 0;  // victims learnt about, with no row held, none before a reviewer and
                             // no former owner told
  double bits = 0;           // learnt of the birthdays, all victims
};
// Looks for the birthdays of victims whose names, birth year and the rest it knows: first a row for
// each block of the pass with the fewest, then one for each day that is left. `crafted`: the rows
// meet in one pass alone. `enrolled`: records that the owner has beside. REQUIRES: complete dates,
// not 29 February.
Result<Hunt> hunt_birthdays(StateOffice& office, const schema::Schema& schema,
                            const std::string& owner, std::span<const record::Fields> victims,
                            std::uint64_t enrolled, bool crafted, Progress& progress);

}  // namespace tessera::attack
