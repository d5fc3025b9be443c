// The header of an encoded-v1 or sealed-v1 file as canonical JSON.
#pragma once

#include <string>
#include <string_view>

#include "engine/core/result.h"
#include "engine/encoded/envelope.h"
#include "engine/encoded/format.h"

namespace tessera::encoded {

// One line, members sorted; with an envelope, its members among them. The schema's digest is
// computed, not taken from `header`. Error (usage) if a name or a date is not one.
Result<std::string> header_to_json(const Header& header, const Envelope* envelope = nullptr);
// Error unless `text` is what header_to_json gives for some header: canonical, no member missing
// or unknown, the schema complete and its digest right. With `envelope`, a sealed file's header,
// whose members go there; without, an open file's.
Result<Header> header_from_json(std::string_view text, Envelope* envelope = nullptr);

// [A-Za-z0-9._-]{1,64}, and not the name of a file that `assign` keeps for the linkage unit.
bool is_owner(std::string_view text);

}  // namespace tessera::encoded
