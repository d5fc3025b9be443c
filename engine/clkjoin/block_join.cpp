#include "engine/clkjoin/block_join.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <mutex>

#include "engine/core/parallel.h"

namespace tessera::clkjoin {
namespace {

using bits::Hit;
using bits::Matrix;

constexpr std::size_t kLargeBlock = 65536;  // pairs from which the tile join is worth its set-up
constexpr std::size_t kGrain = 256;         // blocks per piece of work
constexpr std::size_t kFlush = 4096;        // hits
constexpr std::size_t kAhead = 3;           // blocks whose rows are fetched ahead

// Rows by block: the transpose of RowBlocks.
struct BlockRows {
  std::vector<std::size_t> start;
  std::vector<std::uint32_t> rows;
  std::span<const std::uint32_t> of(std::size_t block) const {
    return std::span(rows).subspan(start[block], start[block + 1] - start[block]);
  }
};

BlockRows transpose(const RowBlocks& blocks, std::size_t names) {
  BlockRows out{std::vector<std::size_t>(names + 2), std::vector<std::uint32_t>(blocks.entries())};
  for (std::size_t r = 0; r < blocks.rows(); ++r)
    for (const std::uint32_t b : blocks.of(r)) ++out.start[b + 2];
  for (std::size_t b = 2; b < out.start.size(); ++b) out.start[b] += out.start[b - 1];
  for (std::size_t r = 0; r < blocks.rows(); ++r)
    for (const std::uint32_t b : blocks.of(r))
      out.rows[out.start[b + 1]++] = static_cast<std::uint32_t>(r);
  return out;
}

Matrix gather(const Matrix& from, std::span<const std::uint32_t> rows) {
  Matrix out(rows.size(), from.bits());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::memcpy(out.row(i), from.row(rows[i]), from.words() * 8);
    out.recount(i);
  }
  return out;
}

struct Keep final : bits::HitSink {
  std::vector<Hit> hits;
  void take(std::span<const Hit> some) override {
    hits.insert(hits.end(), some.begin(), some.end());
  }
};

// True if `block` is the first one that the two rows share: the one that answers for the pair.
bool first_shared(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b,
                  std::uint32_t block) {
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i] == b[j]) return a[i] == block;
    a[i] < b[j] ? ++i : ++j;
  }
  return false;
}

class BlockJoin {
 public:
  BlockJoin(const Matrix& left, const RowBlocks& left_blocks, const Matrix& right,
            const RowBlocks& right_blocks, std::size_t names, bool within,
            const BlockJoinOptions& options, bits::HitSink& sink, Progress& progress)
      : left_(left),
        right_(right),
        left_blocks_(left_blocks),
        right_blocks_(right_blocks),
        within_(within),
        options_(options),
        sink_(sink),
        progress_(progress),
        kernel_(options.join.kernel != nullptr ? *options.join.kernel : bits::best_kernel()),
        decision_(options.join.threshold, left.bits()),
        left_rows_(transpose(left_blocks, names)),
        right_rows_(within ? BlockRows{} : transpose(right_blocks, names)) {}

  bits::JoinTally run(std::size_t names) {
    parallel_for(names, kGrain, [&](std::size_t begin, std::size_t end) {
      std::vector<Hit> hits;
      std::uint64_t done = 0;
      for (std::size_t b = begin; b < end; ++b) {
        if (b + kAhead < end) {
          fetch(left_, left_rows_.of(b + kAhead));
          if (!within_) fetch(right_, right_rows_.of(b + kAhead));
        }
        const auto a = left_rows_.of(b);
        const auto c = within_ ? a : right_rows_.of(b);
        if (a.empty() || c.empty()) continue;
        const std::size_t from = hits.size();
        if (a.size() * c.size() < kLargeBlock)
          small(a, c, hits);
        else
          large(a, c, hits);
        keep(static_cast<std::uint32_t>(b), from, hits);
        done += within_ ? a.size() * (a.size() - 1) / 2 : a.size() * c.size();
        if (hits.size() >= kFlush) flush(hits);
      }
      flush(hits);
      pairs_ += done;
      progress_.advance(done);
    });
    return {pairs_, pairs_, pairs_, hits_};
  }

 private:
  // The rows of a small block lie anywhere; fetched ahead they cost a fraction.
  static void fetch(const Matrix& m, std::span<const std::uint32_t> rows) {
    constexpr std::size_t kLine = 8;  // words
    if (rows.size() > 64) return;
    for (const std::uint32_t r : rows)
      for (std::size_t k = 0; k < m.words(); k += kLine) __builtin_prefetch(m.row(r) + k);
  }

  void small(std::span<const std::uint32_t> a, std::span<const std::uint32_t> c,
             std::vector<Hit>& hits) const {
    const std::size_t words = left_.words();
    for (std::size_t i = 0; i < a.size(); ++i) {
      const std::uint32_t n = left_.count(a[i]);
      for (std::size_t j = within_ ? i + 1 : 0; j < c.size(); ++j) {
        const std::uint32_t sum = n + right_.count(c[j]);
        const std::uint32_t need = decision_.need(sum);
        if (need > n || need > sum - n) continue;
        const std::uint32_t shared = kernel_.count_and(left_.row(a[i]), right_.row(c[j]), words);
        if (shared >= need) hits.push_back({a[i], c[j], shared, sum});
      }
    }
  }

  void large(std::span<const std::uint32_t> a, std::span<const std::uint32_t> c,
             std::vector<Hit>& hits) const {
    Keep found;
    Silent silent;
    const bits::Sorted left = bits::sort_by_count(gather(left_, a));
    if (within_)
      bits::join_within(left, options_.join, found, silent);
    else
      bits::join(left, bits::sort_by_count(gather(right_, c)), options_.join, found, silent);
    for (const Hit& h : found.hits) hits.push_back({a[h.left], c[h.right], h.shared, h.sum});
  }

  // Of the hits of one block, those it answers for.
  void keep(std::uint32_t block, std::size_t from, std::vector<Hit>& hits) const {
    if (options_.top_k != 0) {
      std::vector<Hit> best(hits.begin() + static_cast<std::ptrdiff_t>(from), hits.end());
      keep_best(best, options_.top_k);
      hits.resize(from);
      hits.insert(hits.end(), best.begin(), best.end());
      return;
    }
    std::size_t to = from;
    for (std::size_t i = from; i < hits.size(); ++i)
      if (first_shared(left_blocks_.of(hits[i].left), right_blocks_.of(hits[i].right), block))
        hits[to++] = hits[i];
    hits.resize(to);
  }

  void flush(std::vector<Hit>& hits) {
    if (hits.empty()) return;
    const std::lock_guard lock(mutex_);
    hits_ += hits.size();
    sink_.take(hits);
    hits.clear();
  }

  const Matrix& left_;
  const Matrix& right_;
  const RowBlocks& left_blocks_;
  const RowBlocks& right_blocks_;
  const bool within_;
  const BlockJoinOptions& options_;
  bits::HitSink& sink_;
  Progress& progress_;
  const bits::Kernel& kernel_;
  const bits::Decision decision_;
  const BlockRows left_rows_;
  const BlockRows right_rows_;
  std::mutex mutex_;
  std::atomic<std::uint64_t> pairs_{0};
  std::uint64_t hits_ = 0;
};

}  // namespace

void keep_best(std::vector<Hit>& hits, std::uint32_t k) {
  std::sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) {
    if (a.left != b.left) return a.left < b.left;
    // 2 c / s compared as fractions.
    const std::uint64_t x = std::uint64_t{a.shared} * b.sum;
    const std::uint64_t y = std::uint64_t{b.shared} * a.sum;
    return x != y ? x > y : a.right < b.right;
  });
  std::size_t to = 0;
  for (std::size_t i = 0, rank = 0; i < hits.size(); ++i) {
    rank = i > 0 && hits[i].left == hits[i - 1].left ? rank + 1 : 0;
    if (rank < k) hits[to++] = hits[i];
  }
  hits.resize(to);
}

bits::JoinTally join_blocks(const Matrix& left, const RowBlocks& left_blocks, const Matrix& right,
                            const RowBlocks& right_blocks, std::size_t names,
                            const BlockJoinOptions& options, bits::HitSink& sink,
                            Progress& progress) {
  return BlockJoin(left, left_blocks, right, right_blocks, names, false, options, sink, progress)
      .run(names);
}

bits::JoinTally join_blocks_within(const Matrix& rows, const RowBlocks& blocks, std::size_t names,
                                   const BlockJoinOptions& options, bits::HitSink& sink,
                                   Progress& progress) {
  return BlockJoin(rows, blocks, rows, blocks, names, true, options, sink, progress).run(names);
}

}  // namespace tessera::clkjoin
