// Each run being merged has a read buffer; a pass that cannot give every run a large enough one
// merges some of them into longer runs in a second file first.
#include "engine/clkjoin/pair_runs.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

namespace tessera::clkjoin {
namespace {

constexpr std::size_t kMostAhead = 32768;  // pairs read at once from a run
constexpr std::size_t kFewAhead = 2048;    // fewer make the disk seek; another pass costs less

// A run read from the front.
class RunReader {
 public:
  RunReader(int file, off_t begin, off_t end, std::size_t ahead)
      : file_(file), at_file_(begin), end_(end), ahead_(ahead) {}
  // The next pair; nullptr at the end, or if the disk failed.
  const Pair* peek() {
    if (at_ < buffer_.size()) return &buffer_[at_];
    return fill() ? buffer_.data() : nullptr;
  }
  void pop() { ++at_; }
  int failed() const { return failed_; }  // errno

 private:
  bool fill() {
    at_ = 0;
    buffer_.resize(
        std::min<std::size_t>(ahead_, static_cast<std::size_t>(end_ - at_file_) / sizeof(Pair)));
    auto* to = reinterpret_cast<char*>(buffer_.data());
    for (std::size_t left = buffer_.size() * sizeof(Pair); left > 0;) {
      const ssize_t n = ::pread(file_, to, left, at_file_);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) {
        failed_ = n == 0 ? EIO : errno;
        buffer_.clear();
        return false;
      }
      to += n;
      left -= static_cast<std::size_t>(n);
      at_file_ += n;
    }
    return !buffer_.empty();
  }

  int file_;
  off_t at_file_, end_;
  std::size_t ahead_;
  std::vector<Pair> buffer_;
  std::size_t at_ = 0;
  int failed_ = 0;
};

}  // namespace

PairRuns::PairRuns(PairRuns&& other) noexcept
    : folder_(std::move(other.folder_)),
      file_(std::exchange(other.file_, -1)),
      written_(std::exchange(other.written_, 0)),
      ends_(std::exchange(other.ends_, {})) {}

PairRuns& PairRuns::operator=(PairRuns&& other) noexcept {
  std::swap(folder_, other.folder_);
  std::swap(file_, other.file_);
  std::swap(written_, other.written_);
  std::swap(ends_, other.ends_);
  return *this;
}

PairRuns::~PairRuns() {
  if (file_ >= 0) ::close(file_);
}

Error PairRuns::error(const char* what) const {
  return {ErrorCode::io, fmt::format("{}: {}", what, std::strerror(errno)), folder_};
}

Result<void> PairRuns::append(std::span<const Pair> sorted) {
  TESSERA_CHECK(write(sorted));
  ends_.push_back(written_);
  return {};
}

Result<void> PairRuns::write(std::span<const Pair> pairs) {
  if (file_ < 0) {
    std::string name = folder_ + "/.tessera-pairs-XXXXXX";
    file_ = ::mkstemp(name.data());
    if (file_ < 0) return error("cannot make a file for pairs that do not fit in memory");
    ::unlink(name.c_str());  // gone with us, whatever happens
  }
  const auto* at = reinterpret_cast<const char*>(pairs.data());
  for (std::size_t left = pairs.size() * sizeof(Pair); left > 0;) {
    const ssize_t n = ::write(file_, at, left);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return error("cannot write pairs that do not fit in memory");
    at += n;
    left -= static_cast<std::size_t>(n);
    written_ += n;
  }
  return {};
}

Result<void> PairRuns::merge_some(std::size_t from, std::size_t to, std::size_t ahead,
                                  const TakePairs& take) const {
  std::vector<RunReader> readers;
  for (std::size_t i = from; i < to; ++i)
    readers.emplace_back(file_, i == 0 ? 0 : ends_[i - 1], ends_[i], ahead);
  // A heap of the runs by their next pair.
  std::vector<std::size_t> heap;
  const auto later = [&](std::size_t a, std::size_t b) {
    return before(*readers[b].peek(), *readers[a].peek());
  };
  for (std::size_t i = 0; i < readers.size(); ++i)
    if (readers[i].peek() != nullptr) heap.push_back(i);
  std::make_heap(heap.begin(), heap.end(), later);
  std::vector<Pair> piece;
  piece.reserve(kPairPiece);
  std::optional<Pair> last;
  while (!heap.empty()) {
    std::pop_heap(heap.begin(), heap.end(), later);
    RunReader& run = readers[heap.back()];
    const Pair next = *run.peek();
    if (!last || !(*last == next)) piece.push_back(next);
    last = next;
    run.pop();
    if (run.peek() != nullptr)
      std::push_heap(heap.begin(), heap.end(), later);
    else
      heap.pop_back();
    if (piece.size() < kPairPiece) continue;
    TESSERA_CHECK(take(piece));
    piece.clear();
  }
  for (const RunReader& run : readers)
    if (run.failed() != 0) {
      errno = run.failed();
      return error("cannot read back the pairs set aside");
    }
  if (!piece.empty()) return take(piece);
  return {};
}

Result<void> PairRuns::merge(std::size_t memory, const TakePairs& take) {
  const std::size_t pairs = memory / sizeof(Pair);
  const std::size_t at_once = std::max<std::size_t>(2, pairs / kFewAhead);
  const auto ahead = [&](std::size_t runs) {
    return std::clamp<std::size_t>(pairs / std::max<std::size_t>(runs, 1), 64, kMostAhead);
  };
  while (runs() > at_once) {
    PairRuns longer(folder_);
    for (std::size_t from = 0; from < runs(); from += at_once) {
      const std::size_t to = std::min(from + at_once, runs());
      TESSERA_CHECK(merge_some(from, to, ahead(to - from),
                               [&](std::span<const Pair> some) { return longer.write(some); }));
      longer.ends_.push_back(longer.written_);
    }
    *this = std::move(longer);
  }
  TESSERA_CHECK(merge_some(0, runs(), ahead(runs()), take));
  *this = PairRuns(folder_);
  return {};
}

}  // namespace tessera::clkjoin
