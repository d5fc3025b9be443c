// The plain bytes of each section, from columns: what the writers share.
#pragma once

#include <functional>
#include <vector>

#include "engine/core/bytes.h"
#include "engine/core/result.h"
#include "engine/encoded/format.h"
#include "engine/encoded/sections.h"

namespace tessera::encoded {

using Sink = std::function<void(ByteView)>;

// What a file is to hold. Views.
struct Columns {
  const std::vector<PassColumns>& passes;
  const std::vector<JoinRecord>& records;
  const std::vector<JoinHandle>& handles;
};

// Zero bytes up to the next multiple of eight.
void put_padding(std::uint64_t length, const Sink& sink);
// The bytes of a section without their padding: Section::length of them, in pieces.
void put_section(const Section& section, const Columns& in, const Sink& sink);
// Rows of a section.
std::uint64_t rows_of(const Section& section, const Columns& in);
// Error (usage) unless all columns have a length each, so that a file never says one thing and
// holds another. `tokens`: with SSN tokens.
Result<void> check_shapes(const Columns& in, const std::vector<Section>& plan, bool tokens);

}  // namespace tessera::encoded
