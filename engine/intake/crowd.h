// Blocks that hold more records of one owner than chance makes: what is beyond is held back.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/block/tag_join.h"
#include "engine/core/result.h"
#include "engine/encoded/format.h"
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
  // A file of the batch: whose, and the number of its first record.
  struct File {
    std::string owner;
    std::uint32_t first = 0;
  };
  // Reads what is known of the batch's owners. `members`: per record of the files, which come in
  // the order of their records' numbers.
  static Result<Crowd> open(registry::Registry& registry, const registry::Epoch& epoch,
                            const std::vector<File>& files, std::vector<Member> members);
  // `batch`: the files' rows of the pass, one source each; `stored`: stored entries of the same
  // tags, and whose.
  Result<void> see(std::size_t pass, const std::vector<block::Source>& batch,
                   const encoded::PassColumns& stored, std::span<const registry::RecordId> whose);
  // The same piece by piece, where somebody else found the blocks. Records of the batch, one for
  // each of their rows of the pass:
  void count_names(std::size_t pass, const std::vector<std::span<const std::uint32_t>>& rows);
  // One block: records of the batch, sorted, and stored ones, one for each of their rows.
  Result<void> see_block(std::size_t pass, std::span<const std::uint32_t> records,
                         std::span<const registry::RecordId> stored);
  // A block with as many rows of a file and of the store, or fewer, holds nobody back.
  std::optional<std::uint64_t> harmless(std::size_t pass) const;
  // Per record of the files: 1 if it is beyond the bound of a block. Of an owner's new records in a
  // block those with the smallest record keys are let in.
  const std::vector<std::uint8_t>& held() const { return held_; }
  // Per record: more tags in a pass than is common (the pass's least, and at least three).
  const std::vector<std::uint8_t>& many_names() const { return many_; }

 private:
  explicit Crowd(registry::Registry& registry) : registry_(&registry) {}
  struct Owner {
    std::uint32_t first = 0;                         // record of its file
    std::int64_t number = 0;                         // 0: never seen
    std::vector<std::optional<std::uint64_t>> most;  // per pass: its records under one tag
  };
  const Owner& owner_of_file(std::uint32_t record) const;
  // `rows`: of one file and one block; `stored`: of that block.
  Result<void> see_file(std::size_t pass, std::span<const std::uint32_t> rows,
                        std::span<const registry::RecordId> stored);
  Result<void> judge(std::uint64_t most, const Owner& owner, std::vector<std::uint32_t>& fresh,
                     std::span<const registry::RecordId> stored);

  registry::Registry* registry_;
  std::vector<std::uint32_t> common_;  // per pass: as many tags of a record are nothing special
  std::vector<Owner> owners_;          // per file
  std::vector<Member> members_;        // per record
  std::vector<std::uint8_t> held_, many_;
  std::unordered_map<registry::RecordId, std::int64_t> owner_of_;
};

}  // namespace tessera::intake
