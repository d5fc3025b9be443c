// Stored entries that a batch brings once more, as they were.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/block/tag_join.h"
#include "engine/encoded/format.h"

namespace tessera::link {

// Of the stored rows with own[i] != 0 those that equal a row of the batch in tag, presence and
// bits: 1 for each, 0 for all others. An owner's record that comes again with other values is there
// twice, as it was and as it is; what did not change of it (its dummies above all) would speak for
// the ID it has, whoever holds its record key now. REQUIRES: rows sorted by tag.
std::vector<std::uint8_t> repeated_rows(const encoded::PassView& stored,
                                        std::span<const std::uint8_t> own,
                                        std::span<const block::Source> batch);

// The rows with leave_out[i] == 0, and of `numbers` those of the same places.
void leave_rows_out(std::span<const std::uint8_t> leave_out, encoded::PassColumns& rows,
                    std::vector<std::uint32_t>& numbers);

}  // namespace tessera::link
