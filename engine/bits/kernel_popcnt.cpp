// One popcnt instruction per word, for processors without wide vectors.
// Every include comes before the first target attribute, so that no header's inline function is
// compiled for a processor we may not be running on.
#include "engine/bits/kernel_parts.h"
#if defined(__x86_64__)
#include <immintrin.h>

namespace tessera::bits {

[[gnu::target("popcnt")]] std::uint32_t count_and_popcnt(const std::uint64_t* a,
                                                         const std::uint64_t* b, std::size_t n) {
  std::uint64_t c = 0;
  for (std::size_t i = 0; i < n; ++i) c += static_cast<std::uint64_t>(_mm_popcnt_u64(a[i] & b[i]));
  return static_cast<std::uint32_t>(c);
}

[[gnu::target("popcnt")]] void scan_popcnt(const ScanBlock& block, Scratch&,
                                           std::vector<Candidate>& out) {
  const auto* right = reinterpret_cast<const std::uint64_t*>(block.packed);
  const std::size_t words = block.words;
  for (std::size_t i = 0; i < block.left_rows; ++i) {
    const std::uint64_t* a = block.left + i * words;
    for (std::size_t j = 0; j < block.right_rows; ++j) {
      const std::uint64_t* b = right + j * words;
      std::int64_t even = 0;  // two sums, as one chain of additions would wait for itself
      std::int64_t odd = 0;
      std::size_t k = 0;
      for (; k + 2 <= words; k += 2) {
        even += _mm_popcnt_u64(a[k] ^ b[k]);
        odd += _mm_popcnt_u64(a[k + 1] ^ b[k + 1]);
      }
      if (k < words) even += _mm_popcnt_u64(a[k] ^ b[k]);
      if (even + odd <= block.left_budget[i] + block.right_budget[j])
        out.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j)});
    }
  }
}

}  // namespace tessera::bits
#endif
