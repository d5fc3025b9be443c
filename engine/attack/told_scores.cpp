// Entries are compared as records of their own, as a comparer does; records are then described by
// what was told of them.
#include "engine/attack/told_scores.h"

#include <algorithm>
#include <array>
#include <map>

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

Result<std::vector<ToldScore>> told_scores(const schema::Schema& schema, const Seen& a,
                                           const Seen& b, link::Decinats floor,
                                           Progress& progress) {
  // All entries of a before all of b, so that each owner's stand together in a block.
  std::vector<std::uint32_t> record;
  std::array<std::vector<std::vector<std::uint32_t>>, 2> numbers;
  link::Run run;
  for (const Seen* side : {&a, &b})
    for (const SeenPass& pass : side->passes) {
      auto& of_pass = numbers[side == &a ? 0 : 1].emplace_back();
      for (const std::uint32_t r : pass.record) {
        of_pass.push_back(static_cast<std::uint32_t>(record.size()));
        record.push_back(r);
        run.group.push_back(side == &a ? 0 : 1);
      }
    }
  run.schema = &schema;
  run.size = {std::uint64_t{a.records} + b.records, std::min(a.records, b.records)};
  run.sources = [&](std::size_t p) -> Result<std::vector<block::Source>> {
    return std::vector<block::Source>{{a.passes[p].columns.view(), numbers[0][p]},
                                      {b.passes[p].columns.view(), numbers[1][p]}};
  };
  const auto matcher = matchers::fellegi_sunter(matchers::shipped_model());
  TESSERA_TRY(const link::Scored scored, link::score(run, *matcher, floor, progress));
  std::vector<ToldScore> out;
  for (const link::Pair& p : scored.pairs) out.push_back({record[p.a], record[p.b], p.logit});
  std::ranges::sort(out);
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
