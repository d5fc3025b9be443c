// Colours by hashing, and exact refinement.
#include "engine/attack/refine.h"

#include <unordered_map>

#include "engine/core/parallel.h"
#include "engine/lab/synth_stream.h"

namespace tessera::attack {
namespace {

using lab::mix;

// Presence bits belong to the record: every entry of it carries the same.
std::vector<std::uint64_t> start_colours(const Seen& seen) {
  std::vector<std::uint64_t> out(seen.records, 1);
  for (std::size_t p = 0; p < seen.passes.size(); ++p)
    for (std::size_t row = 0; row < seen.passes[p].rows(); ++row)
      out[seen.passes[p].record[row]] = mix(seen.passes[p].columns.presence[row], 11);
  return out;
}

std::vector<std::uint64_t> block_colours(const SeenPass& pass, std::size_t number,
                                         const std::vector<std::uint64_t>& record) {
  std::vector<std::uint64_t> out(pass.blocks());
  parallel_for(pass.blocks(), 4096, [&](std::size_t begin, std::size_t end) {
    for (std::size_t b = begin; b < end; ++b) {
      std::uint64_t members = 0;  // a sum of hashes does not depend on the order
      for (std::uint32_t row = pass.first[b]; row < pass.first[b + 1]; ++row)
        members += mix(record[pass.record[row]], 13);
      out[b] = mix(number, pass.size(b), members);
    }
  });
  return out;
}

}  // namespace

std::vector<std::uint64_t> colours(const Seen& seen, int rounds) {
  std::vector<std::uint64_t> record = start_colours(seen);
  for (int round = 0; round < rounds; ++round) {
    std::vector<std::uint64_t> sum(seen.records);
    for (std::size_t p = 0; p < seen.passes.size(); ++p) {
      const auto block = block_colours(seen.passes[p], p, record);
      const Seen::Rows& rows = seen.rows_of[p];
      for (std::uint32_t r = 0; r < seen.records; ++r)
        for (std::uint32_t k = rows.start[r]; k < rows.start[r + 1]; ++k)
          sum[r] += mix(block[rows.block[k]], 17);
    }
    for (std::uint32_t r = 0; r < seen.records; ++r) record[r] = mix(record[r], sum[r]);
  }
  return record;
}

std::vector<std::uint32_t> refine_exact(const Seen& victim, const Seen& attacker, int rounds) {
  const auto v = colours(victim, rounds), a = colours(attacker, rounds);
  constexpr std::uint32_t kMany = kNoClaim - 1;
  std::unordered_map<std::uint64_t, std::pair<std::uint32_t, std::uint32_t>> holders;
  const auto hold = [](std::uint32_t& place, std::uint32_t r) {
    place = place == kNoClaim ? r : kMany;
  };
  for (std::uint32_t r = 0; r < a.size(); ++r)
    hold(holders.try_emplace(a[r], kNoClaim, kNoClaim).first->second.first, r);
  for (std::uint32_t r = 0; r < v.size(); ++r)
    if (const auto it = holders.find(v[r]); it != holders.end()) hold(it->second.second, r);
  std::vector<std::uint32_t> claim(v.size(), kNoClaim);
  for (const auto& [colour, pair] : holders)
    if (pair.first < kMany && pair.second < kMany) claim[pair.second] = pair.first;
  return claim;
}

}  // namespace tessera::attack
