// What the linkage unit can see in a file without matching anything: counts, never a value.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "engine/encoded/reader.h"

namespace tessera::encoded {

struct PassOverview {
  std::uint64_t entries = 0;
  std::uint64_t tags = 0;  // distinct: blocks that the file opens
  // Blocks by the number of the file's own entries in them: 1, 2, 3 or 4, 5 and more.
  std::array<std::uint64_t, 4> blocks{};
  // Entries by presence word.
  std::map<std::uint16_t, std::uint64_t> presence;
};

struct Overview {
  std::vector<PassOverview> passes;
  std::array<std::uint64_t, 6> ssn_states{};  // records, by SsnState's number
  std::vector<std::uint64_t> usable;          // records, by their number of usable passes
  std::uint64_t mandatory = 0;                // records with every mandatory pass real
};

// One scan of the tags and presence words. Lets go of each pass once it is counted. Error if a
// sealed pass does not open.
Result<Overview> overview(const File& file);

}  // namespace tessera::encoded
