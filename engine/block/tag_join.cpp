#include "engine/block/tag_join.h"

#include <algorithm>
#include <atomic>
#include <bit>

#include "engine/core/parallel.h"

namespace tessera::block {
namespace {

using encoded::Tag;

// The two halves of the tag are read big-endian, so that comparing numbers compares bytes.
struct Row {
  std::uint64_t high, low;
  std::uint32_t record;
  std::uint32_t source;
  std::uint32_t row;
};

std::uint64_t big_endian(const std::uint8_t* p) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value = (value << 8) | p[i];
  return value;
}

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

bool earlier_tag(const Row& a, const Row& b) {
  return a.high != b.high ? a.high < b.high : a.low < b.low;
}
bool earlier_in_block(const Row& a, const Row& b) {
  if (a.record != b.record) return a.record < b.record;
  return a.source != b.source ? a.source < b.source : a.row < b.row;
}

// The rows of one range, by tag and then as in a block. Sources come sorted, so their runs are
// merged two by two; only blocks are sorted.
class RangeRows {
 public:
  const std::vector<Row>& collect(std::span<const Source> sources, std::uint32_t from,
                                  std::uint32_t to) {
    rows_.clear();
    runs_.assign(1, 0);
    for (std::size_t s = 0; s < sources.size(); ++s) {
      const auto [first, last] = bounds(sources[s].view.tags, from, to);
      for (std::size_t r = first; r < last; ++r) {
        const Tag& tag = sources[s].view.tags[r];
        rows_.push_back({big_endian(tag.data()), big_endian(tag.data() + 8), sources[s].records[r],
                         static_cast<std::uint32_t>(s), static_cast<std::uint32_t>(r)});
      }
      if (rows_.size() > runs_.back()) runs_.push_back(rows_.size());
    }
    while (runs_.size() > 2) merge_runs();
    for (std::size_t i = 0, j = 0; i < rows_.size(); i = j) {
      for (j = i + 1; j < rows_.size() && !earlier_tag(rows_[i], rows_[j]);) ++j;
      if (j - i > 1) std::sort(at(rows_, i), at(rows_, j), earlier_in_block);
    }
    return rows_;
  }

 private:
  static std::vector<Row>::iterator at(std::vector<Row>& rows, std::size_t i) {
    return rows.begin() + static_cast<std::ptrdiff_t>(i);
  }
  void merge_runs() {
    other_.resize(rows_.size());
    std::vector<std::size_t> runs{0};
    for (std::size_t r = 0; r + 1 < runs_.size(); r += 2) {
      const std::size_t middle = runs_[r + 1];
      const std::size_t end = r + 2 < runs_.size() ? runs_[r + 2] : middle;
      std::merge(at(rows_, runs_[r]), at(rows_, middle), at(rows_, middle), at(rows_, end),
                 at(other_, runs_[r]), earlier_tag);
      runs.push_back(end);
    }
    rows_.swap(other_);
    runs_ = std::move(runs);
  }

  std::vector<Row> rows_;
  std::vector<Row> other_;
  std::vector<std::size_t> runs_;  // where each begins, and the end
};

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
                             const std::function<BlockVisitor(std::size_t)>& visitor) {
  std::atomic<std::uint64_t> seen{0};
  const auto width = static_cast<std::uint32_t>(65536 / ranges);
  parallel_for(ranges, std::max<std::size_t>(1, ranges / 512),
               [&](std::size_t begin, std::size_t end) {
                 RangeRows range_rows;
                 std::vector<Entry> block;
                 for (std::size_t range = begin; range < end; ++range) {
                   const auto from = static_cast<std::uint32_t>(range) * width;
                   const BlockVisitor visit = visitor(range);
                   const std::vector<Row>& rows = range_rows.collect(sources, from, from + width);
                   seen += rows.size();
                   for (std::size_t i = 0, j = 0; i < rows.size(); i = j) {
                     for (j = i + 1; j < rows.size() && !earlier_tag(rows[i], rows[j]);) ++j;
                     if (j - i < 2) continue;
                     block.clear();
                     for (std::size_t k = i; k < j; ++k)
                       block.push_back(entry_of(sources[rows[k].source], rows[k]));
                     visit(block);
                   }
                 }
               });
  return seen;
}

std::uint64_t for_each_block(std::span<const Source> sources, std::size_t ranges,
                             const std::function<void(std::size_t, std::span<const Entry>)>& body) {
  return for_each_block(sources, ranges, [&](std::size_t range) -> BlockVisitor {
    return [&body, range](std::span<const Entry> block) { body(range, block); };
  });
}

}  // namespace tessera::block
