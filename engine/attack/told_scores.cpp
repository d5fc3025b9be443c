// Entries are compared as records of their own, as a comparer does; records are then described by
// what was told of them.
#include "engine/attack/told_scores.h"

#include <algorithm>
#include <array>
#include <map>

#include "engine/attack/seen.h"
#include "engine/core/parallel.h"
#include "engine/link/pipeline.h"
#include "matchers/fellegi_sunter.h"

namespace tessera::attack {
namespace {

using Description = std::vector<std::vector<link::Decinats>>;  // of each partner, sorted

// Of each record, a's and then b's.
std::vector<Description> describe(std::span<const ToldScore> told, std::uint32_t a_records,
                                  std::uint32_t b_records) {
  std::vector<Description> out(a_records + b_records);
  for (std::size_t i = 0, end = 0; i < told.size(); i = end) {
    std::vector<link::Decinats> of_pair;
    for (; end < told.size() && told[end].a == told[i].a && told[end].b == told[i].b; ++end)
      of_pair.push_back(told[end].decinats);
    out[told[i].a].push_back(of_pair);
    out[a_records + told[i].b].push_back(std::move(of_pair));
  }
  for (Description& d : out) std::ranges::sort(d);
  return out;
}

// Whose description is nobody else's among records [begin, end).
std::map<Description, std::uint32_t> unique_ones(const std::vector<Description>& all,
                                                 std::uint32_t begin, std::uint32_t end) {
  std::map<Description, std::uint32_t> out;
  for (std::uint32_t r = begin; r < end; ++r) {
    const auto [at, fresh] = out.try_emplace(all[r], r);
    if (!fresh) at->second = kNoClaim;
  }
  out.erase(Description());  // who met nobody
  return out;
}

}  // namespace

Result<std::vector<ToldScore>> told_scores(const schema::Schema& schema, const Rosters& rosters,
                                           std::uint64_t key_seed, link::Decinats floor,
                                           Progress& progress) {
  // Each entry is numbered by itself, pass by pass and in each all of a before all of b.
  std::vector<std::uint32_t> record;
  std::vector<std::uint32_t> first;  // number of each pass's first entry
  std::array<SeenPass, 2> seen;      // of the pass asked for last
  std::array<std::vector<std::uint32_t>, 2> numbers;
  link::Run run;
  run.schema = &schema;
  run.size = {rosters.a.size() + rosters.b.size(), std::min(rosters.a.size(), rosters.b.size())};
  run.sources = [&](std::size_t p) -> Result<std::vector<block::Source>> {
    seen[0] = look_at_pass(schema, p, rosters.a, key_seed, progress, "a");
    seen[1] = look_at_pass(schema, p, rosters.b, key_seed, progress, "b");
    if (p == first.size()) {  // the first of two rounds
      first.push_back(static_cast<std::uint32_t>(record.size()));
      for (std::uint32_t side = 0; side < 2; ++side) {
        record.insert(record.end(), seen[side].record.begin(), seen[side].record.end());
        run.group.resize(record.size(), side);
      }
    }
    std::uint32_t next = first[p];
    for (std::size_t side = 0; side < 2; ++side) {
      numbers[side].resize(seen[side].rows());
      for (std::uint32_t& n : numbers[side]) n = next++;
    }
    return std::vector<block::Source>{{seen[0].columns.view(), numbers[0]},
                                      {seen[1].columns.view(), numbers[1]}};
  };
  const auto matcher = matchers::fellegi_sunter(matchers::shipped_model());
  TESSERA_TRY(const link::Scored scored, link::score(run, *matcher, floor, progress));
  std::vector<ToldScore> out;
  out.reserve(scored.pairs.size());
  for (const link::Pair& p : scored.pairs) out.push_back({record[p.a], record[p.b], p.logit});
  parallel_sort(out.begin(), out.end());
  return out;
}

std::vector<link::Pair> strongest(std::span<const ToldScore> told, std::uint32_t a_records) {
  std::vector<link::Pair> out;
  for (const ToldScore& t : told) out.push_back({t.a, a_records + t.b, t.decinats, 0, 0});
  link::keep_strongest(out);
  return out;
}

std::vector<std::uint32_t> match_by_scores(std::span<const ToldScore> victim,
                                           std::span<const ToldScore> attacker,
                                           std::uint32_t a_records, std::uint32_t b_records) {
  const auto theirs = describe(victim, a_records, b_records);
  const auto mine = describe(attacker, a_records, b_records);
  std::vector<std::uint32_t> out(theirs.size(), kNoClaim);
  const std::uint32_t all = a_records + b_records;
  for (const auto& [begin, end] : {std::pair{0U, a_records}, {a_records, all}}) {
    const auto known = unique_ones(mine, begin, end);
    for (const auto& [description, r] : unique_ones(theirs, begin, end))
      if (const auto at = known.find(description); r != kNoClaim && at != known.end())
        out[r] = at->second;
  }
  return out;
}

}  // namespace tessera::attack
