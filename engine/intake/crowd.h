// Blocks that hold more records of one owner than chance makes: what is beyond is held back.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "engine/core/result.h"
#include "engine/link/files.h"
#include "engine/registry/epoch.h"
#include "engine/registry/registry.h"

namespace tessera::intake {

// An owner that varies a record under one tag reads its values out of the answers: hence a bound on
// its records there, stored ones included (docs/decisions: an owner is not trusted with an oracle).
// See passes one after the other, each once; then ask.
class Crowd {
 public:
  // What a record of the files is to its owner's blocks: nothing new, changed values, or new.
  enum class Role : std::uint8_t { settled, changed, fresh };
  struct Member {
    Role role = Role::settled;
    registry::RecordId own = 0;  // its number here, if it has one
  };
  // Reads what is known of the batch's owners. `members`: per record of the files.
  static Result<Crowd> open(registry::Registry& registry, const registry::Epoch& epoch,
                            const link::FileSet& files, std::vector<Member> members);
  // `batch`: the files' rows of the pass; `stored`: stored entries of the same tags, and whose.
  Result<void> see(std::size_t pass, const std::vector<block::Source>& batch,
                   const encoded::PassColumns& stored, std::span<const registry::RecordId> whose);
  // Per record of the files: 1 if it is beyond the bound of a block. Of an owner's new records in a
  // block those with the smallest record keys are let in.
  const std::vector<std::uint8_t>& held() const { return held_; }
  // Per record: more tags in a pass than is common (the pass's least, and at least three).
  const std::vector<std::uint8_t>& many_names() const { return many_; }

 private:
  Crowd(registry::Registry& registry, const link::FileSet& files)
      : registry_(&registry), files_(&files) {}
  struct Owner {
    std::int64_t number = 0;  // 0: never seen
    std::uint64_t enrolment = 0;
  };
  void count_names(std::size_t pass, const std::vector<block::Source>& batch);
  Result<void> judge(std::uint64_t most, const Owner& owner, std::vector<std::uint32_t>& fresh,
                     std::span<const registry::RecordId> stored);

  registry::Registry* registry_;
  const link::FileSet* files_;
  std::vector<Owner> owners_;    // per file
  std::vector<Member> members_;  // per record
  std::vector<std::uint8_t> held_, many_;
  std::vector<std::optional<double>> shares_;
  std::unordered_map<registry::RecordId, std::int64_t> owner_of_;
};

}  // namespace tessera::intake
