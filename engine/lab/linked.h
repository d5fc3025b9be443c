// What link, dedupe and assign wrote, as numbers of mapped records.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/progress.h"
#include "engine/core/result.h"
#include "engine/lab/truth.h"
#include "engine/report/clusters.h"
#include "engine/report/issued.h"
#include "engine/report/tally.h"

namespace tessera::lab {

// Each reader claims the owners it meets (Mapped::claim). Rows with a record that is in no map are
// counted in `unmapped` and left out. Errors name the line, never a value.

struct LinkedPairs {
  std::vector<report::Pair> pairs;
  std::uint64_t unmapped = 0;
};
// left_owner,left_record,right_owner,right_record,weight,probability
Result<LinkedPairs> read_pairs(const std::string& path, Mapped& mapped, Progress& progress);

struct LinkedClusters {
  std::vector<std::uint32_t> cluster;  // of each mapped record, report::kAlone if it is in none
  std::uint64_t unmapped = 0;
};
// cluster,owner,record[,probability]; a record stands in one cluster.
Result<LinkedClusters> read_clusters(const std::string& path, Mapped& mapped, Progress& progress);

struct IssuedIds {
  std::vector<report::Issued> rows;
  std::uint64_t unmapped = 0;
};
// owner,record,state_id,status[,probability][,decided_by]; decided_by "score" marks a link by
// score.
Result<IssuedIds> read_ids(const std::string& path, Mapped& mapped, Progress& progress);

}  // namespace tessera::lab
