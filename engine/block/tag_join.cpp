#include "engine/block/tag_join.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstring>

#include "engine/core/parallel.h"

namespace tessera::block {
namespace {

using encoded::Tag;

struct Row {
  Tag tag;
  std::uint32_t record;
  std::uint32_t source;
  std::uint32_t row;
};

// First two bytes, big-endian: the order of the tags themselves.
std::uint32_t prefix(const Tag& t) { return (std::uint32_t{t[0]} << 8) | t[1]; }

// Rows of a source whose tags lie in [from, to) by prefix.
std::pair<std::size_t, std::size_t> bounds(std::span<const Tag> tags, std::uint32_t from,
                                           std::uint32_t to) {
  const auto less = [](const Tag& t, std::uint32_t p) { return prefix(t) < p; };
  const auto first = std::lower_bound(tags.begin(), tags.end(), from, less);
  const auto last = std::lower_bound(first, tags.end(), to, less);
  return {static_cast<std::size_t>(first - tags.begin()),
          static_cast<std::size_t>(last - tags.begin())};
}

void collect(std::span<const Source> sources, std::uint32_t from, std::uint32_t to,
             std::vector<Row>& rows) {
  rows.clear();
  for (std::size_t s = 0; s < sources.size(); ++s) {
    const auto [first, last] = bounds(sources[s].view.tags, from, to);
    for (std::size_t r = first; r < last; ++r)
      rows.push_back({sources[s].view.tags[r], sources[s].records[r], static_cast<std::uint32_t>(s),
                      static_cast<std::uint32_t>(r)});
  }
  std::ranges::sort(rows, [](const Row& a, const Row& b) {
    if (const int c = std::memcmp(a.tag.data(), b.tag.data(), a.tag.size()); c != 0) return c < 0;
    if (a.record != b.record) return a.record < b.record;
    return a.source != b.source ? a.source < b.source : a.row < b.row;
  });
}

Entry entry_of(const Source& source, const Row& row) {
  const encoded::PassView& v = source.view;
  return {row.record, v.presence[row.row],
          v.ssn_tokens.empty() ? std::uint16_t{0} : v.ssn_tokens[row.row],
          v.bits.data() + std::size_t{row.row} * v.stride};
}

}  // namespace

std::size_t ranges_for(std::uint64_t entries) {
  constexpr std::uint64_t kEntriesPerRange = 2048;  // times about 130 bytes: inside a 256 KiB cache
  return std::bit_ceil(std::clamp<std::uint64_t>(entries / kEntriesPerRange, 1, 65536));
}

std::uint64_t for_each_block(std::span<const Source> sources, std::size_t ranges,
                             const std::function<void(std::size_t, std::span<const Entry>)>& body) {
  std::atomic<std::uint64_t> seen{0};
  const auto width = static_cast<std::uint32_t>(65536 / ranges);
  parallel_for(ranges, std::max<std::size_t>(1, ranges / 512),
               [&](std::size_t begin, std::size_t end) {
                 std::vector<Row> rows;
                 std::vector<Entry> block;
                 for (std::size_t range = begin; range < end; ++range) {
                   const auto from = static_cast<std::uint32_t>(range) * width;
                   collect(sources, from, from + width, rows);
                   seen += rows.size();
                   for (std::size_t i = 0; i < rows.size();) {
                     std::size_t j = i + 1;
                     while (j < rows.size() && rows[j].tag == rows[i].tag) ++j;
                     if (j - i > 1) {
                       block.clear();
                       for (std::size_t k = i; k < j; ++k)
                         block.push_back(entry_of(sources[rows[k].source], rows[k]));
                       body(range, block);
                     }
                     i = j;
                   }
                 }
               });
  return seen;
}

}  // namespace tessera::block
