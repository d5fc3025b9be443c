// Records of a group stand in a circle, so that two circles become one by an exchange. Of a group
// nothing is kept that a pair would have to change: which of two groups has fewer links is found by
// walking both chains until one ends. Pairs are known ahead, so the memory they touch is fetched
// ahead.
#include "engine/clkjoin/solver.h"

#include <algorithm>

namespace tessera::clkjoin {
namespace {

constexpr std::size_t kFetchAhead = 48;  // pairs whose records are fetched ahead
constexpr std::size_t kNear = 24;        // pairs whose groups and link are fetched ahead

}  // namespace

Result<Solver> Solver::create(std::span<const std::uint32_t> rows, SolverOptions options) {
  Solver out(options);
  if (rows.size() > 64)
    return Error{ErrorCode::limit, "at most 64 datasets are linked at once", ""};
  std::uint64_t total = 0;
  for (const std::uint32_t n : rows) {
    out.base_.push_back(static_cast<std::uint32_t>(total));
    total += n;
    if (total >= UINT32_MAX)
      return Error{ErrorCode::limit, "at most 2^32 - 2 records are linked at once", ""};
  }
  out.records_ = static_cast<std::uint32_t>(total);
  out.group_of_ = LargeArray<std::uint32_t>(total);
  out.next_ = LargeArray<std::uint32_t>(total);
  out.state_ = LargeArray<State>(total);
  if (options.deduplicated) out.datasets_ = LargeArray<std::uint64_t>(total);
  return out;
}

inline void Solver::fetch_records(const Pair& pair) const {
  __builtin_prefetch(&group_of_[record(pair.dataset0, pair.row0)]);
  __builtin_prefetch(&group_of_[record(pair.dataset1, pair.row1)]);
}

inline void Solver::fetch_groups(const Pair& pair) const {
  const std::uint32_t r0 = record(pair.dataset0, pair.row0);
  const std::uint32_t r1 = record(pair.dataset1, pair.row1);
  const std::uint32_t a = group_of_[r0];
  const std::uint32_t b = group_of_[r1];
  if (a == b && a != 0) return;
  // A record without a group is about to get one.
  __builtin_prefetch(&state_[a == 0 ? r0 : a - 1], 1);
  __builtin_prefetch(&state_[b == 0 ? r1 : b - 1], 1);
  if (a != 0 && b != 0) links_.fetch(a - 1, b - 1);
}

void Solver::add(std::span<const Pair> pairs) {
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (i + kFetchAhead < pairs.size()) fetch_records(pairs[i + kFetchAhead]);
    if (i + kNear < pairs.size()) fetch_groups(pairs[i + kNear]);
    add_one(pairs[i]);
  }
}

inline bool Solver::enough(std::uint64_t seen, std::uint32_t a, std::uint32_t b) const {
  const bits::Threshold& t = options_.merge_threshold;
  __extension__ using Wide = unsigned __int128;
  const std::uint64_t pairs = std::uint64_t{state_[a].size} * state_[b].size;
  if (options_.deduplicated && (datasets_[a] & datasets_[b]) != 0) return false;
  return Wide{seen} * t.denominator >= Wide{t.numerator} * pairs;  // seen >= t x pairs
}

inline std::uint32_t Solver::open_group(std::uint32_t r, std::uint32_t dataset) {
  group_of_[r] = r + 1;
  next_[r] = r;
  state_[r] = {0, 1};
  if (options_.deduplicated) datasets_[r] = std::uint64_t{1} << dataset;
  return r;
}

inline void Solver::open_group_of_two(const Pair& pair) {
  const std::uint32_t r0 = record(pair.dataset0, pair.row0);
  const std::uint32_t r1 = record(pair.dataset1, pair.row1);
  group_of_[r0] = group_of_[r1] = r0 + 1;
  next_[r0] = r1;
  next_[r1] = r0;
  state_[r0] = {0, 2};
  if (options_.deduplicated)
    datasets_[r0] = std::uint64_t{1} << pair.dataset0 | std::uint64_t{1} << pair.dataset1;
}

void Solver::add_one(const Pair& pair) {
  const std::uint32_t r0 = record(pair.dataset0, pair.row0);
  const std::uint32_t r1 = record(pair.dataset1, pair.row1);
  if (r0 == r1) return;
  std::uint32_t a = group_of_[r0];
  std::uint32_t b = group_of_[r1];
  if (a == b) {
    // Two free records of one dataset are skipped and not counted, if deduplicated.
    if (a == 0 && !(options_.deduplicated && pair.dataset0 == pair.dataset1))
      open_group_of_two(pair);
    return;
  }
  a = a == 0 ? open_group(r0, pair.dataset0) : a - 1;
  b = b == 0 ? open_group(r1, pair.dataset1) : b - 1;
  const GroupLinks::Place found = links_.find(a, b);
  const std::uint64_t seen = (found.link == 0 ? 0 : links_[found.link].seen) + std::uint64_t{1};
  if (enough(seen, a, b))
    merge(a, b, found.link);
  else if (found.link != 0)
    ++links_[found.link].seen;
  else
    state_[a].head = state_[b].head =
        links_.add(found, {{a, b}, {state_[a].head, state_[b].head}, 1});
}

// Whether a's chain of links ends before b's, or, where both end at once, a has fewer records.
bool Solver::shorter_chain(std::uint32_t a, std::uint32_t b) const {
  std::uint32_t x = state_[a].head;
  std::uint32_t y = state_[b].head;
  while (x != 0 && y != 0) {
    x = links_[x].next[links_[x].side(a)];
    y = links_[y].next[links_[y].side(b)];
  }
  return x == y ? state_[a].size < state_[b].size : x == 0;
}

// Puts the members and links of the group with fewer links into the other one.
void Solver::merge(std::uint32_t a, std::uint32_t b, std::uint32_t link) {
  if (link != 0) links_[link].seen = 0;
  if (shorter_chain(a, b)) std::swap(a, b);
  take_members(a, b);
  take_links(a, b);
}

void Solver::take_members(std::uint32_t a, std::uint32_t b) {
  std::uint32_t member = b;
  do {
    group_of_[member] = a + 1;
    member = next_[member];
  } while (member != b);
  std::swap(next_[a], next_[b]);
  state_[a].size += state_[b].size;
  if (options_.deduplicated) datasets_[a] |= datasets_[b];
}

void Solver::take_links(std::uint32_t a, std::uint32_t b) {
  for (std::uint32_t at = state_[b].head; at != 0;) {
    GroupLinks::Link& l = links_[at];
    const std::size_t side = l.side(b);
    const std::uint32_t following = l.next[side];
    if (l.seen != 0) {
      const GroupLinks::Place known = links_.find(a, l.group[1 - side]);
      if (known.link != 0) {
        links_[known.link].seen += l.seen;
        l.seen = 0;
      } else {  // the link goes on between `a` and the other group
        l.group[side] = a;
        l.next[side] = state_[a].head;
        state_[a].head = at;
        links_.put(known, at);
      }
    }
    at = following;
  }
}

// In the order of records: a group begins where its first record is met, and its records come
// sorted.
Groups Solver::groups() const {
  Groups out;
  std::size_t members = 0;
  std::size_t groups = 0;
  for (std::uint32_t r = 0; r < records_; ++r) {
    if (group_of_[r] != r + 1 || state_[r].size < 2) continue;
    members += state_[r].size;
    ++groups;
  }
  out.records_ = LargeArray<Record>(members);
  std::size_t at = 0;
  out.start_.reserve(groups + 1);
  std::vector<bool> met(records_);
  for (std::uint32_t r = 0; r < records_; ++r) {
    if (group_of_[r] == 0) continue;
    const std::uint32_t g = group_of_[r] - 1;
    if (state_[g].size < 2 || met[g]) continue;
    met[g] = true;
    std::uint32_t member = g;
    do {
      const auto base = std::upper_bound(base_.begin(), base_.end(), member) - 1;
      out.records_[at++] = {static_cast<std::uint32_t>(base - base_.begin()), member - *base};
      member = next_[member];
    } while (member != g);
    std::sort(&out.records_[out.start_.back()], &out.records_[0] + at);
    out.start_.push_back(at);
  }
  return out;
}

}  // namespace tessera::clkjoin
