// What 'assign' and 'split assign' have in common: above all what they give out, files for the unit
// and for each owner, written together.
#pragma once

#include <map>
#include <span>
#include <string>

#include "cli/gate.h"
#include "engine/core/json.h"
#include "engine/core/result.h"
#include "engine/intake/collection.h"
#include "engine/intake/weighed.h"
#include "engine/registry/epoch.h"
#include "engine/registry/registry.h"

namespace tessera::cli {

// Made in memory first.
struct Answer {
  std::map<std::string, std::string> text;  // by file name
  std::map<std::string, std::uint64_t> statuses;
  std::map<std::string, std::uint64_t> reasons;
};

Answer answer_of(const intake::Weighed& weighed, const registry::Receipt& receipt);
// What owners are told about SSNs they sent: a table for us, and one for each owner.
void add_notices(const std::vector<intake::Notice>& notices, Answer& answer);
json::Value summary_of(const intake::Weighed& weighed, const registry::Receipt& receipt,
                       const Answer& answer);

// Where an answer goes.
struct AnswerFolder {
  std::string path;
  bool force = false;  // into a folder that is not empty
  // Makes it. Error (usage) for one that is there and not empty.
  Result<void> prepare() const;
  // Claims first: they are told once, while the same files given again bring back all else.
  Result<void> write(const Answer& answer) const;
  // Of a batch that a stop refuses: its notices, and the error that says so.
  Error refuse(const intake::Enforced& found) const;
  // After the commit: what fails takes nothing back, and the same files get the same IDs again.
  Result<void> give_out(const Pass& pass, const registry::Receipt& receipt,
                        const Answer& answer) const;
};

// The day by whose rules SSNs are taken, YYYY-MM-DD: today, or that of the newest batch where this
// machine's clock has gone back, which is warned of.
Result<std::string> day_of_rules(const Gate& gate, registry::Registry& registry);
// Warns where the years of the epoch are over on `day`.
void warn_if_over(const registry::Epoch& current, const std::string& day);

// How many records each field was stopped of, for a summary.
json::Value stops_of(const intake::Enforced& stops);
// The same in a warning, with as many SSNs sent again: notices were given out of both.
void warn_of_stops(const intake::Enforced& stops, std::size_t repeated);
// Standard output, and a warning for each note of the fit.
void say_outcome(const intake::Weighed& weighed, const registry::Receipt& receipt, Answer& answer);

}  // namespace tessera::cli
