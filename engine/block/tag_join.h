// Which entries to compare: those of one pass whose tags are equal. A pure function of the pass's
// entries, so that the same join can run on any engine that groups rows by tag.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "engine/encoded/format.h"

namespace tessera::block {

// One entry as the join hands it on. `bits` points into its source.
struct Entry {
  std::uint32_t record = 0;  // number of the record in this run
  std::uint16_t presence = 0;
  std::uint16_t ssn_token = 0;
  const std::uint8_t* bits = nullptr;
};

// Entries of one file or store in one pass, sorted by tag, and the record of each row.
struct Source {
  encoded::PassView view;
  std::span<const std::uint32_t> records;  // view.rows() of them
};

// What is done with the blocks of one range; made by the thread that runs the range.
using BlockVisitor = std::function<void(std::span<const Entry> block)>;

// Calls visitor(range)(block) for every block of two or more entries: the entries of all sources
// with one tag, ordered by (record, source, row). Blocks come in `ranges` disjoint tag ranges;
// ranges run concurrently, blocks of one range in tag order. So a visitor that appends to storage
// of its own range gives the same whole for any thread count. REQUIRES: ranges is a power of two up
// to 65536, and every source is sorted by tag. Returns the number of entries seen.
std::uint64_t for_each_block(std::span<const Source> sources, std::size_t ranges,
                             const std::function<BlockVisitor(std::size_t range)>& visitor);
// The same for a body without a memory of its own.
std::uint64_t for_each_block(
    std::span<const Source> sources, std::size_t ranges,
    const std::function<void(std::size_t range, std::span<const Entry> block)>& body);

// A power of two that keeps a range's entries inside a core's cache.
std::size_t ranges_for(std::uint64_t entries);

}  // namespace tessera::block
