// Of the bound two thirds are pairs: a parallel sort takes half as much again for its last merge,
// and so does the buffer when it doubles.
#include "engine/clkjoin/pair_store.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "engine/core/parallel.h"

namespace tessera::clkjoin {
namespace {

constexpr std::size_t kPieceBytes = kPairPiece * sizeof(Pair);

}  // namespace

struct PairStore::State {
  explicit State(std::string folder) : runs(std::move(folder)) {}
  std::size_t memory = 0;  // bytes, less those of a piece
  std::size_t most = 0;    // pairs held
  std::vector<Pair> pairs;
  PairRuns runs;
  std::uint64_t size = 0;
  std::optional<Error> error;

  void grow();
  void set_aside();
  Result<void> give(const TakePairs& take);
};

PairStore::PairStore(std::size_t memory, std::string folder)
    : state_(std::make_unique<State>(folder.empty() ? "." : std::move(folder))) {
  state_->memory = memory - std::min(memory, kPieceBytes);
  state_->most = std::max<std::size_t>(state_->memory / 3 * 2 / sizeof(Pair), 1024);
}
PairStore::PairStore(PairStore&&) noexcept = default;
PairStore::~PairStore() = default;

std::uint64_t PairStore::size() const { return state_->size; }

void PairStore::add(std::span<const Pair> pairs) {
  State& s = *state_;
  s.size += pairs.size();
  while (!pairs.empty() && !s.error) {
    if (s.pairs.size() == s.pairs.capacity()) s.grow();
    const std::size_t room = std::min(s.pairs.capacity(), s.most) - s.pairs.size();
    const std::size_t n = std::min(pairs.size(), room);
    s.pairs.insert(s.pairs.end(), pairs.begin(), pairs.begin() + static_cast<std::ptrdiff_t>(n));
    pairs = pairs.subspan(n);
    if (s.pairs.size() == s.most) s.set_aside();
  }
}

// The smallest of most, most / 2, most / 4 ... that is larger than what there is: old and new
// together never exceed one and a half times `most`.
void PairStore::State::grow() {
  std::size_t next = most;
  while (next / 2 > std::max<std::size_t>(pairs.size(), 1024)) next /= 2;
  pairs.reserve(next);
}

void PairStore::State::set_aside() {
  parallel_sort(pairs.begin(), pairs.end(), before);
  if (const auto done = runs.append(pairs); !done) error = done.error();
  pairs.clear();
}

// All pairs are in memory.
Result<void> PairStore::State::give(const TakePairs& take) {
  parallel_sort(pairs.begin(), pairs.end(), before);
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  for (std::span<const Pair> left = pairs; !left.empty();) {
    const auto piece = left.first(std::min(left.size(), kPairPiece));
    TESSERA_CHECK(take(piece));
    left = left.subspan(piece.size());
  }
  std::vector<Pair>().swap(pairs);
  return {};
}

Result<void> PairStore::drain(const TakePairs& take) {
  State& s = *state_;
  if (!s.error && s.runs.runs() == 0) return s.give(take);
  if (!s.error && !s.pairs.empty()) s.set_aside();
  if (s.error) return *s.error;
  std::vector<Pair>().swap(s.pairs);  // the read buffers need the room now
  return s.runs.merge(s.memory, take);
}

}  // namespace tessera::clkjoin
