// Entries drawn so that every level of every field is met: rows of a layout, and relatives of them.
#pragma once

#include <vector>

#include "engine/block/tag_join.h"
#include "engine/core/random.h"
#include "engine/schema/layout.h"

namespace tessera::test {

// Entries that own their rows; most are made from the one before by keeping, changing or
// exchanging slots.
class Rows {
 public:
  Rows(const schema::Schema& schema, std::size_t pass, std::size_t count, std::uint64_t seed);
  const std::vector<block::Entry>& entries() const { return entries_; }

 private:
  std::vector<std::uint8_t> bits_;
  std::vector<block::Entry> entries_;
};

}  // namespace tessera::test
