// The tile join: windows, chunks, folds on the fly, and the exact check of what a scan lets
// through.
#include "engine/bits/join.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <numeric>
#include <vector>

#include "engine/bits/plan.h"
#include "engine/core/parallel.h"

namespace tessera::bits {
namespace {

constexpr std::size_t kChunk = 256;            // left rows scanned at once
constexpr std::size_t kTileBytes = 640 << 10;  // packed right rows, to stay in the second cache
constexpr std::size_t kMostTileRows = 4096;
constexpr std::size_t kFlush = std::size_t{1} << 16;  // hits

std::vector<std::uint32_t> counts_of(const Matrix& m) {
  std::vector<std::uint32_t> out(m.rows());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = m.count(i);
  return out;
}

struct Range {
  std::size_t begin;
  std::size_t end;
};

// One join: what all its units share.
class Join {
 public:
  Join(const Sorted& left, const Sorted& right, bool within, const JoinOptions& options,
       HitSink& sink, Progress& progress)
      : left_(left),
        right_(right),
        within_(within),
        sink_(sink),
        progress_(progress),
        kernel_(options.kernel != nullptr ? *options.kernel : best_kernel()),
        decision_(options.threshold, left.matrix.bits()),
        plan_(left, right, decision_, kernel_, options.fold_words),
        left_counts_(counts_of(left.matrix)),
        right_counts_(within ? left_counts_ : counts_of(right.matrix)) {}

  JoinTally run() {
    const std::size_t rows = right_.matrix.rows();
    const std::size_t row_bytes =
        plan_.at(typical_budget()).scanner->packed_bytes(256, plan_.at(typical_budget()).words) /
        256;
    std::size_t tile = std::clamp(kTileBytes / std::max<std::size_t>(row_bytes, 1) / 256 * 256,
                                  std::size_t{512}, kMostTileRows);
    // Enough units for every thread: smaller tiles first, then the left side in strips.
    while (tile > 512 && rows / tile < 4 * threads()) tile /= 2;
    const std::size_t tiles = (rows + tile - 1) / tile;
    const std::size_t strips = tiles == 0 ? 0 : std::max<std::size_t>(1, 4 * threads() / tiles);
    parallel_for(tiles * strips, 1, [&](std::size_t begin, std::size_t end) {
      for (std::size_t u = begin; u < end; ++u) {
        const std::size_t at = u / strips * tile;
        unit({at, std::min(rows, at + tile)}, u % strips, strips);
      }
    });
    return {pairs_, scanned_, candidates_, hits_};
  }

 private:
  struct Workspace {
    Scratch packed;
    Scratch scan;
    const Step* step = nullptr;  // what `packed` was made for
    std::byte* lanes = nullptr;
    std::vector<std::uint64_t> folds;
    std::vector<std::int32_t> left_budget;
    std::vector<std::int32_t> right_budget;
    std::vector<Candidate> found;
    std::vector<Hit> hits;
  };

  std::int32_t typical_budget() const {
    if (left_.matrix.rows() == 0 || right_.matrix.rows() == 0) return 0;
    return decision_.left_budget(left_counts_[left_counts_.size() / 2]) +
           decision_.right_budget(right_.matrix.count(right_.matrix.rows() / 2));
  }

  // Left rows that may match some row of a right tile: the window of the counts, in this strip.
  Range window(Range tile) const {
    const std::uint32_t low = decision_.low(right_.matrix.count(tile.begin));
    const std::uint32_t high = decision_.high(right_.matrix.count(tile.end - 1));
    const auto from = std::lower_bound(left_counts_.begin(), left_counts_.end(), low);
    const auto to = std::upper_bound(from, left_counts_.end(), high);
    Range r{static_cast<std::size_t>(from - left_counts_.begin()),
            static_cast<std::size_t>(to - left_counts_.begin())};
    if (within_) r.end = std::min(r.end, tile.end);
    r.begin = std::min(r.begin, r.end);
    return r;
  }

  // Rows of the tile that may match some row of a chunk: much the narrower window where a tile
  // spans many counts. Within one set only what comes after the chunk's first row.
  Range facing(Range rows, Range tile) const {
    const auto at = [&](std::size_t i) {
      return right_counts_.begin() + static_cast<std::ptrdiff_t>(i);
    };
    const auto from =
        std::lower_bound(at(tile.begin), at(tile.end), decision_.low(left_counts_[rows.begin]));
    const auto to =
        std::upper_bound(from, at(tile.end), decision_.high(left_counts_[rows.end - 1]));
    Range r{static_cast<std::size_t>(from - right_counts_.begin()),
            static_cast<std::size_t>(to - right_counts_.begin())};
    if (within_) r.begin = std::min(std::max(r.begin, rows.begin + 1), r.end);
    return r;
  }

  void unit(Range tile, std::size_t strip, std::size_t strips) {
    const std::size_t rows = left_.matrix.rows();
    const Range whole = window(tile);
    const std::size_t span = whole.end - whole.begin;
    const Range part{whole.begin + span * strip / strips,
                     whole.begin + span * (strip + 1) / strips};
    Workspace space;
    space.right_budget.resize((tile.end - tile.begin + kChunk - 1) / kChunk * kChunk, kNoBudget);
    for (std::size_t j = tile.begin; j < tile.end; ++j)
      space.right_budget[j - tile.begin] = decision_.right_budget(right_counts_[j]);
    for (std::size_t i = part.begin; i < part.end; i += kChunk) {
      const Range lefts{i, std::min(part.end, i + kChunk)};
      const Range rights = facing(lefts, tile);
      if (rights.begin < rights.end) chunk(lefts, rights, tile, space);
    }
    flush(space);
    // Pairs outside the window are decided too: they count as done.
    const std::uint64_t done =
        tile_pairs(tile, rows) * (strip + 1) / strips - tile_pairs(tile, rows) * strip / strips;
    pairs_ += done;
    progress_.advance(done);
  }

  std::uint64_t tile_pairs(Range tile, std::size_t rows) const {
    const std::uint64_t n = tile.end - tile.begin;
    if (!within_) return n * rows;
    return n * tile.begin + n * (n - 1) / 2;  // pairs (i, j) with i < j and j in the tile
  }

  void pack(const Step& step, Range tile, Workspace& space) {
    const std::size_t n = tile.end - tile.begin;
    const std::size_t words = right_.matrix.words();
    space.folds.resize(std::max(n, kChunk) * step.words);
    for (std::size_t j = 0; j < n; ++j)
      fold(right_.matrix.row(tile.begin + j), words, step.words, &space.folds[j * step.words]);
    space.lanes =
        static_cast<std::byte*>(space.packed.take(step.scanner->packed_bytes(n, step.words)));
    step.scanner->pack(space.folds.data(), n, step.words, space.lanes);
    space.step = &step;
  }

  // Left rows against part of a tile.
  void chunk(Range rows, Range right, Range tile, Workspace& space) {
    const std::size_t n = rows.end - rows.begin;
    space.left_budget.resize(n);
    for (std::size_t i = 0; i < n; ++i)
      space.left_budget[i] = decision_.left_budget(left_counts_[rows.begin + i]);
    // Counts ascend, and budgets with them: the last rows have the largest.
    const Step& step =
        plan_.at(space.left_budget[n - 1] + space.right_budget[right.end - 1 - tile.begin]);
    if (space.step == nullptr || space.step->scanner != step.scanner ||
        space.step->words != step.words)
      pack(step, tile, space);
    space.folds.resize(std::max(space.folds.size(), n * step.words));
    for (std::size_t i = 0; i < n; ++i)
      fold(left_.matrix.row(rows.begin + i), left_.matrix.words(), step.words,
           &space.folds[i * step.words]);
    space.found.clear();
    // Packed rows can be entered at whole groups only.
    const std::size_t group = step.scanner->group;
    const std::size_t skip = (right.begin - tile.begin) / group * group;
    const std::size_t width = right.end - tile.begin - skip;
    step.scanner->scan({space.folds.data(), space.left_budget.data(), n,
                        space.lanes + step.scanner->packed_bytes(skip, step.words),
                        space.right_budget.data() + skip, width, step.words},
                       space.scan, space.found);
    scanned_ += static_cast<std::uint64_t>(n) * width;
    candidates_ += space.found.size();
    check(rows.begin, tile.begin + skip, space);
    if (space.hits.size() >= kFlush) flush(space);
  }

  // Counts the named pairs on the full filters and keeps those with enough shared bits.
  void check(std::size_t left_at, std::size_t right_at, Workspace& space) {
    const std::size_t words = left_.matrix.words();
    for (const Candidate& c : space.found) {
      const std::size_t i = left_at + c.left;
      const std::size_t j = right_at + c.right;
      if (within_ && i >= j) continue;
      const std::uint32_t sum = left_counts_[i] + right_counts_[j];
      const std::uint32_t shared =
          kernel_.count_and(left_.matrix.row(i), right_.matrix.row(j), words);
      if (shared < decision_.need(sum)) continue;
      std::uint32_t a = left_.original[i];
      std::uint32_t b = right_.original[j];
      if (within_ && a > b) std::swap(a, b);
      space.hits.push_back({a, b, shared, sum});
    }
  }

  void flush(Workspace& space) {
    if (space.hits.empty()) return;
    const std::lock_guard lock(mutex_);
    hits_ += space.hits.size();
    sink_.take(space.hits);
    space.hits.clear();
  }

  const Sorted& left_;
  const Sorted& right_;
  const bool within_;
  HitSink& sink_;
  Progress& progress_;
  const Kernel& kernel_;
  const Decision decision_;
  const Plan plan_;
  const std::vector<std::uint32_t> left_counts_;
  const std::vector<std::uint32_t> right_counts_;
  std::mutex mutex_;
  std::atomic<std::uint64_t> pairs_{0};
  std::atomic<std::uint64_t> scanned_{0};
  std::atomic<std::uint64_t> candidates_{0};
  std::uint64_t hits_ = 0;  // under mutex_
};

}  // namespace

JoinTally join(const Sorted& left, const Sorted& right, const JoinOptions& options, HitSink& sink,
               Progress& progress) {
  if (left.matrix.rows() == 0 || right.matrix.rows() == 0) return {};
  return Join(left, right, false, options, sink, progress).run();
}

JoinTally join_within(const Sorted& rows, const JoinOptions& options, HitSink& sink,
                      Progress& progress) {
  if (rows.matrix.rows() < 2) return {};
  return Join(rows, rows, true, options, sink, progress).run();
}

}  // namespace tessera::bits
