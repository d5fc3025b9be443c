// Colours by hashing over the graph, then rare features in turns.
#include "engine/attack/score_graph.h"

#include <algorithm>
#include <numeric>

#include "engine/lab/synth_stream.h"

namespace tessera::attack {
namespace {

using lab::mix;
using Colours = std::vector<std::uint64_t>;

constexpr int kGraphRounds = 2;

// Records of both owners, a's before b's, and for each its partners.
class Graph {
 public:
  Graph(std::span<const ToldScore> told, std::uint32_t a_records, std::uint32_t b_records)
      : a_records_(a_records), start_(a_records + b_records + std::size_t{1}) {
    std::vector<Edge> pairs;
    for (std::size_t i = 0, end = 0; i < told.size(); i = end) {
      std::uint64_t scores = 0;
      for (; end < told.size() && told[end].a == told[i].a && told[end].b == told[i].b; ++end)
        scores = mix(scores, static_cast<std::uint64_t>(told[end].decinats), 29);
      pairs.push_back({told[i].a, a_records + told[i].b, scores});
    }
    for (const Edge& e : pairs) {
      ++start_[e.from + 1];
      ++start_[e.to + 1];
    }
    std::partial_sum(start_.begin(), start_.end(), start_.begin());
    edges_.resize(start_.back());
    std::vector<std::size_t> next(start_.begin(), start_.end() - 1);
    for (const Edge& e : pairs) {
      edges_[next[e.from]++] = e;
      edges_[next[e.to]++] = {e.to, e.from, e.scores};
    }
    refine();
  }
  std::uint32_t records() const { return static_cast<std::uint32_t>(start_.size() - 1); }

  // `known`: a number for each record that somebody was found to be, or 0.
  void describe(std::uint32_t r, const Colours& known, std::vector<std::uint64_t>& out) const {
    if (start_[r] == start_[r + 1]) return;  // it met nobody
    const std::uint64_t owner = r < a_records_ ? 31 : 37;
    for (const Colours& c : colours_) out.push_back(mix(c[r], owner, 41));
    for (std::size_t e = start_[r]; e < start_[r + 1]; ++e) {
      const std::uint64_t here = mix(edges_[e].scores, owner, 43);
      out.push_back(here);
      for (const Colours& c : colours_) out.push_back(mix(here, c[edges_[e].to], 47));
      if (known[edges_[e].to] != 0) out.push_back(mix(here, known[edges_[e].to], 53));
    }
  }

 private:
  struct Edge {
    std::uint32_t from, to;
    std::uint64_t scores;
  };

  void refine() {
    Colours colour(records(), 1);
    for (int round = 0; round < kGraphRounds; ++round) {
      Colours next(records());
      for (std::uint32_t r = 0; r < records(); ++r) {
        next[r] = colour[r];  // a sum of hashes does not depend on the order
        for (std::size_t e = start_[r]; e < start_[r + 1]; ++e)
          next[r] += mix(edges_[e].scores, colour[edges_[e].to], 59);
      }
      colour = std::move(next);
      colours_.push_back(colour);
    }
  }

  std::uint32_t a_records_;
  std::vector<std::size_t> start_;
  std::vector<Edge> edges_;
  std::vector<Colours> colours_;  // after each round
};

}  // namespace

std::vector<std::uint32_t> match_score_graphs(std::span<const ToldScore> victim,
                                              std::span<const ToldScore> attacker,
                                              std::uint32_t a_records, std::uint32_t b_records,
                                              const ScoreGraphOptions& options,
                                              Progress& progress) {
  const Graph theirs(victim, a_records, b_records);
  const Graph mine(attacker, a_records, b_records);
  const auto described = [](const Graph& graph, const Colours& known) {
    return features_of(graph.records(), [&](std::uint32_t r, std::vector<std::uint64_t>& out) {
      graph.describe(r, known, out);
    });
  };
  std::vector<std::uint32_t> claim;
  for (int turn = 0; turn < options.turns; ++turn) {
    Colours found(theirs.records(), 0), own(mine.records(), 0);
    for (std::uint32_t r = 0; r < claim.size(); ++r)
      if (claim[r] != kNoClaim) found[r] = own[claim[r]] = std::uint64_t{claim[r]} + 1;
    claim =
        claim_by_features(described(theirs, found), described(mine, own), options.rare, progress)
            .claim;
  }
  return claim;
}

}  // namespace tessera::attack
