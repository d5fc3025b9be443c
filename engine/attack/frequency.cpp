// Ranks both sides and lays one on the other.
#include "engine/attack/frequency.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <unordered_map>

#include "engine/core/random.h"

namespace tessera::attack {
namespace {

constexpr int kShuffles = 20;

struct Value {
  std::string_view text;
  std::uint64_t count = 0;
};

// Most frequent first, ties in random order.
std::vector<Value> ranked(std::span<const std::string> sample, Splitmix& rng) {
  std::unordered_map<std::string_view, std::uint64_t> count;
  for (const std::string& s : sample)
    if (!s.empty()) ++count[s];
  std::vector<Value> out;
  for (const auto& [text, n] : count) out.push_back({text, n});
  std::ranges::sort(out, {}, &Value::text);
  shuffle(out, rng);
  std::ranges::stable_sort(out, std::greater{}, &Value::count);
  return out;
}

// A code: its rows' plaintext values. Deterministic filters give a code one value.
struct Code {
  std::uint64_t rows = 0;
  std::unordered_map<std::string_view, std::uint64_t> behind;
  std::string_view usual;
};

// Rows and sample values of one class.
struct Group {
  std::vector<std::size_t> rows;
  std::vector<std::string> sample;
};

std::vector<Code> ranked_codes(const Group& group, std::span<const std::uint64_t> codes,
                               std::span<const std::string> truth, Splitmix& rng) {
  std::unordered_map<std::uint64_t, std::size_t> place;
  std::vector<Code> list;
  for (const std::size_t i : group.rows) {
    const auto [it, fresh] = place.try_emplace(codes[i], list.size());
    if (fresh) list.emplace_back();
    Code& code = list[it->second];
    ++code.rows;
    if (!truth[i].empty()) ++code.behind[truth[i]];
  }
  for (Code& code : list) {
    std::uint64_t most = 0;
    for (const auto& [text, n] : code.behind)
      if (n > most || (n == most && text < code.usual)) {
        most = n;
        code.usual = text;
      }
  }
  shuffle(list, rng);
  std::ranges::stable_sort(list, std::greater{}, &Code::rows);
  return list;
}

void align_group(const Group& group, std::span<const std::uint64_t> codes,
                 std::span<const std::string> truth, Splitmix& rng, Aligned& out) {
  const std::vector<Value> names = ranked(group.sample, rng);
  const std::vector<Code> list = ranked_codes(group, codes, truth, rng);
  out.values += list.size();
  out.records += group.rows.size();
  const auto right = [](const Code& code, std::string_view claimed) {
    const auto it = code.behind.find(claimed);
    return it == code.behind.end() ? std::uint64_t{0} : it->second;
  };
  const std::size_t both = std::min(list.size(), names.size());
  for (std::size_t k = 0; k < both; ++k) {
    out.values_right += !list[k].usual.empty() && list[k].usual == names[k].text;
    out.records_right += right(list[k], names[k].text);
  }
  std::vector<Value> any = names;
  std::uint64_t by_chance = 0;
  for (int s = 0; s < kShuffles; ++s) {
    shuffle(any, rng);
    for (std::size_t k = 0; k < both; ++k) by_chance += right(list[k], any[k].text);
  }
  out.chance += static_cast<double>(by_chance) / kShuffles;
}

}  // namespace

Aligned align_by_rank(const Codes& codes, std::span<const std::string> truth,
                      std::span<const std::string> sample,
                      std::span<const std::uint32_t> sample_shows, std::uint64_t seed) {
  std::map<std::uint32_t, Group> groups;
  for (std::size_t i = 0; i < codes.code.size(); ++i)
    groups[codes.shows.empty() ? 0 : codes.shows[i]].rows.push_back(i);
  for (std::size_t i = 0; i < sample.size(); ++i)
    groups[sample_shows.empty() ? 0 : sample_shows[i]].sample.push_back(sample[i]);
  Splitmix rng(seed, 31);
  Aligned out;
  for (const auto& [shows, group] : groups) align_group(group, codes.code, truth, rng, out);
  return out;
}

}  // namespace tessera::attack
