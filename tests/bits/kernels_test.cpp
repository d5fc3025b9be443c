// Every kernel against the plain loops: all of them name exactly the same pairs.
#include "engine/bits/kernels.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "tests/bits/scanner_check.h"

using namespace tessera;
using namespace tessera::bits;

TEST_CASE("count_and of every kernel is that of the plain one") {
  Splitmix random(1);
  const auto want = kernels().back().count_and;
  for (std::size_t n = 0; n < 70; ++n) {
    const auto a = random_words(random, n, 0.4);
    const auto b = random_words(random, n, 0.6);
    for (const Kernel& k : kernels())
      if (k.usable())
        CHECK_MESSAGE(k.count_and(a.data(), b.data(), n) == want(a.data(), b.data(), n), k.name);
  }
}

TEST_CASE("every scanner names the pairs the plain loop names") {
  Splitmix random(2);
  const Scanner& plain = kernels().back().scanners.front();
  std::size_t named = 0;
  for (std::size_t round = 0; round < 120; ++round) {
    const std::size_t words = round < 34 ? round + 1 : 1 + random.below(40);
    const auto budget =
        static_cast<std::int32_t>(1 + random.below(std::min<std::uint64_t>(words * 16, 127)));
    const Block b = make_block(random, 1 + random.below(75), 1 + random.below(600), words, budget);
    const Pairs want = run(plain, b);
    named += want.size();
    for (const Kernel& k : kernels())
      for (const Scanner& s : k.scanners)
        if (s.usable()) CHECK_MESSAGE(run(s, b) == want, k.name, "/", s.name, " words ", words);
  }
  CHECK(named > 10000);
}

TEST_CASE("budgets above a byte are decided by scanners without a limit") {
  Splitmix random(3);
  const Scanner& plain = kernels().back().scanners.front();
  for (const std::size_t words : {8, 16, 17, 64, 256}) {
    const Block b = make_block(random, 9, 70, words, static_cast<std::int32_t>(words * 14));
    const Pairs want = run(plain, b);
    for (const Kernel& k : kernels()) {
      bool unlimited = false;
      for (const Scanner& s : k.scanners) {
        if (!s.usable() || s.max_budget < (1 << 20)) continue;
        unlimited = true;
        CHECK_MESSAGE(run(s, b) == want, k.name, "/", s.name, " words ", words);
      }
      CHECK((unlimited || !k.usable()));
    }
  }
}

TEST_CASE("filters that differ everywhere, and budgets that allow everything") {
  for (const std::size_t words : {1, 5, 16, 256}) {
    Block b;
    b.words = words;
    b.left.assign(words * 3, 0);
    b.right.assign(words * 40, ~std::uint64_t{0});
    b.left_budget.assign(3, static_cast<std::int32_t>(words * 64));
    b.right_budget.assign(40, static_cast<std::int32_t>(words * 64));
    b.right_budget[7] = 0;
    b.left_budget[2] = static_cast<std::int32_t>(words * 64) - 1;
    const Pairs want = run(kernels().back().scanners.front(), b);
    CHECK(want.size() == 119);  // (2, 7) has a budget one short
    for (const Kernel& k : kernels())
      for (const Scanner& s : k.scanners)
        if (s.usable() && s.max_budget > (1 << 20)) CHECK_MESSAGE(run(s, b) == want, k.name, words);
  }
}

TEST_CASE("kernels are found by name, and only usable ones") {
  CHECK(find_kernel("portable") != nullptr);
  CHECK(find_kernel("no such kernel") == nullptr);
  CHECK(best_kernel().usable());
  CHECK(kernels().back().name == "portable");
}
