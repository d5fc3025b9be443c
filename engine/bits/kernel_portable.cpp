// The plain loops: the reference that every other kernel is held against.
#include <bit>
#include <cstring>

#include "engine/bits/kernel_parts.h"

namespace tessera::bits {

std::uint32_t count_and_portable(const std::uint64_t* a, const std::uint64_t* b, std::size_t n) {
  std::uint32_t c = 0;
  for (std::size_t i = 0; i < n; ++i) c += static_cast<std::uint32_t>(std::popcount(a[i] & b[i]));
  return c;
}

std::size_t row_bytes(std::size_t rows, std::size_t words) { return rows * words * 8; }

void pack_rows(const std::uint64_t* rows, std::size_t count, std::size_t words, std::byte* out) {
  std::memcpy(out, rows, count * words * 8);
}

void scan_portable(const ScanBlock& block, Scratch&, std::vector<Candidate>& out) {
  const auto* right = reinterpret_cast<const std::uint64_t*>(block.packed);
  for (std::size_t i = 0; i < block.left_rows; ++i)
    for (std::size_t j = 0; j < block.right_rows; ++j) {
      std::int32_t ham = 0;
      for (std::size_t k = 0; k < block.words; ++k)
        ham += std::popcount(block.left[i * block.words + k] ^ right[j * block.words + k]);
      if (ham <= block.left_budget[i] + block.right_budget[j])
        out.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j)});
    }
}

}  // namespace tessera::bits
