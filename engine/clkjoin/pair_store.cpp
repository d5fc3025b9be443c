#include "engine/clkjoin/pair_store.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <optional>
#include <unistd.h>
#include <vector>

#include "engine/core/parallel.h"

namespace tessera::clkjoin {
namespace {

constexpr std::size_t kPiece = 65536;      // pairs handed out at once
constexpr std::size_t kReadAhead = 32768;  // pairs read at once from a run

struct Descriptor {
  int number = -1;
  explicit Descriptor(int n) : number(n) {}
  Descriptor(Descriptor&& o) noexcept : number(std::exchange(o.number, -1)) {}
  Descriptor& operator=(Descriptor&& o) noexcept {
    std::swap(number, o.number);
    return *this;
  }
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

// A sorted run, on disk or in memory, read from the front.
class Run {
 public:
  explicit Run(std::vector<Pair>* memory) : memory_(memory) {}
  explicit Run(int file) : file_(file) {}
  // The next pair, nullptr at the end.
  const Pair* peek() {
    const std::vector<Pair>& v = memory_ != nullptr ? *memory_ : buffer_;
    if (at_ < v.size()) return &v[at_];
    if (memory_ != nullptr || !fill()) return nullptr;
    return &buffer_[0];
  }
  void pop() { ++at_; }
  bool failed() const { return failed_; }

 private:
  bool fill() {
    buffer_.resize(kReadAhead);
    const ssize_t n = ::pread(file_, buffer_.data(), kReadAhead * sizeof(Pair), offset_);
    failed_ = n < 0 || static_cast<std::size_t>(n) % sizeof(Pair) != 0;
    buffer_.resize(failed_ ? 0 : static_cast<std::size_t>(n) / sizeof(Pair));
    offset_ += failed_ ? 0 : n;
    at_ = 0;
    return !buffer_.empty();
  }
  std::vector<Pair>* memory_ = nullptr;
  int file_ = -1;
  std::vector<Pair> buffer_;
  std::size_t at_ = 0;
  off_t offset_ = 0;
  bool failed_ = false;
};

}  // namespace

struct PairStore::State {
  std::size_t most;
  std::string folder;
  std::vector<Pair> pairs;
  std::vector<Descriptor> runs;
  std::uint64_t size = 0;
  std::optional<Error> error;

  void sort() { parallel_sort(pairs.begin(), pairs.end(), before); }
  void set_aside();
};

PairStore::PairStore(std::size_t memory, std::string folder) : state_(std::make_unique<State>()) {
  state_->most = std::max<std::size_t>(memory / sizeof(Pair), 1024);
  state_->folder = folder.empty() ? "." : std::move(folder);
}
PairStore::PairStore(PairStore&&) noexcept = default;
PairStore::~PairStore() = default;

std::uint64_t PairStore::size() const { return state_->size; }

void PairStore::add(std::span<const Pair> pairs) {
  State& s = *state_;
  s.size += pairs.size();
  while (!pairs.empty() && !s.error) {
    // The vector doubles: reserved once it is large, so that it never takes twice the bound.
    if (s.pairs.size() * 2 > s.most) s.pairs.reserve(s.most);
    const std::size_t n = std::min(pairs.size(), s.most - s.pairs.size());
    s.pairs.insert(s.pairs.end(), pairs.begin(), pairs.begin() + static_cast<std::ptrdiff_t>(n));
    pairs = pairs.subspan(n);
    if (s.pairs.size() == s.most) s.set_aside();
  }
}

void PairStore::State::set_aside() {
  sort();
  std::string name = folder + "/.tessera-pairs-XXXXXX";
  Descriptor file(::mkstemp(name.data()));
  if (file.number < 0) {
    error = Error{ErrorCode::io, "cannot make a file for pairs that do not fit in memory", folder};
    return;
  }
  ::unlink(name.c_str());  // gone with us, whatever happens
  const auto* at = reinterpret_cast<const char*>(pairs.data());
  for (std::size_t left = pairs.size() * sizeof(Pair); left > 0;) {
    const ssize_t n = ::write(file.number, at, left);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      error = Error{ErrorCode::io, "the disk is full of pairs that do not fit in memory", folder};
      return;
    }
    at += n;
    left -= static_cast<std::size_t>(n);
  }
  runs.push_back(std::move(file));
  pairs.clear();
}

Result<void> PairStore::drain(const std::function<Result<void>(std::span<const Pair>)>& take) {
  State& s = *state_;
  if (s.error) return *s.error;
  s.sort();
  std::vector<Run> runs;
  for (const Descriptor& d : s.runs) runs.emplace_back(d.number);
  runs.emplace_back(&s.pairs);
  // A heap of the runs by their next pair.
  std::vector<std::size_t> heap;
  const auto later = [&](std::size_t a, std::size_t b) {
    return before(*runs[b].peek(), *runs[a].peek());
  };
  for (std::size_t i = 0; i < runs.size(); ++i)
    if (runs[i].peek() != nullptr) heap.push_back(i);
  std::make_heap(heap.begin(), heap.end(), later);
  std::vector<Pair> piece;
  std::optional<Pair> last;
  while (!heap.empty()) {
    std::pop_heap(heap.begin(), heap.end(), later);
    Run& run = runs[heap.back()];
    // With one run left there is nothing to compare it with.
    do {
      const Pair& next = *run.peek();
      if (!last || !(*last == next)) {
        piece.push_back(next);
        last = next;
      }
      run.pop();
      if (piece.size() == kPiece) {
        TESSERA_CHECK(take(piece));
        piece.clear();
      }
    } while (heap.size() == 1 && run.peek() != nullptr);
    if (run.peek() != nullptr)
      std::push_heap(heap.begin(), heap.end(), later);
    else
      heap.pop_back();
  }
  for (const Run& run : runs)
    if (run.failed()) return Error{ErrorCode::io, "cannot read back the pairs set aside", s.folder};
  if (!piece.empty()) TESSERA_CHECK(take(piece));
  s.pairs = {};
  s.runs.clear();
  return {};
}

}  // namespace tessera::clkjoin
