// Blocks that cut through the pairs, and a scanner run on them: for the tests of kernels.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "engine/bits/kernels.h"
#include "tests/bits/filters.h"

namespace tessera::bits {

using Pairs = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

inline Pairs sorted(const std::vector<Candidate>& found) {
  Pairs out;
  for (const Candidate& c : found) out.emplace_back(c.left, c.right);
  std::sort(out.begin(), out.end());
  return out;
}

struct Block {
  std::vector<std::uint64_t> left, right;
  std::vector<std::int32_t> left_budget, right_budget;
  std::size_t words;
};

// Rows that differ from each other in few bits, so that the budgets cut through the pairs.
inline Block make_block(Splitmix& random, std::size_t left, std::size_t right, std::size_t words,
                        std::int32_t budget) {
  Block b;
  b.words = words;
  const auto row = random_words(random, words, 0.5);
  for (std::size_t i = 0; i < left + right; ++i) {
    auto copy = row;
    const std::uint64_t flips = random.below(static_cast<std::uint64_t>(2 * budget) + 2);
    for (std::uint64_t f = 0; f < flips; ++f) {
      const std::uint64_t bit = random.below(words * 64);
      copy[bit / 64] ^= std::uint64_t{1} << (bit % 64);
    }
    auto& side = i < left ? b.left : b.right;
    side.insert(side.end(), copy.begin(), copy.end());
    auto& budgets = i < left ? b.left_budget : b.right_budget;
    budgets.push_back(
        static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(budget) + 1)));
  }
  return b;
}

inline Pairs run(const Scanner& scanner, const Block& b) {
  const std::size_t right = b.right.size() / b.words;
  Scratch packed_memory;
  auto* packed = static_cast<std::byte*>(packed_memory.take(scanner.packed_bytes(right, b.words)));
  scanner.pack(b.right.data(), right, b.words, packed);
  auto budgets = b.right_budget;
  while (budgets.size() % scanner.group != 0) budgets.push_back(kNoBudget);
  Scratch scratch;
  std::vector<Candidate> found;
  scanner.scan({b.left.data(), b.left_budget.data(), b.left.size() / b.words, packed,
                budgets.data(), right, b.words},
               scratch, found);
  return sorted(found);
}

// The scanner of a name, if this processor has it.
inline const Scanner* usable_scanner(std::string_view name) {
  for (const Kernel& k : kernels())
    for (const Scanner& s : k.scanners)
      if (s.name == name && s.usable()) return &s;
  return nullptr;
}

// A scanner against the plain loop where its groups of left and right rows begin and end.
inline void check_edges(std::string_view name) {
  const Scanner* scanner = usable_scanner(name);
  if (scanner == nullptr) return;  // nothing to test on this processor
  Splitmix random(7);
  const std::size_t g = scanner->group;
  for (const std::size_t words : {1, 2, 5, 17})
    for (const std::size_t right : {std::size_t{1}, g, g + 1, 2 * g - (g > 1 ? 1 : 0), 3 * g})
      for (const std::size_t left : {1, 4, 7, 33}) {
        const auto budget = static_cast<std::int32_t>(std::min<std::size_t>(words * 12, 120));
        const Block b = make_block(random, left, right, words, budget);
        CHECK_MESSAGE(run(*scanner, b) == run(kernels().back().scanners.front(), b), name, " ",
                      words, " words, ", left, " x ", right);
      }
}

}  // namespace tessera::bits
