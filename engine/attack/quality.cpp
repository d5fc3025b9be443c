// Scores pairs, takes the best one to one, and counts against the truth.
#include "engine/attack/quality.h"

#include <algorithm>
#include <bit>
#include <mutex>
#include <string>
#include <tuple>
#include <unordered_map>

#include "engine/attack/similarity.h"
#include "engine/core/parallel.h"
#include "engine/link/compete.h"
#include "engine/link/pipeline.h"
#include "matchers/fellegi_sunter.h"

namespace tessera::attack {
namespace {

struct Scored {
  std::uint32_t a, b;
  float score;
};

struct Truth {
  std::vector<std::uint32_t> partner;  // of each record of a, in b; none: size of b
  std::uint64_t pairs = 0;
};

Truth truth_of(const Rosters& rosters) {
  std::unordered_map<std::string, std::uint32_t> in_b;
  for (std::uint32_t j = 0; j < rosters.b.size(); ++j) in_b.emplace(rosters.b[j].local_id, j);
  Truth out;
  for (const record::Fields& f : rosters.a) {
    const auto it = in_b.find(f.local_id);
    out.partner.push_back(it == in_b.end() ? static_cast<std::uint32_t>(rosters.b.size())
                                           : it->second);
    out.pairs += it != in_b.end();
  }
  return out;
}

// Best first, each record once; calls use(pair, right) in that order.
template <class Use>
void one_to_one(std::vector<Scored>& pairs, const Rosters& rosters, const Truth& truth, Use use) {
  std::ranges::sort(pairs, [](const Scored& x, const Scored& y) {
    return std::tuple(-x.score, x.a, x.b) < std::tuple(-y.score, y.a, y.b);
  });
  std::vector<bool> used_a(rosters.a.size()), used_b(rosters.b.size());
  for (const Scored& s : pairs) {
    if (used_a[s.a] || used_b[s.b]) continue;
    used_a[s.a] = used_b[s.b] = true;
    use(s, truth.partner[s.a] == s.b);
  }
}

LinkQuality count(std::vector<Scored> pairs, const Rosters& rosters, float least) {
  const Truth truth = truth_of(rosters);
  LinkQuality out;
  double right = 0, taken = 0, right_sure = 0, sure = 0;
  const auto all = static_cast<double>(truth.pairs);
  one_to_one(pairs, rosters, truth, [&](const Scored& s, bool is_right) {
    ++taken;
    right += is_right;
    out.best_f1 = std::max(out.best_f1, 2 * right / (taken + all));
    if (s.score < least) return;
    ++sure;
    right_sure += is_right;
  });
  out.precision = sure > 0 ? right_sure / sure : 0;
  out.recall = all > 0 ? right_sure / all : 0;
  return out;
}

}  // namespace

Result<link::Scored> score_across(const schema::Schema& schema, const Seen& a, const Seen& b,
                                  link::Decinats floor, Progress& progress) {
  std::vector<std::vector<std::uint32_t>> numbers;  // of b's rows: after those of a
  for (const SeenPass& pass : b.passes) {
    numbers.push_back(pass.record);
    for (std::uint32_t& r : numbers.back()) r += a.records;
  }
  link::Run run;
  run.schema = &schema;
  run.group.assign(a.records, 0);
  run.group.resize(a.records + b.records, 1);
  run.size = {run.group.size(), std::min(a.records, b.records)};
  run.sources = [&](std::size_t p) -> Result<std::vector<block::Source>> {
    return std::vector<block::Source>{{a.passes[p].columns.view(), a.passes[p].record},
                                      {b.passes[p].columns.view(), numbers[p]}};
  };
  return link::score(run, *matchers::fellegi_sunter(matchers::shipped_model()), floor, progress);
}

Result<LinkQuality> schema_quality(const schema::Schema& schema, const Rosters& rosters,
                                   std::uint64_t key_seed, Progress& progress) {
  const Seen a = look_at(schema, rosters.a, key_seed, progress, "a");
  const Seen b = look_at(schema, rosters.b, key_seed, progress, "b");
  TESSERA_TRY(const link::Scored scored, score_across(schema, a, b, -link::kSurest, progress));
  std::vector<std::uint32_t> group(a.records, 0);
  group.resize(a.records + b.records, 1);
  const std::vector<float> probability = link::compete(scored.pairs, group);
  const Truth truth = truth_of(rosters);
  std::vector<Scored> pairs;
  double met = 0;  // a tag met is a pair compared, whatever its score
  for (std::size_t i = 0; i < scored.pairs.size(); ++i) {
    const std::uint32_t in_b = scored.pairs[i].b - a.records;
    pairs.push_back({scored.pairs[i].a, in_b, probability[i]});
    met += truth.partner[scored.pairs[i].a] == in_b;
  }
  LinkQuality out = count(std::move(pairs), rosters, 0.9F);
  out.pairs_reached = truth.pairs == 0 ? 1 : met / static_cast<double>(truth.pairs);
  return out;
}

LinkQuality rows_quality(const bits::Matrix& a, const bits::Matrix& b, const Rosters& rosters) {
  constexpr float kLeast = 0.55F;  // far below any best threshold
  std::vector<Scored> pairs;
  std::mutex adding;
  parallel_for(a.rows(), 64, [&](std::size_t begin, std::size_t end) {
    std::vector<Scored> mine;
    for (std::size_t i = begin; i < end; ++i)
      for (std::size_t j = 0; j < b.rows(); ++j) {
        std::uint32_t shared = 0;
        for (std::size_t w = 0; w < a.words(); ++w)
          shared += static_cast<std::uint32_t>(std::popcount(a.row(i)[w] & b.row(j)[w]));
        const float dice =
            2.0F * static_cast<float>(shared) / static_cast<float>(a.count(i) + b.count(j) + 1);
        if (dice >= kLeast)
          mine.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j), dice});
      }
    const std::lock_guard lock(adding);
    pairs.insert(pairs.end(), mine.begin(), mine.end());
  });
  return count(std::move(pairs), rosters, 2.0F);
}

}  // namespace tessera::attack
