// Staff records that are open to the public: which columns, and that nobody but staff is among
// them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.h"
#include "engine/disclosure/table.h"
#include "engine/registry/registry.h"

namespace tessera::disclosure {

// FERPA's grounds are about students. Some of what a state holds of its staff is open to whoever
// asks (R62); a release of it stands on this ground, names columns of the profile alone, and never
// an SSN.
inline constexpr std::string_view kOpenRecords = "open_records";

// The columns of a profile, {"version", "people": "staff", "fields": [...]}. Error `format` for
// anything else; `conflict` for a column named for SSNs.
Result<std::vector<std::string>> read_staff_profile(std::string_view text, const std::string& name);

// Sets `table.staff_alone`: whether every state ID of the table is of the staff's space. Error
// conflict, with the line, for an ID that the registry never issued: it is nobody's, or a slip for
// somebody else's, in whose account the release would then be missing.
Result<void> look_up(Table& table, registry::Registry& registry);

}  // namespace tessera::disclosure
