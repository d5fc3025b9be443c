// Look-up only: which person of the registry a college or wage record is. Issues nothing.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/cluster/groups.h"
#include "engine/intake/meeting.h"

namespace tessera::intake {

// A link on the way from a person to a record.
struct Hop {
  std::uint32_t record = 0;  // of the files: the far end of the link
  double probability = 0;    // of this link alone
};

// A record of the files and the cluster it belongs to.
struct Place {
  std::uint32_t record = 0;
  registry::StateId id = 0;   // of the registry's person in the cluster; 0: none
  std::uint32_t cluster = 0;  // numbered from 1 where there is no person; else 0
  // From the person to the record, the likeliest way; the last hop ends at the record. More than
  // one: through records of other files. Empty where there is no person.
  std::vector<Hop> path;
  // Product of the path's links: each may fail by itself. Without a person: of the record's
  // strongest link.
  double probability = 0;
};

struct LookUp {
  std::vector<Place>
      places;  // sorted by (id, cluster, record); records that belong nowhere left out
  std::vector<float> nearest;  // per record: probability of its likeliest person; 0: none
  link::Fit fit;
};

// Links the files to the registry's persons and to each other; a cluster holds one person at most
// and one record of each file. `threshold`: least logit of a link. Reads only, from any population.
Result<LookUp> look_up(registry::Registry& registry, link::FileSet& files,
                       const link::Matcher& matcher, link::Decinats threshold, Progress& progress);

}  // namespace tessera::intake
