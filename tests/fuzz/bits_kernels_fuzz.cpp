// The same bytes to every kernel: abort when one of them counts or names differently.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "engine/bits/kernels.h"

namespace {

using tessera::bits::Candidate;

std::vector<Candidate> run(const tessera::bits::Scanner& scanner, const std::uint64_t* rows,
                           std::size_t left, std::size_t right, std::size_t words, int budget) {
  tessera::bits::Scratch memory, scratch;
  auto* packed = static_cast<std::byte*>(memory.take(scanner.packed_bytes(right, words)));
  scanner.pack(rows + left * words, right, words, packed);
  std::vector<std::int32_t> lefts(left), rights(right);
  for (std::size_t i = 0; i < left; ++i) lefts[i] = budget / 2 + static_cast<int>(i % 3);
  for (std::size_t j = 0; j < right; ++j) rights[j] = budget / 2 + static_cast<int>(j % 5);
  while (rights.size() % scanner.group != 0) rights.push_back(tessera::bits::kNoBudget);
  std::vector<Candidate> out;
  scanner.scan({rows, lefts.data(), left, packed, rights.data(), right, words}, scratch, out);
  std::sort(out.begin(), out.end(), [](const Candidate& a, const Candidate& b) {
    return a.left != b.left ? a.left < b.left : a.right < b.right;
  });
  return out;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer chose the name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 4) return 0;
  const std::size_t words = 1 + data[0] % 40;
  const std::size_t left = 1 + data[1] % 9;
  const std::size_t right = 1 + data[2] % 70;
  const int budget = data[3];  // at most 255 / 2 + 2 on a side: below 254 together
  std::vector<std::uint64_t> rows((left + right) * words);
  const std::size_t bytes = std::min(size - 4, rows.size() * 8);
  if (bytes > 0) std::memcpy(rows.data(), data + 4, bytes);
  // Repeat short inputs with small changes, so that near pairs occur.
  for (std::size_t i = bytes / 8 + 1; i < rows.size(); ++i)
    rows[i] = rows[i % (bytes / 8 + 1)] ^ (i % 7 == 0 ? i : 0);
  const auto all = tessera::bits::kernels();
  const auto want = run(all.back().scanners.front(), rows.data(), left, right, words, budget % 240);
  for (const auto& k : all) {
    if (!k.usable()) continue;
    if (k.count_and(rows.data(), rows.data() + words, words) !=
        all.back().count_and(rows.data(), rows.data() + words, words))
      std::abort();
    for (const auto& s : k.scanners)
      if (run(s, rows.data(), left, right, words, budget % 240) != want) std::abort();
  }
  return 0;
}
