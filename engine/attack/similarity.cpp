// Dice over everything, or slot by slot inside blocks.
#include "engine/attack/similarity.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>

namespace tessera::attack {
namespace {

std::uint32_t shared_bits(const std::uint8_t* a, const std::uint8_t* b, std::size_t bytes) {
  std::uint32_t n = 0;
  std::size_t i = 0;
  for (; i + 8 <= bytes; i += 8) {
    std::uint64_t x = 0, y = 0;
    std::memcpy(&x, a + i, 8);
    std::memcpy(&y, b + i, 8);
    n += static_cast<std::uint32_t>(std::popcount(x & y));
  }
  for (; i < bytes; ++i)
    n += static_cast<std::uint32_t>(std::popcount(static_cast<unsigned>(a[i] & b[i])));
  return n;
}

using Edge = EdgeList::Edge;

// Of every pair in every block of these passes, both directions.
std::vector<Edge> edges_in_blocks(const Seen& seen, std::vector<std::size_t> passes,
                                  std::size_t largest) {
  if (passes.empty()) {
    passes.resize(seen.passes.size());
    std::iota(passes.begin(), passes.end(), std::size_t{0});
  }
  std::vector<Edge> edges;
  for (const std::size_t p : passes) {
    const SeenPass& pass = seen.passes[p];
    for (std::size_t b = 0; b < pass.blocks(); ++b) {
      if (pass.size(b) < 2 || pass.size(b) > largest) continue;
      for (std::uint32_t i = pass.first[b]; i < pass.first[b + 1]; ++i)
        for (std::uint32_t j = i + 1; j < pass.first[b + 1]; ++j) {
          if (pass.record[i] == pass.record[j]) continue;
          const float s = row_similarity(pass, i, j);
          edges.push_back({pass.record[i], pass.record[j], s});
          edges.push_back({pass.record[j], pass.record[i], s});
        }
    }
  }
  return edges;
}

}  // namespace

float Everywhere::dice(std::size_t i, std::size_t j) const {
  const std::uint64_t *a = rows_.row(i), *b = rows_.row(j);
  std::uint32_t shared = 0;
  for (std::size_t w = 0; w < rows_.words(); ++w)
    shared += static_cast<std::uint32_t>(std::popcount(a[w] & b[w]));
  const std::uint32_t all = rows_.count(i) + rows_.count(j);
  return all == 0 ? 0.0F : 2.0F * static_cast<float>(shared) / static_cast<float>(all);
}

void Everywhere::row(std::size_t i, std::span<float> out) const {
  for (std::size_t j = 0; j < out.size(); ++j) out[j] = dice(i, j);
  out[i] = 0;
}

void Everywhere::to(std::size_t i, std::span<const std::uint32_t> others,
                    std::span<float> out) const {
  for (std::size_t k = 0; k < others.size(); ++k) out[k] = others[k] == i ? 0 : dice(i, others[k]);
}

float across_similarity(const SeenPass& a, std::size_t row_a, const SeenPass& b,
                        std::size_t row_b) {
  const std::uint16_t known = a.columns.presence[row_a] & b.columns.presence[row_b];
  float sum = 0;
  int slots = 0;
  for (const schema::Slot& s : a.layout.slots) {
    if (s.holds == schema::Holds::known) continue;
    const auto both_have = [&](std::uint32_t at) {
      return std::equal(a.bits(row_a) + at, a.bits(row_a) + at + schema::kCodeBits / 8,
                        b.bits(row_b) + at);
    };
    if (s.hidden() ? !both_have(s.known) : (known >> s.presence & 1) == 0) continue;
    const float expected =
        static_cast<float>(s.weight) * static_cast<float>(s.weight) / static_cast<float>(s.bits);
    const auto shared = static_cast<float>(
        shared_bits(a.bits(row_a) + s.offset, b.bits(row_b) + s.offset, s.bits / 8));
    sum += std::max(0.0F, (shared - expected) / (static_cast<float>(s.weight) - expected));
    ++slots;
  }
  return slots == 0 ? 0.01F : std::max(0.01F, sum / static_cast<float>(slots));
}

float row_similarity(const SeenPass& pass, std::size_t row_a, std::size_t row_b) {
  return across_similarity(pass, row_a, pass, row_b);
}

InBlocks::InBlocks(const Seen& seen, std::vector<std::size_t> passes, std::size_t largest)
    : graph_(edges_in_blocks(seen, std::move(passes), largest), seen.records) {}

EdgeList::EdgeList(std::vector<Edge> edges, std::size_t size) {
  std::ranges::sort(edges, [](const Edge& x, const Edge& y) {
    return std::tuple(x.a, x.b, -x.similarity) < std::tuple(y.a, y.b, -y.similarity);
  });
  start_.assign(size + 1, 0);
  for (std::size_t i = 0; i < edges.size(); ++i) {
    if (i > 0 && edges[i].a == edges[i - 1].a && edges[i].b == edges[i - 1].b) continue;
    edge_.emplace_back(edges[i].b, edges[i].similarity);
    ++start_[edges[i].a + 1];
  }
  std::partial_sum(start_.begin(), start_.end(), start_.begin());
}

void EdgeList::row(std::size_t i, std::span<float> out) const {
  std::ranges::fill(out, 0.0F);
  for (std::size_t e = start_[i]; e < start_[i + 1]; ++e) out[edge_[e].first] = edge_[e].second;
}

void EdgeList::to(std::size_t i, std::span<const std::uint32_t> others,
                  std::span<float> out) const {
  const auto begin = edge_.begin() + static_cast<std::ptrdiff_t>(start_[i]);
  const auto end = edge_.begin() + static_cast<std::ptrdiff_t>(start_[i + 1]);
  for (std::size_t k = 0; k < others.size(); ++k) {
    out[k] = 0;
    if (begin == end) continue;
    const auto it = std::lower_bound(
        begin, end, others[k], [](const auto& edge, std::uint32_t r) { return edge.first < r; });
    if (it != end && it->first == others[k]) out[k] = it->second;
  }
}

Scores::Scores(std::span<const link::Pair> pairs, std::span<const std::uint32_t> number,
               link::Decinats floor)
    : graph_(
          [&] {
            std::vector<Edge> edges;
            for (const link::Pair& p : pairs) {
              const float s = static_cast<float>(p.logit - floor + 1) /
                              static_cast<float>(link::kSurest - floor + 1);
              edges.push_back({number[p.a], number[p.b], s});
              edges.push_back({number[p.b], number[p.a], s});
            }
            return edges;
          }(),
          number.size()) {}

}  // namespace tessera::attack
