// Every layout has room for all rows, in whole groups, and says so for any part: a join enters
// packed rows in the middle.
#include "engine/bits/kernel_parts.h"

#include "tests/bits/scanner_check.h"

using namespace tessera::bits;

TEST_CASE("packed rows can be entered at any whole group") {
  tessera::Splitmix random(5);
  for (const Kernel& k : kernels())
    for (const Scanner& s : k.scanners) {
      if (!s.usable()) continue;
      const std::size_t words = 1 + random.below(20);
      const Block b = make_block(random, 9, 4 * s.group + 3, words, 20);
      const std::size_t right = b.right_budget.size();
      Scratch memory, scratch;
      auto* packed = static_cast<std::byte*>(memory.take(s.packed_bytes(right, words)));
      s.pack(b.right.data(), right, words, packed);
      auto budgets = b.right_budget;
      while (budgets.size() % s.group != 0) budgets.push_back(kNoBudget);
      for (std::size_t skip = 0; skip < right; skip += s.group) {
        CHECK(s.packed_bytes(skip, words) == skip / s.group * s.packed_bytes(s.group, words));
        std::vector<Candidate> found;
        const std::size_t width = std::min(right - skip, s.group + 1);  // ends inside a group
        s.scan({b.left.data(), b.left_budget.data(), 9, packed + s.packed_bytes(skip, words),
                budgets.data() + skip, width, words},
               scratch, found);
        Block part = b;
        part.right.assign(b.right.begin() + static_cast<std::ptrdiff_t>(skip * words),
                          b.right.begin() + static_cast<std::ptrdiff_t>((skip + width) * words));
        part.right_budget.assign(
            b.right_budget.begin() + static_cast<std::ptrdiff_t>(skip),
            b.right_budget.begin() + static_cast<std::ptrdiff_t>(skip + width));
        CHECK_MESSAGE(sorted(found) == run(kernels().back().scanners.front(), part), s.name);
      }
    }
}
