// What may be taken out for good, beside an epoch's end: two of the events of events.h.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/registry/state_id.h"

namespace tessera::registry {

struct SsnPurged {  // "purge": all that came from SSNs was taken out
  std::int64_t records = 0, tokens = 0, entries = 0;
};
struct Destroyed {                     // "destroy": all that these records were encoded to
  std::vector<StateId> ids;            // archived; tombstones from here on
  std::vector<std::uint64_t> records;  // RecordIds, rising: whoever's they are in an older copy
  std::int64_t entries = 0, payloads = 0;
  std::string who, why;
};

}  // namespace tessera::registry
