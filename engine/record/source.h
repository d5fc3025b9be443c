// The kinds of roster file, each of which turns its bytes into rows of an Intake.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/record/roster.h"

namespace tessera::record {

// All have read_roster's contract; `text` outlives the call.
struct Source {
  std::string name;  // for messages
  const schema::Schema& schema;
  const ReadOptions& options;
  Progress& progress;
  std::vector<Reject>* rejects;
};
Result<Roster> read_csv(std::string_view text, const Source& source);
Result<Roster> read_wage(std::string_view text, const Source& source);
Result<Roster> read_oneroster_folder(const std::string& folder, const Source& source);
Result<Roster> read_oneroster_zip(ByteView bytes, const Source& source);

// True if the text begins like a file of fixed-width wage records.
bool looks_like_wage(std::string_view text);

}  // namespace tessera::record
