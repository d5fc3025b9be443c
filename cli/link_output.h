// What link, dedupe and 'split link' write and say of scored pairs.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "engine/cluster/assignment.h"
#include "engine/core/bytes.h"
#include "engine/core/result.h"
#include "engine/link/pipeline.h"

namespace tessera::cli {

// Whose a record of a run is. Views the files, which must outlive it.
class Names {
 public:
  // link::FileSet or registrar::SlipSet.
  template <class Files>
  explicit Names(const Files& files)
      : owner_([&files](std::uint32_t r) -> const std::string& {
          return files.files()[files.file_of(r)].header().owner;
        }),
        key_([&files](std::uint32_t r) { return to_hex(files.record(r).key); }) {}
  const std::string& owner(std::uint32_t r) const { return owner_(r); }
  std::string key(std::uint32_t r) const { return key_(r); }

 private:
  std::function<const std::string&(std::uint32_t)> owner_;
  std::function<std::string(std::uint32_t)> key_;
};

struct LinkOutput {
  std::string clusters;
  std::string pairs;       // file for the scored pairs; empty: none
  double pairs_floor = 0;  // least probability of a pair to list
  bool force = false;
};

// The least logit to score where pairs from this probability on are listed. Never above one in a
// hundred: weak pairs are rivals of strong ones.
link::Decinats floor_of(double pairs_floor);
Result<void> write_pairs(const LinkOutput& output, const Names& names,
                         std::span<const link::Pair> pairs, std::span<const float> probability);
// Links to build clusters from: across groups the best assignment, else every pair.
std::vector<cluster::Candidate> links_of(std::span<const link::Pair> pairs,
                                         std::span<const float> probability,
                                         std::span<const std::uint32_t> group, bool across);
// Writes the clusters of two and more; gives their number. `root`: cluster::clusters of `links`.
Result<std::size_t> write_clusters(const LinkOutput& output, const Names& names,
                                   std::span<const std::uint32_t> root,
                                   std::span<const cluster::Candidate> links);

// Standard output, and a warning for each note of the fit.
void say_compared(const schema::Schema& schema, std::span<const link::PassCounts> counts,
                  const link::Fit& fit);
void say_clusters(std::size_t pairs, std::size_t clusters);

}  // namespace tessera::cli
