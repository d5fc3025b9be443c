// Counts blocks opened by a district's own seeds, and by its quota.
#include "engine/attack/stolen.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

#include "engine/core/parallel.h"
#include "engine/encode/block_key.h"
#include "engine/lab/schema_check.h"
#include "engine/lab/synth_stream.h"

namespace tessera::attack {
namespace {

using Keys = std::vector<std::vector<std::uint64_t>>;

struct Split {
  std::size_t begin, end;
  bool own(std::size_t i) const { return i >= begin && i < end; }
};

double share_opened(const Keys& keys, const Split& district,
                    const std::unordered_set<std::uint64_t>& open) {
  std::uint64_t all = 0, opened = 0;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (district.own(i)) continue;
    for (const std::uint64_t k : keys[i]) {
      ++all;
      opened += open.contains(k);
    }
  }
  return all == 0 ? 0 : static_cast<double>(opened) / static_cast<double>(all);
}

using Open = std::unordered_set<std::uint64_t>;

Open heaviest(const Keys& keys, std::uint64_t quota) {
  const auto order = heaviest_first(keys, quota);
  return {order.begin(), order.end()};
}

}  // namespace

std::uint64_t block_number(std::string_view key) {
  std::uint64_t n = key.size();
  for (const char c : key) n = lab::mix(n, static_cast<unsigned char>(c));
  return n;
}

std::vector<std::uint64_t> heaviest_first(const Keys& keys, std::uint64_t quota) {
  std::unordered_map<std::uint64_t, std::uint64_t> counts;
  for (const auto& person : keys)
    for (const std::uint64_t k : person) ++counts[k];
  std::vector<std::pair<std::uint64_t, std::uint64_t>> order;
  order.reserve(counts.size());
  for (const auto& [key, n] : counts) order.emplace_back(n, key);
  std::ranges::sort(order, std::greater{});
  if (order.size() > quota) order.resize(quota);
  std::vector<std::uint64_t> out;
  out.reserve(order.size());
  for (const auto& [n, key] : order) out.push_back(key);
  return out;
}

KeysOf keys_of(const schema::Schema& schema, std::span<const record::Fields> people) {
  KeysOf out;
  out.of.assign(schema.passes.size(), Keys(people.size()));
  parallel_for(people.size(), 2048, [&](std::size_t begin, std::size_t end) {
    encode::KeyReader keys(schema);
    for (std::size_t i = begin; i < end; ++i) {
      keys.read(people[i]);
      for (std::size_t p = 0; p < out.of.size(); ++p)
        for (const encode::BlockKey& k : keys.of(p)) out.of[p][i].push_back(block_number(k.value));
    }
  });
  return out;
}

Stolen steal(const schema::Schema& schema, std::span<const record::Fields> people,
             std::size_t begin, std::size_t enrolment, std::span<const record::Fields> sample) {
  const Split district{begin, begin + enrolment};
  const KeysOf all = keys_of(schema, people), guess = keys_of(schema, sample);
  Stolen out;
  std::vector<bool> by_seeds(people.size()), by_quota(people.size());
  for (std::size_t p = 0; p < schema.passes.size(); ++p) {
    const Keys& keys = all.of[p];
    std::unordered_set<std::uint64_t> own;
    std::uint64_t tags = 0;
    for (std::size_t i = district.begin; i < district.end; ++i) {
      tags += keys[i].size();
      own.insert(keys[i].begin(), keys[i].end());
    }
    StolenPass pass;
    pass.name = schema.passes[p].name;
    pass.quota =
        static_cast<std::uint64_t>(std::ceil(lab::kQuotaFactor * static_cast<double>(tags)));
    const auto guessed = heaviest(guess.of[p], pass.quota);
    pass.own_seeds = share_opened(keys, district, own);
    pass.heaviest = share_opened(keys, district, guessed);
    pass.heaviest_known = share_opened(keys, district, heaviest(keys, pass.quota));
    out.passes.push_back(pass);
    for (std::size_t i = 0; i < people.size(); ++i)
      for (const std::uint64_t k : keys[i]) {
        if (own.contains(k)) by_seeds[i] = true;
        if (guessed.contains(k)) by_quota[i] = true;
      }
  }
  for (std::size_t i = 0; i < people.size(); ++i) {
    if (district.own(i)) continue;
    ++out.others;
    out.by_seeds += by_seeds[i];
    out.by_quota += by_quota[i];
  }
  return out;
}

}  // namespace tessera::attack
