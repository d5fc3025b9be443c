// Links between groups sit in one open-addressing table, found by the pair of groups, and in a
// chain per group, walked only when a group is merged into another. Pairs are known ahead, so the
// memory they touch is fetched ahead.
#include "engine/clkjoin/solver.h"

#include <algorithm>
#include <bit>

namespace tessera::clkjoin {
namespace {

constexpr std::uint32_t kNone = 0xffffffff;
constexpr std::size_t kFetchAhead = 48;  // pairs whose records are fetched ahead
constexpr std::size_t kNear = 24;        // pairs whose link is fetched ahead

}  // namespace

void Solver::Links::push_back(const Link& link) {
  if (size_ == blocks_.size() * kBlock) {
    blocks_.emplace_back();
    blocks_.back().reserve(kBlock);
  }
  blocks_.back().push_back(link);
  ++size_;
}

Result<Solver> Solver::create(std::span<const std::uint32_t> rows, SolverOptions options) {
  Solver out(options);
  if (rows.size() > 64)
    return Error{ErrorCode::limit, "at most 64 datasets are linked at once", ""};
  std::uint64_t total = 0;
  for (const std::uint32_t n : rows) {
    out.base_.push_back(static_cast<std::uint32_t>(total));
    total += n;
    if (total >= kNone)
      return Error{ErrorCode::limit, "at most 2^32 - 2 records are linked at once", ""};
  }
  out.group_of_.assign(total, kNone);
  out.next_.assign(total, kNone);
  out.state_.assign(total, State{});
  out.slots_.resize(1024);
  return out;
}

void Solver::add(std::span<const Pair> pairs) {
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (i + kFetchAhead < pairs.size()) prefetch_records(pairs[i + kFetchAhead]);
    if (i + kNear < pairs.size()) prefetch_link(pairs[i + kNear]);
    add_one(pairs[i]);
  }
}

void Solver::prefetch_records(const Pair& pair) const {
  __builtin_prefetch(&group_of_[record(pair.dataset0, pair.row0)]);
  __builtin_prefetch(&group_of_[record(pair.dataset1, pair.row1)]);
}

void Solver::prefetch_link(const Pair& pair) const {
  const std::uint32_t r0 = record(pair.dataset0, pair.row0);
  const std::uint32_t r1 = record(pair.dataset1, pair.row1);
  const std::uint32_t a = group_of_[r0];
  const std::uint32_t b = group_of_[r1];
  if (a == b && a != kNone) return;
  // A record without a group is about to get one.
  __builtin_prefetch(&state_[a == kNone ? r0 : a], 1);
  __builtin_prefetch(&state_[b == kNone ? r1 : b], 1);
  if (a != kNone && b != kNone) __builtin_prefetch(&slots_[slot_hash(a, b) & (slots_.size() - 1)]);
}

bool Solver::enough(std::uint64_t seen, std::uint32_t a, std::uint32_t b) const {
  const bits::Threshold& t = options_.merge_threshold;
  __extension__ using Wide = unsigned __int128;
  const std::uint64_t pairs = std::uint64_t{state_[a].size} * state_[b].size;
  if (options_.deduplicated && (state_[a].datasets & state_[b].datasets) != 0) return false;
  return Wide{seen} * t.denominator >= Wide{t.numerator} * pairs;  // seen >= t x pairs
}

void Solver::open_group(std::uint32_t r, std::uint32_t dataset) {
  group_of_[r] = r;
  state_[r] = {0, 0, r, 1, std::uint64_t{1} << dataset};
}

void Solver::add_one(const Pair& pair) {
  std::uint32_t r0 = record(pair.dataset0, pair.row0);
  std::uint32_t r1 = record(pair.dataset1, pair.row1);
  if (r0 == r1) return;
  std::uint32_t g0 = group_of_[r0];
  std::uint32_t g1 = group_of_[r1];
  if (g0 == kNone && g1 == kNone) {
    // Skipped and not counted: both records stay free.
    if (options_.deduplicated && pair.dataset0 == pair.dataset1) return;
    open_group(r0, pair.dataset0);
    group_of_[r1] = r0;
    next_[r0] = r1;
    state_[r0].last = r1;
    state_[r0].size = 2;
    state_[r0].datasets |= std::uint64_t{1} << pair.dataset1;
    return;
  }
  if (g0 != kNone && g0 == g1) return;
  if (g0 == kNone) {
    open_group(r0, pair.dataset0);
    g0 = r0;
  }
  if (g1 == kNone) {
    open_group(r1, pair.dataset1);
    g1 = r1;
  }
  const std::uint32_t link = find_link(g0, g1);
  const std::uint64_t seen = (link == 0 ? 0 : links_[link - 1].seen) + std::uint64_t{1};
  if (enough(seen, g0, g1))
    merge(g0, g1, link);
  else if (link != 0)
    ++links_[link - 1].seen;
  else
    add_link(g0, g1);
}

// Puts the members and links of the group with fewer links into the other one.
void Solver::merge(std::uint32_t a, std::uint32_t b, std::uint32_t link) {
  if (link != 0) links_[link - 1].seen = 0;
  if (state_[a].links < state_[b].links ||
      (state_[a].links == state_[b].links && state_[a].size < state_[b].size))
    std::swap(a, b);
  State& into = state_[a];
  State& gone = state_[b];
  std::uint32_t member = b;
  while (true) {
    group_of_[member] = a;
    if (next_[member] == kNone) break;
    member = next_[member];
  }
  next_[into.last] = b;
  into.last = gone.last;
  into.size += gone.size;
  into.datasets |= gone.datasets;
  gone.size = 0;
  for (std::uint32_t at = gone.head; at != 0;) {
    Link& l = links_[at - 1];
    const std::size_t side = l.group[0] == b ? 0 : 1;
    const std::uint32_t following = l.next[side];
    if (l.seen != 0) {
      const std::uint32_t other = l.group[1 - side];
      const std::uint32_t known = find_link(a, other);
      if (known != 0) {
        links_[known - 1].seen += l.seen;
        l.seen = 0;
      } else {  // the link goes on between `a` and the other group
        l.group[side] = a;
        l.next[side] = into.head;
        into.head = at;
        ++into.links;
        place(at);
      }
    }
    at = following;
  }
}

std::uint64_t Solver::slot_hash(std::uint32_t a, std::uint32_t b) const {
  const std::uint64_t key = std::uint64_t{std::min(a, b)} << 32 | std::max(a, b);
  std::uint64_t h = key * 0x9e3779b97f4a7c15ULL;
  h ^= h >> 32;
  h *= 0xd6e8feb86659fd93ULL;
  return h ^ (h >> 32);
}

std::uint32_t Solver::find_link(std::uint32_t a, std::uint32_t b) const {
  const std::uint64_t hash = slot_hash(a, b);
  const auto tag = static_cast<std::uint32_t>(hash >> 32);
  for (std::size_t i = hash & (slots_.size() - 1);; i = (i + 1) & (slots_.size() - 1)) {
    const Slot s = slots_[i];
    if (s.link == 0) return 0;
    if (s.tag != tag) continue;
    const Link& l = links_[s.link - 1];
    if (l.seen != 0 &&
        ((l.group[0] == a && l.group[1] == b) || (l.group[0] == b && l.group[1] == a)))
      return s.link;
  }
}

void Solver::add_link(std::uint32_t a, std::uint32_t b) {
  links_.push_back({{a, b}, {state_[a].head, state_[b].head}, 1});
  const auto link = static_cast<std::uint32_t>(links_.size());
  state_[a].head = link;
  state_[b].head = link;
  ++state_[a].links;
  ++state_[b].links;
  place(link);
}

// Slots of merged links are never matched again; they go when the table grows. Looking whether a
// slot in the way is such a one would cost a walk to memory, which is what a pair costs.
void Solver::place(std::uint32_t link) {
  if (used_ * 3 >= slots_.size() * 2) grow();
  const Link& l = links_[link - 1];
  const std::uint64_t hash = slot_hash(l.group[0], l.group[1]);
  std::size_t i = hash & (slots_.size() - 1);
  while (slots_[i].link != 0) i = (i + 1) & (slots_.size() - 1);
  ++used_;
  slots_[i] = {static_cast<std::uint32_t>(hash >> 32), link};
}

void Solver::grow() {
  // Four times as large while that is little memory, then twice: each step walks all of both
  // tables.
  constexpr std::size_t kLarge = std::size_t{1} << 24;
  const std::size_t size = slots_.size() * (slots_.size() < kLarge ? 4 : 2);
  LargeVector<Slot>().swap(slots_);  // never both tables at once
  slots_.assign(size, Slot{});
  used_ = 0;
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t k = 0; k < links_.size(); ++k) {
    if (k + kFetchAhead < links_.size()) {
      const Link& ahead = links_[k + kFetchAhead];
      __builtin_prefetch(&slots_[slot_hash(ahead.group[0], ahead.group[1]) & mask]);
    }
    const Link& l = links_[k];
    if (l.seen == 0) continue;
    const std::uint64_t hash = slot_hash(l.group[0], l.group[1]);
    std::size_t i = hash & mask;
    while (slots_[i].link != 0) i = (i + 1) & mask;
    slots_[i] = {static_cast<std::uint32_t>(hash >> 32), static_cast<std::uint32_t>(k + 1)};
    ++used_;
  }
}

// In the order of records: a group begins where its first record is met, and its records come
// sorted.
Groups Solver::groups() const {
  Groups out;
  std::size_t members = 0;
  const auto grouped = [&](std::uint32_t r) {
    return group_of_[r] != kNone && state_[group_of_[r]].size > 1;
  };
  for (const State& s : state_) members += s.size > 1 ? s.size : 0;
  out.records_.resize(members);
  LargeVector<std::uint32_t> place(group_of_.size(), kNone);  // of a group's next record
  std::size_t dataset = 0;
  for (std::uint32_t r = 0; r < group_of_.size(); ++r) {
    while (dataset + 1 < base_.size() && r >= base_[dataset + 1]) ++dataset;
    if (!grouped(r)) continue;
    const std::uint32_t g = group_of_[r];
    if (place[g] == kNone) {
      place[g] = static_cast<std::uint32_t>(out.start_.back());
      out.start_.push_back(out.start_.back() + state_[g].size);
    }
    out.records_[place[g]++] = {static_cast<std::uint32_t>(dataset), r - base_[dataset]};
  }
  return out;
}

}  // namespace tessera::clkjoin
