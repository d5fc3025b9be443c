// Meetings of two owners' entries, described pass by pass and matched by their descriptions.
#include "engine/attack/cross_pass.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <vector>

#include "engine/attack/similarity.h"
#include "engine/core/parallel.h"
#include "engine/link/levels.h"

namespace tessera::attack {
namespace {

// What two entries show of themselves that another pass would show alike.
struct Meeting {
  std::uint32_t a = 0, b = 0;         // records, for counting alone
  std::vector<std::uint32_t> levels;  // of the fields that both passes compare; presence
  float similarity = 0;               // over all slots, as InBlocks measures it
};

block::Entry entry_of(const SeenPass& pass, std::size_t row) {
  return {pass.record[row], pass.columns.presence[row], 0, pass.bits(row)};
}

std::vector<std::uint32_t> levels_of(const link::Comparator& comparator, std::uint32_t pattern,
                                     const link::Comparator& other) {
  std::vector<std::uint32_t> out;
  for (std::size_t d = 0; d < comparator.digits().size(); ++d)
    if (std::ranges::any_of(other.digits(), [&](const link::Digit& x) {
          return x.field == comparator.digits()[d].field;
        }))
      out.push_back(comparator.level(pattern, d));
  return out;
}

// Rows of b in the block of this tag.
std::pair<std::size_t, std::size_t> block_of(const SeenPass& pass, const encoded::Tag& tag) {
  const auto range = std::ranges::equal_range(pass.columns.tags, tag);
  return {static_cast<std::size_t>(range.begin() - pass.columns.tags.begin()),
          static_cast<std::size_t>(range.end() - pass.columns.tags.begin())};
}

// One for each pair of records, sorted by them.
std::vector<Meeting> meetings(const schema::Schema& schema, const Seen& a, const Seen& b,
                              std::size_t p, std::size_t other) {
  const link::Comparator comparator(schema, p, false);
  const link::Comparator beside(schema, other, false);
  std::vector<Meeting> out;
  for (std::size_t i = 0; i < a.passes[p].rows(); ++i) {
    const auto [begin, end] = block_of(b.passes[p], a.passes[p].columns.tags[i]);
    for (std::size_t j = begin; j < end; ++j) {
      const block::Entry x = entry_of(a.passes[p], i);
      const block::Entry y = entry_of(b.passes[p], j);
      Meeting m{x.record, y.record, levels_of(comparator, comparator.compare(x, y), beside), 0};
      if (a.passes[p].layout.presence_bits == a.passes[other].layout.presence_bits) {
        m.levels.push_back(x.presence);
        m.levels.push_back(y.presence);
      }
      m.similarity = across_similarity(a.passes[p], i, b.passes[p], j);
      out.push_back(std::move(m));
    }
  }
  std::ranges::sort(out, {}, [](const Meeting& m) { return std::tuple(m.a, m.b, -m.similarity); });
  const auto again = std::ranges::unique(
      out, [](const Meeting& x, const Meeting& y) { return x.a == y.a && x.b == y.b; });
  out.erase(again.begin(), again.end());
  return out;
}

// The chance that a meeting is matched with its own one in the other pass, among those that show
// the same levels there: `alike` are their similarities, sorted.
double chance(float here, float own, const std::vector<float>& alike) {
  constexpr float kSame = 1e-6F;
  const auto within = [&](float distance) {
    return std::ranges::upper_bound(alike, here + distance) -
           std::ranges::lower_bound(alike, here - distance);
  };
  const float distance = std::abs(own - here);
  if (distance > kSame && within(distance - kSame) > 0) return 0;
  return 1.0 / static_cast<double>(within(distance + kSame));
}

}  // namespace

CrossPass link_passes(const schema::Schema& schema, const Seen& a, const Seen& b, std::size_t pass,
                      std::size_t other) {
  const std::vector<Meeting> here = meetings(schema, a, b, pass, other);
  const std::vector<Meeting> there = meetings(schema, a, b, other, pass);
  std::map<std::vector<std::uint32_t>, std::vector<float>> by_levels;
  for (const Meeting& m : there) by_levels[m.levels].push_back(m.similarity);
  for (auto& [levels, alike] : by_levels) std::ranges::sort(alike);
  std::vector<double> right(here.size(), -1);
  parallel_for(here.size(), 64, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const Meeting& m = here[i];
      const auto own = std::ranges::lower_bound(
          there, std::tuple(m.a, m.b), {}, [](const Meeting& x) { return std::tuple(x.a, x.b); });
      if (own == there.end() || own->a != m.a || own->b != m.b) continue;
      right[i] = own->levels == m.levels
                     ? chance(m.similarity, own->similarity, by_levels.at(m.levels))
                     : 0;
    }
  });
  CrossPass out;
  double most = 0;                                 // of the record so far
  for (std::size_t i = 0; i < here.size(); ++i) {  // by record of a
    if (right[i] >= 0) {
      ++out.of;
      out.right += right[i];
      most = std::max(most, right[i]);
    }
    if (i + 1 < here.size() && here[i + 1].a == here[i].a) continue;
    out.records += most;
    most = 0;
  }
  return out;
}

}  // namespace tessera::attack
