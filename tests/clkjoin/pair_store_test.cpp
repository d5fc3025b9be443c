#include "engine/clkjoin/pair_store.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include <doctest/doctest.h>

#include "engine/core/random.h"

using namespace tessera;
using namespace tessera::clkjoin;

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
