// The truth and the maps: which record is which person. Only whoever may read maps can ask this.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/progress.h"
#include "engine/core/result.h"
#include "engine/lab/key_index.h"
#include "engine/report/groups.h"
#include "engine/report/tally.h"

namespace tessera::lab {

struct MapFile {
  std::string owner;  // "" = learn it, see Mapped
  std::string path;   // CSV: record,local_id
};

// The records of all maps, numbered in the order of their record keys, so that nothing depends on
// the order of files or rows. A map does not name its owner: the caller does, or it is learned
// from what was linked (claim), or, last, from whose local IDs the truth holds. Local IDs are kept
// as digests only.
class Mapped {
 public:
  // Error, with line: not a record key; a record twice with different local IDs; a local ID twice
  // in one map with different records.
  static Result<Mapped> read(const std::vector<MapFile>& maps, Progress& progress);

  std::size_t size() const { return index_.size(); }
  // Number of a record key written as 32 hex digits; `where` stands in the error.
  // kUnmapped where no map holds it.
  static constexpr std::uint32_t kUnmapped = 0xffffffff;
  Result<std::uint32_t> find(std::string_view hex, std::string_view where) const;
  // Learns that the record's map is of this owner; error if it was known to be of another.
  Result<void> claim(std::uint32_t record, std::string_view owner, std::string_view where);

 private:
  friend class TruthReader;
  KeyIndex index_;
  std::vector<std::uint32_t> map_;  // of each record
  std::vector<Key16> local_;        // digest of each record's local ID
  std::vector<std::string> owner_;  // of each map, "" = not known
  std::vector<std::string> path_;   // of each map
};

// Everybody in the maps, as the report room wants it.
struct Known {
  report::People people;
  std::uint64_t truth_records = 0;      // rows of the truth, without repetitions
  std::uint64_t unmapped = 0;           // of them, in no map
  std::uint64_t true_pairs_in_all = 0;  // over the whole truth, mapped or not, by the same rule
  std::uint64_t owners = 0;             // of the mapped records
  std::vector<report::Grouping> groups;
};

// Reads truth.csv (owner,local_id,person) and, unless `groups_path` is empty, a table of
// owner,local_id and columns of any name. `dedupe`: pairs inside one owner count; they do as well
// where the maps are all of one owner. Call after everything linked was read (claims).
// Error, with line: a local ID of two persons; a group column of more than 200 values.
Result<Known> read_truth(const Mapped& mapped, const std::string& truth_path,
                         const std::string& groups_path, bool dedupe, Progress& progress);

}  // namespace tessera::lab
