// Look-up only: which person of the registry a college or wage record is. Issues nothing.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/cluster/groups.h"
#include "engine/intake/meeting.h"

namespace tessera::intake {

// A record of the files and the cluster it belongs to.
struct Place {
  std::uint32_t record = 0;
  registry::StateId id = 0;   // of the registry's person in the cluster; 0: none
  std::uint32_t cluster = 0;  // numbered from 1 where there is no person; else 0
  double probability = 0;   // of the links from the record to the person, along the strongest path;
                            // without a person: of its strongest link
  std::uint32_t steps = 0;  // links on that path: 2 = through a record of another file
};

struct LookUp {
  std::vector<Place>
      places;  // sorted by (id, cluster, record); records that belong nowhere left out
  link::Fit fit;
};

// Links the files to the registry's persons and to each other; a cluster holds one person at most
// and one record of each file. `threshold`: least logit of a link. Reads only, from any population.
Result<LookUp> look_up(registry::Registry& registry, link::FileSet& files,
                       const link::Matcher& matcher, link::Decinats threshold, Progress& progress);

}  // namespace tessera::intake
