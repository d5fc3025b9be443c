// What every row of a pass must satisfy: exact weight of each slot, zeros between them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/schema/layout.h"
#include "engine/schema/schema.h"

namespace tessera::encoded {

// The layout of a pass, turned into masks over 64-bit words. Thread safe.
class RowRule {
 public:
  static constexpr std::size_t kFine = SIZE_MAX;
  static constexpr std::size_t kPadding = SIZE_MAX - 1;

  explicit RowRule(const schema::Layout& layout);
  // The first slot whose weight is wrong; kPadding if only bytes outside the slots are not zero;
  // kFine. `row` is stride bytes, aligned to 8.
  std::size_t broken(const std::uint8_t* row) const;

 private:
  struct Piece {
    std::uint32_t word;
    std::uint32_t slot;
    std::uint64_t mask;
  };
  std::vector<Piece> pieces_;           // in the order of slots
  std::vector<std::uint32_t> weights_;  // of slots
  std::vector<std::uint64_t> outside_;  // bits of each word that no slot holds
};

// The same and the presence word: all that one entry must satisfy by itself. Views the schema and
// the layout, which must outlive it. Thread safe.
class EntryRule {
 public:
  EntryRule(const schema::Layout& layout, const schema::Schema& schema)
      : layout_(layout), schema_(schema), row_(layout) {}
  // What is wrong with an entry; empty if nothing. `row` as for RowRule.
  std::string broken(std::uint16_t presence, const std::uint8_t* row) const;

 private:
  const schema::Layout& layout_;
  const schema::Schema& schema_;
  RowRule row_;
};

}  // namespace tessera::encoded
