#include "engine/clkjoin/pair_store.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <malloc.h>
#include <new>
#include <vector>

#include <doctest/doctest.h>

#include "engine/clkjoin/pair_runs.h"
#include "engine/core/parallel.h"
#include "engine/core/random.h"

using namespace tessera;
using namespace tessera::clkjoin;

namespace {

// Bytes of this process that came from operator new and are in use, and the most there were.
std::atomic<std::size_t> in_use{0}, peak{0};

}  // namespace

void* operator new(std::size_t n) {
  void* p = std::malloc(n == 0 ? 1 : n);
  if (p == nullptr) throw std::bad_alloc();
  const std::size_t now = in_use += ::malloc_usable_size(p);
  for (std::size_t was = peak; now > was && !peak.compare_exchange_weak(was, now);) {
  }
  return p;
}
void* operator new(std::size_t n, const std::nothrow_t&) noexcept { return operator new(n); }
void operator delete(void* p) noexcept {
  if (p != nullptr) in_use -= ::malloc_usable_size(p);
  std::free(p);
}
void operator delete(void* p, std::size_t) noexcept { operator delete(p); }
void operator delete(void* p, const std::nothrow_t&) noexcept { operator delete(p); }

namespace {

std::vector<Pair> drained(PairStore& store) {
  std::vector<Pair> out;
  const auto done = store.drain([&](std::span<const Pair> some) -> Result<void> {
    CHECK(some.size() <= 65536);
    out.insert(out.end(), some.begin(), some.end());
    return {};
  });
  REQUIRE(done);
  return out;
}

std::vector<Pair> random_pairs(std::size_t n) {
  Splitmix random(31);
  std::vector<Pair> out;
  for (std::size_t i = 0; i < n; ++i)
    out.push_back({static_cast<double>(random.below(50)) / 50, 0,
                   static_cast<std::uint32_t>(1 + random.below(2)),
                   static_cast<std::uint32_t>(random.below(200)),
                   static_cast<std::uint32_t>(random.below(200))});
  return out;
}

}  // namespace

TEST_CASE("pairs come out in order and once, in memory and from disk alike") {
  const std::vector<Pair> pairs = random_pairs(300000);
  std::vector<Pair> want = pairs;
  std::sort(want.begin(), want.end(), before);
  want.erase(std::unique(want.begin(), want.end()), want.end());
  CHECK(want.size() < pairs.size());
  const std::string folder = std::filesystem::temp_directory_path().string();
  for (const std::size_t memory : {std::size_t{1} << 30, std::size_t{1} << 20, std::size_t{1}}) {
    PairStore store(memory, folder);
    for (std::size_t i = 0; i < pairs.size(); i += 777)
      store.add(std::span(pairs).subspan(i, std::min<std::size_t>(777, pairs.size() - i)));
    CHECK(store.size() == pairs.size());
    CHECK(drained(store) == want);
  }
}

TEST_CASE("no pairs, and a folder that is not there") {
  PairStore none(1 << 20, "");
  CHECK(drained(none).empty());
  PairStore nowhere(1, "/nonexistent-folder");
  nowhere.add(random_pairs(5000));
  CHECK_FALSE(nowhere.drain([](std::span<const Pair>) -> Result<void> { return {}; }));
}

TEST_CASE("the bound on memory holds while pairs come, are sorted and are read back") {
  const std::string folder = std::filesystem::temp_directory_path().string();
  const std::vector<Pair> pairs = random_pairs(40000);
  for (const std::size_t mib : {4, 16}) {
    const std::size_t memory = mib << 20;
    set_threads(2);  // the parallel sort merges in a buffer of its own
    const std::size_t before_us = in_use;
    peak = before_us;
    std::uint64_t given = 0;
    {
      PairStore store(memory, folder);
      // Each round is another pair of datasets: nothing is added twice except within a round.
      std::vector<Pair> round = pairs;
      for (std::uint32_t r = 0; r < 12; ++r) {
        for (Pair& p : round) p.dataset0 = r;
        store.add(round);
      }
      REQUIRE(store.drain([&](std::span<const Pair> some) -> Result<void> {
        given += some.size();
        return {};
      }));
    }
    CHECK(given > 400000);
    CHECK(peak - before_us <= memory + pairs.size() * sizeof(Pair) + 65536);
    CHECK(in_use <= before_us + 4096);
    set_threads(0);
  }
}

TEST_CASE("more runs than are read at once are merged in passes, to the same pairs") {
  const std::string folder = std::filesystem::temp_directory_path().string();
  const std::vector<Pair> pairs = random_pairs(15000);
  std::vector<Pair> want = pairs;
  std::sort(want.begin(), want.end(), before);
  want.erase(std::unique(want.begin(), want.end()), want.end());
  for (const std::size_t length : {100, 3000}) {
    for (const std::size_t memory : {std::size_t{1}, std::size_t{1} << 18}) {
      PairRuns runs(folder);
      for (std::size_t i = 0; i < pairs.size(); i += length) {
        std::vector<Pair> run(
            pairs.begin() + static_cast<std::ptrdiff_t>(i),
            pairs.begin() + static_cast<std::ptrdiff_t>(std::min(i + length, pairs.size())));
        std::sort(run.begin(), run.end(), before);
        REQUIRE(runs.append(run));
      }
      CHECK(runs.runs() == (pairs.size() + length - 1) / length);
      std::vector<Pair> got;
      REQUIRE(runs.merge(memory, [&](std::span<const Pair> some) -> Result<void> {
        got.insert(got.end(), some.begin(), some.end());
        return {};
      }));
      CHECK(got == want);
      CHECK(runs.runs() == 0);
    }
  }
}
