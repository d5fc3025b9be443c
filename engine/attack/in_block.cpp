// Blocks by their patterns, then members by theirs.
#include "engine/attack/in_block.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "engine/attack/rare_features.h"
#include "engine/core/parallel.h"
#include "engine/lab/synth_stream.h"
#include "engine/link/levels.h"

namespace tessera::attack {
namespace {

using lab::mix;

// Patterns between the members of one block.
struct Inside {
  std::size_t size = 0;
  std::vector<std::uint32_t> pattern;  // size * size, symmetric
  std::vector<std::uint16_t> presence;
  std::uint32_t at(std::size_t i, std::size_t j) const { return pattern[i * size + j]; }
};

Inside inside(const link::Comparator& comparator, const SeenPass& pass, std::size_t b) {
  Inside out;
  out.size = pass.size(b);
  out.pattern.assign(out.size * out.size, 0);
  const auto entry = [&](std::size_t i) {
    const std::size_t row = pass.first[b] + i;
    return block::Entry{pass.record[row], pass.columns.presence[row], 0, pass.bits(row)};
  };
  for (std::size_t i = 0; i < out.size; ++i) {
    out.presence.push_back(entry(i).presence);
    for (std::size_t j = 0; j < i; ++j)
      out.pattern[i * out.size + j] = out.pattern[j * out.size + i] =
          comparator.compare(entry(i), entry(j));
  }
  return out;
}

// What a block looks like, as hashes; the n-th copy of one is another.
std::vector<std::uint64_t> features(const Inside& block) {
  std::vector<std::uint64_t> out;
  std::uint64_t whole = mix(block.size, 1);
  for (std::size_t i = 0; i < block.size; ++i) {
    out.push_back(mix(block.presence[i], 3));
    whole += mix(block.presence[i], 5);
    for (std::size_t j = 0; j < i; ++j) {
      const std::uint64_t ends = mix(block.presence[i], 7) + mix(block.presence[j], 7);
      out.push_back(mix(block.at(i, j), 11));
      out.push_back(mix(block.at(i, j), ends, 13));
      whole += mix(block.at(i, j), ends, 17);
    }
  }
  out.push_back(mix(whole, 19));
  std::ranges::sort(out);
  number_copies(out, 23);
  return out;
}

// Blocks of two or more entries, described.
struct Blocks {
  std::vector<std::uint32_t> number;  // of the block in its pass
  std::vector<std::vector<std::uint64_t>> features;
};

Blocks describe(const link::Comparator& comparator, const SeenPass& pass, std::size_t largest) {
  Blocks out;
  for (std::uint32_t b = 0; b < pass.blocks(); ++b)
    if (pass.size(b) >= 2 && pass.size(b) <= largest) out.number.push_back(b);
  out.features.resize(out.number.size());
  parallel_for(out.number.size(), 256, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i)
      out.features[i] = features(inside(comparator, pass, out.number[i]));
  });
  return out;
}

struct Index {
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> holders;
  std::size_t blocks = 0;
  float weight(std::size_t n) const {
    return std::log(static_cast<float>(blocks + 1) / static_cast<float>(n));
  }
  float weight_of(std::uint64_t f) const {
    const auto it = holders.find(f);
    return weight(it == holders.end() ? 1 : it->second.size());
  }
};

// The attacker's block most like each of the victim's; kNoClaim where two are equally so.
std::vector<std::uint32_t> likest(const Blocks& victim, const Blocks& attacker,
                                  std::size_t rarest) {
  Index index;
  index.blocks = attacker.number.size();
  for (std::uint32_t b = 0; b < attacker.number.size(); ++b)
    for (const std::uint64_t f : attacker.features[b]) index.holders[f].push_back(b);
  std::vector<float> total(attacker.number.size());
  for (std::size_t b = 0; b < total.size(); ++b)
    for (const std::uint64_t f : attacker.features[b]) total[b] += index.weight_of(f);
  std::vector<std::uint32_t> out(victim.number.size(), kNoClaim);
  parallel_for(out.size(), 256, [&](std::size_t begin, std::size_t end) {
    std::vector<float> common(attacker.number.size());
    std::vector<std::uint32_t> touched;
    for (std::size_t v = begin; v < end; ++v) {
      float mine = 0;
      for (const std::uint64_t f : victim.features[v]) {
        const auto it = index.holders.find(f);
        mine += index.weight(it == index.holders.end() ? 1 : it->second.size());
        if (it == index.holders.end() || it->second.size() > rarest) continue;
        for (const std::uint32_t b : it->second) {
          if (common[b] == 0) touched.push_back(b);
          common[b] += index.weight(it->second.size());
        }
      }
      float best = 0, second = 0;
      for (const std::uint32_t b : touched) {
        const float score = common[b] / (mine + total[b] - common[b] + 1e-6F);
        if (score > best) {
          second = best;
          best = score;
          out[v] = b;
        } else {
          second = std::max(second, score);
        }
        common[b] = 0;
      }
      touched.clear();
      if (best <= second) out[v] = kNoClaim;
    }
  });
  return out;
}

class Members {
 public:
  Members(const Inside& v, const Inside& a)
      : v_(v), a_(a), score_(v.size * a.size), to_(v.size, kNoClaim) {
    for (const Inside* side : {&v, &a})
      for (std::size_t i = 0; i < side->size; ++i)
        for (std::size_t j = 0; j < i; ++j) ++count_[side->at(i, j)];
  }

  // Attacker member per victim member, kNoClaim where a second is as good.
  std::vector<std::uint32_t> match(int turns) {
    first_scores();
    assign();
    for (int t = 0; t < turns; ++t) {
      next_scores();
      assign();
    }
    std::vector<std::uint32_t> out(v_.size, kNoClaim);
    for (std::size_t i = 0; i < v_.size; ++i) {
      if (to_[i] == kNoClaim) continue;
      bool clear = score(i, to_[i]) > 0;
      for (std::size_t j = 0; j < a_.size; ++j)
        clear = clear && (j == to_[i] || score(i, j) < score(i, to_[i]));
      if (clear) out[i] = to_[i];
    }
    return out;
  }

 private:
  float& score(std::size_t i, std::size_t j) { return score_[i * a_.size + j]; }
  float weight(std::uint32_t pattern) const {
    return 1.0F / static_cast<float>(count_.at(pattern));
  }
  static float same(std::uint16_t a, std::uint16_t b) { return a == b ? 0.5F : 0.0F; }

  void first_scores() {
    std::unordered_map<std::uint32_t, std::uint32_t> mine, theirs;
    for (std::size_t i = 0; i < v_.size; ++i) {
      mine.clear();
      for (std::size_t k = 0; k < v_.size; ++k)
        if (k != i) ++mine[v_.at(i, k)];
      for (std::size_t j = 0; j < a_.size; ++j) {
        theirs.clear();
        for (std::size_t k = 0; k < a_.size; ++k)
          if (k != j) ++theirs[a_.at(j, k)];
        float sum = same(v_.presence[i], a_.presence[j]);
        for (const auto& [pattern, n] : mine)
          if (const auto it = theirs.find(pattern); it != theirs.end())
            sum += weight(pattern) * static_cast<float>(std::min(n, it->second));
        score(i, j) = sum;
      }
    }
  }

  void next_scores() {
    for (std::size_t i = 0; i < v_.size; ++i)
      for (std::size_t j = 0; j < a_.size; ++j) {
        float sum = same(v_.presence[i], a_.presence[j]);
        for (std::size_t k = 0; k < v_.size; ++k)
          if (k != i && to_[k] != kNoClaim && to_[k] != j && v_.at(i, k) == a_.at(j, to_[k]))
            sum += weight(v_.at(i, k));
        score(i, j) = sum;
      }
  }

  void assign() {
    std::vector<std::uint32_t> order(score_.size());
    for (std::uint32_t k = 0; k < order.size(); ++k) order[k] = k;
    std::ranges::stable_sort(order, std::greater{}, [&](std::uint32_t k) { return score_[k]; });
    std::vector<bool> taken(a_.size);
    std::ranges::fill(to_, kNoClaim);
    for (const std::uint32_t k : order) {
      const std::size_t i = k / a_.size, j = k % a_.size;
      if (to_[i] != kNoClaim || taken[j]) continue;
      to_[i] = static_cast<std::uint32_t>(j);
      taken[j] = true;
    }
  }

  const Inside& v_;
  const Inside& a_;
  std::unordered_map<std::uint32_t, std::uint32_t> count_;
  std::vector<float> score_;
  std::vector<std::uint32_t> to_;
};

}  // namespace

std::vector<std::uint32_t> match_in_blocks(const schema::Schema& schema, std::size_t pass,
                                           const SeenPass& victim, const SeenPass& attacker,
                                           const InBlockOptions& options, Progress& progress) {
  progress.begin("matching inside blocks", 0, "blocks");
  const link::Comparator comparator(schema, pass, false);
  const Blocks theirs = describe(comparator, victim, options.largest);
  const Blocks mine = describe(comparator, attacker, options.largest);
  const auto to = likest(theirs, mine, options.rarest);
  std::vector<std::uint32_t> claim(victim.rows(), kNoClaim);
  parallel_for(to.size(), 16, [&](std::size_t begin, std::size_t end) {
    for (std::size_t b = begin; b < end; ++b) {
      if (to[b] == kNoClaim) continue;
      const Inside v = inside(comparator, victim, theirs.number[b]);
      const Inside a = inside(comparator, attacker, mine.number[to[b]]);
      const auto member = Members(v, a).match(options.turns);
      for (std::size_t i = 0; i < member.size(); ++i)
        if (member[i] != kNoClaim)
          claim[victim.first[theirs.number[b]] + i] =
              attacker.record[attacker.first[mine.number[to[b]]] + member[i]];
    }
  });
  return claim;
}

}  // namespace tessera::attack
