// The linkage unit as an owner meets it: the real `assign` and `locate` on a registry of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "engine/attack/seed_random.h"
#include "engine/core/progress.h"
#include "engine/core/result.h"
#include "engine/encode/draft.h"
#include "engine/intake/locate.h"
#include "engine/keys/key_file.h"
#include "engine/link/matcher.h"
#include "engine/record/fields.h"
#include "engine/registry/batch.h"
#include "engine/schema/schema.h"

namespace tessera::attack {

// What became of one record. An owner is told status and ID; reason and probability never leave
// the unit, and are here for counting.
struct Told {
  registry::Status status = registry::Status::review;
  registry::StateId id = 0;
  registry::Reason reason = registry::Reason::none;
  double probability = 0;
};

struct Batch {
  std::vector<Told> told;               // in the order of the people sent
  std::set<registry::StateId> claimed;  // IDs of which a former owner was told
  std::uint64_t alarms = 0;
};

// A registry in a folder, and whoever sends files to it under the project's key. Owners may change
// what they encoded before they send it. Not thread safe.
class StateOffice {
 public:
  using Craft = std::function<void(encode::Encoded&)>;

  // Makes a registry of `schema` in `folder`, which exists and is empty.
  static Result<StateOffice> open(const std::string& folder, const schema::Schema& schema,
                                  std::uint64_t seed);
  // One batch of one file. REQUIRES: local IDs are unique.
  Result<Batch> assign(const std::string& owner, std::span<const record::Fields> people,
                       Progress& progress, const Craft& craft = {});
  Result<intake::Located> locate(const std::string& owner, const record::Fields& person,
                                 Progress& progress);

 private:
  StateOffice(std::string folder, const schema::Schema& schema, std::uint64_t seed);
  std::string registry_path() const { return folder_ + "/state.db"; }
  Result<std::string> write(const std::string& owner, const encode::Encoded& made, bool question);

  std::string folder_;
  const schema::Schema* schema_;
  std::unique_ptr<SeedRandom> random_;
  keys::ProjectKey key_;
  std::unique_ptr<link::Matcher> matcher_;
};

}  // namespace tessera::attack
