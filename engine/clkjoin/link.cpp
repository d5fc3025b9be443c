#include "engine/clkjoin/link.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace tessera::clkjoin {
namespace {

using bits::Hit;

// Hits to pairs, into the store.
class ToStore final : public bits::HitSink {
 public:
  ToStore(PairStore& store, std::uint32_t dataset0, std::uint32_t dataset1)
      : store_(store), dataset0_(dataset0), dataset1_(dataset1) {}
  void take(std::span<const Hit> hits) override {
    pairs_.clear();
    for (const Hit& h : hits)
      pairs_.push_back(
          {h.sum == 0 ? 0.0 : 2.0 * h.shared / h.sum, dataset0_, dataset1_, h.left, h.right});
    store_.add(pairs_);
  }

 private:
  PairStore& store_;
  std::uint32_t dataset0_, dataset1_;
  std::vector<Pair> pairs_;
};

// The k best hits of each left row, in memory of about 32 k bytes a row.
class BestOfRow final : public bits::HitSink {
 public:
  BestOfRow(std::size_t rows, std::uint32_t k) : k_(k), rows_(rows) {}
  void take(std::span<const Hit> hits) override {
    for (const Hit& h : hits) {
      auto& row = rows_[h.left];
      row.push_back(h);
      if (row.size() >= 2 * std::size_t{k_} + 8) keep_best(row, k_);
    }
  }
  void give(bits::HitSink& sink) {
    for (auto& row : rows_) {
      keep_best(row, k_);
      if (!row.empty()) sink.take(row);
    }
  }

 private:
  std::uint32_t k_;
  std::vector<std::vector<Hit>> rows_;
};

// At most k pairs per record and pair of datasets, in order; counters advance for dropped pairs
// too, as upstream's do.
class EnforceK {
 public:
  EnforceK(std::vector<std::size_t> rows, std::uint32_t k) : rows_(std::move(rows)), k_(k) {}
  bool keep(const Pair& p) {
    auto& sides = counters_[{p.dataset0, p.dataset1}];
    if (sides.first.empty()) {
      sides.first.resize(rows_[p.dataset0]);
      if (p.dataset0 != p.dataset1) sides.second.resize(rows_[p.dataset1]);
    }
    auto& second = p.dataset0 != p.dataset1 ? sides.second : sides.first;
    const std::uint32_t a = ++sides.first[p.row0];
    const std::uint32_t b = ++second[p.row1];
    return a <= k_ && b <= k_;
  }

 private:
  std::vector<std::size_t> rows_;
  std::uint32_t k_;
  std::map<std::pair<std::uint32_t, std::uint32_t>,
           std::pair<std::vector<std::uint32_t>, std::vector<std::uint32_t>>>
      counters_;
};

void add(bits::JoinTally& to, const bits::JoinTally& more) {
  to.pairs += more.pairs;
  to.scanned += more.scanned;
  to.candidates += more.candidates;
  to.hits += more.hits;
}

// Pairs of rows that share a block; counted twice where they share two.
std::uint64_t block_pairs(const RowBlocks& a, const RowBlocks& b, std::size_t names, bool within) {
  std::vector<std::uint64_t> left(names), right(names);
  for (std::size_t r = 0; r < a.rows(); ++r)
    for (const std::uint32_t k : a.of(r)) ++left[k];
  for (std::size_t r = 0; r < b.rows(); ++r)
    for (const std::uint32_t k : b.of(r)) ++right[k];
  std::uint64_t n = 0;
  for (std::size_t k = 0; k < names; ++k)
    n +=
        within ? left[k] * (left[k] - std::min<std::uint64_t>(1, left[k])) / 2 : left[k] * right[k];
  return n;
}

class Linker {
 public:
  Linker(std::vector<bits::Matrix> parties, const std::vector<RowBlocks>& blocks, std::size_t names,
         const LinkOptions& options, Progress& progress)
      : parties_(std::move(parties)),
        blocks_(blocks),
        names_(names),
        options_(options),
        progress_(progress),
        store_(options.memory, options.folder) {
    for (const auto& p : parties_) rows_.push_back(p.rows());
  }

  Result<LinkTally> run(const std::function<Result<void>(std::span<const Pair>)>& take) {
    if (blocks_.empty())
      for (auto& p : parties_) sorted_.push_back(bits::sort_by_count(std::move(p)));
    const bool within = rows_.size() == 1;
    progress_.begin("comparing", total(), "pairs");
    for (std::uint32_t i = 0; i < rows_.size(); ++i)
      for (std::uint32_t j = within ? i : i + 1; j < rows_.size(); ++j)
        if (rows_[i] > 0 && rows_[j] > 0) one(i, j);
    sorted_.clear();  // the pairs need the room now
    parties_.clear();
    EnforceK enforce(rows_, options_.top_k);
    std::vector<Pair> kept;
    progress_.begin("ordering", store_.size(), "pairs");
    TESSERA_CHECK(store_.drain([&](std::span<const Pair> pairs) -> Result<void> {
      progress_.advance(pairs.size());
      if (options_.top_k != 0) {
        kept.clear();
        std::ranges::copy_if(pairs, std::back_inserter(kept),
                             [&](const Pair& p) { return enforce.keep(p); });
        pairs = kept;
      }
      tally_.candidates += pairs.size();
      return take(pairs);
    }));
    return tally_;
  }

 private:
  std::uint64_t total() const {
    std::uint64_t n = 0;
    const bool within = rows_.size() == 1;
    for (std::size_t i = 0; i < rows_.size(); ++i)
      for (std::size_t j = within ? i : i + 1; j < rows_.size(); ++j) {
        if (!blocks_.empty())
          n += block_pairs(blocks_[i], blocks_[j], names_, within);
        else
          n += within ? rows_[i] * (rows_[i] - std::min<std::size_t>(1, rows_[i])) / 2
                      : static_cast<std::uint64_t>(rows_[i]) * rows_[j];
      }
    return n;
  }

  void one(std::uint32_t i, std::uint32_t j) {
    ToStore store(store_, i, j);
    if (!blocks_.empty()) {
      const BlockJoinOptions options{options_.join, options_.top_k};
      add(tally_.join,
          i == j ? join_blocks_within(parties_[i], blocks_[i], names_, options, store, progress_)
                 : join_blocks(parties_[i], blocks_[i], parties_[j], blocks_[j], names_, options,
                               store, progress_));
      return;
    }
    BestOfRow best(options_.top_k != 0 && i != j ? rows_[i] : 0, options_.top_k);
    bits::HitSink& sink = options_.top_k != 0 && i != j ? static_cast<bits::HitSink&>(best) : store;
    if (options_.lsh) {
      const bits::LshTally t =
          i == j ? bits::lsh_join_within(sorted_[i], options_.join, *options_.lsh, sink, progress_)
                 : bits::lsh_join(sorted_[i], sorted_[j], options_.join, *options_.lsh, sink,
                                  progress_);
      add(tally_.join, t.join);
      tally_.sample_rows += t.sample_rows;
      tally_.sample_compared += t.sample_compared;
      tally_.sample_pairs += t.sample_pairs;
      tally_.sample_found += t.sample_found;
    } else {
      add(tally_.join, i == j ? bits::join_within(sorted_[i], options_.join, sink, progress_)
                              : bits::join(sorted_[i], sorted_[j], options_.join, sink, progress_));
    }
    if (&sink == &best) best.give(store);
  }

  std::vector<bits::Matrix> parties_;
  const std::vector<RowBlocks>& blocks_;
  const std::size_t names_;
  const LinkOptions& options_;
  Progress& progress_;
  std::vector<std::size_t> rows_;
  std::vector<bits::Sorted> sorted_;
  PairStore store_;
  LinkTally tally_;
};

}  // namespace

Result<LinkTally> link(std::vector<bits::Matrix> parties, const std::vector<RowBlocks>& blocks,
                       std::size_t block_names, const LinkOptions& options, Progress& progress,
                       const std::function<Result<void>(std::span<const Pair>)>& take) {
  std::size_t bits = 0;
  for (const auto& p : parties) {
    if (p.rows() == 0) continue;
    if (bits != 0 && p.bits() != bits)
      return Error{ErrorCode::format,
                   "the parties' CLKs differ in length: they were not made with one schema", ""};
    bits = p.bits();
  }
  if (!blocks.empty() && options.lsh)
    return Error{ErrorCode::usage, "LSH and candidate blocks exclude each other", ""};
  return Linker(std::move(parties), blocks, block_names, options, progress).run(take);
}

}  // namespace tessera::clkjoin
