// The similarity graph that an encoding gives to whoever holds it.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "engine/attack/seen.h"
#include "engine/bits/matrix.h"
#include "engine/link/pipeline.h"

namespace tessera::attack {

// Similarities between the records of one side, in [0, 1]; 0 where none is defined. Thread safe.
class Similarity {
 public:
  virtual ~Similarity() = default;
  virtual std::size_t size() const = 0;
  // To all records; out[i] is 0. REQUIRES: out.size() == size().
  virtual void row(std::size_t i, std::span<float> out) const = 0;
  // To some. REQUIRES: the two spans are equally long.
  virtual void to(std::size_t i, std::span<const std::uint32_t> others,
                  std::span<float> out) const = 0;
};

// Dice of any two filters. `rows` must outlive it.
class Everywhere final : public Similarity {
 public:
  explicit Everywhere(const bits::Matrix& rows) : rows_(rows) {}
  std::size_t size() const override { return rows_.rows(); }
  void row(std::size_t i, std::span<float> out) const override;
  void to(std::size_t i, std::span<const std::uint32_t> others,
          std::span<float> out) const override;

 private:
  float dice(std::size_t i, std::size_t j) const;
  const bits::Matrix& rows_;
};

// A sparse graph: similarity 0 wherever there is no edge.
class EdgeList {
 public:
  struct Edge {
    std::uint32_t a, b;
    float similarity;
  };
  // Both directions are there; of several edges of one pair the most similar stands.
  EdgeList(std::vector<Edge> edges, std::size_t size);
  std::size_t size() const { return start_.size() - 1; }
  std::size_t edges() const { return edge_.size() / 2; }
  void row(std::size_t i, std::span<float> out) const;
  void to(std::size_t i, std::span<const std::uint32_t> others, std::span<float> out) const;

 private:
  std::vector<std::size_t> start_;
  std::vector<std::pair<std::uint32_t, float>> edge_;  // sorted by the other end, per record
};

// Similarities inside blocks, as the linkage unit has them: the mean over the slots that both
// entries know of (shared - expected) / (weight - expected), at least 0.01; the largest over the
// passes.
class InBlocks final : public Similarity {
 public:
  // `passes`: which of them are looked at together; empty: all. Blocks of over `largest` entries
  // are left out.
  explicit InBlocks(const Seen& seen, std::vector<std::size_t> passes = {},
                    std::size_t largest = 1000);
  std::size_t size() const override { return graph_.size(); }
  void row(std::size_t i, std::span<float> out) const override { graph_.row(i, out); }
  void to(std::size_t i, std::span<const std::uint32_t> others,
          std::span<float> out) const override {
    graph_.to(i, others, out);
  }
  std::size_t edges() const { return graph_.edges(); }

 private:
  EdgeList graph_;
};

// What the registrar of a split linkage unit sees: pairs of records with quantised logits.
class Scores final : public Similarity {
 public:
  // `number`: of each record its place among the `number.size()` of this graph.
  Scores(std::span<const link::Pair> pairs, std::span<const std::uint32_t> number,
         link::Decinats floor);
  std::size_t size() const override { return graph_.size(); }
  void row(std::size_t i, std::span<float> out) const override { graph_.row(i, out); }
  void to(std::size_t i, std::span<const std::uint32_t> others,
          std::span<float> out) const override {
    graph_.to(i, others, out);
  }

 private:
  EdgeList graph_;
};

// Of two entries of one block.
float row_similarity(const SeenPass& pass, std::size_t row_a, std::size_t row_b);
// The same of entries of two files.
float across_similarity(const SeenPass& a, std::size_t row_a, const SeenPass& b, std::size_t row_b);

}  // namespace tessera::attack
