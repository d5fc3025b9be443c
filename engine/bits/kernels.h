// The inner loops, one set per processor family, chosen at run time and forced by name.
//
// A kernel counts the shared bits of one pair, and its scanners run a block of left rows against
// packed right rows and name the pairs whose sketches differ in few enough bits. A sketch is a
// filter or its XOR-fold, so a scan never loses a pair: whoever asks checks the named pairs on the
// full filters. Every kernel names exactly the same pairs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace tessera::bits {

struct Candidate {
  std::uint32_t left;   // row in the block
  std::uint32_t right;  // row among the packed ones
  bool operator==(const Candidate&) const = default;
};

// Memory a scanner may use between calls: one per thread, never shared.
struct Scratch {
  std::vector<std::uint64_t> memory;
  // At least `bytes` bytes, 64-byte aligned, contents undefined.
  void* take(std::size_t bytes);
};

// A block of left sketches against packed right sketches of the same width.
struct ScanBlock {
  const std::uint64_t* left;         // left_rows x words, row-major
  const std::int32_t* left_budget;   // left_rows
  std::size_t left_rows;             // at most 2^16
  const std::byte* packed;           // right sketches as pack() laid them out, 64-byte aligned
  const std::int32_t* right_budget;  // right_rows, and on to a multiple of group: best kNoBudget
  std::size_t right_rows;
  std::size_t words;
};
inline constexpr std::int32_t kNoBudget = -(1 << 20);  // pads: no pair meets it

struct Scanner {
  std::string_view name;
  bool (*usable)();
  std::size_t group;        // right rows are packed in groups of this many, the last one padded
  std::int32_t max_budget;  // largest left + right budget that it can decide
  // Cost of a pair in nanoseconds, per word and besides. Measured (bench_bits_scan); they only
  // choose between plans that give the same result.
  double per_word;
  double per_pair;
  std::size_t (*packed_bytes)(std::size_t rows, std::size_t words);
  void (*pack)(const std::uint64_t* rows, std::size_t count, std::size_t words, std::byte* out);
  // Appends every (left, right) with ham(left, right) <= left_budget + right_budget. REQUIRES:
  // budgets of real rows >= 0 and their sums <= max_budget. No order is promised.
  void (*scan)(const ScanBlock& block, Scratch& scratch, std::vector<Candidate>& out);
};

struct Kernel {
  std::string_view name;
  bool (*usable)();  // on the processor we run on
  // |a AND b| over n words.
  std::uint32_t (*count_and)(const std::uint64_t* a, const std::uint64_t* b, std::size_t n);
  std::span<const Scanner> scanners;  // at least one without a limit on budgets
};

std::span<const Kernel> kernels();                 // best first; the portable one last
const Kernel& best_kernel();                       // the first usable one
const Kernel* find_kernel(std::string_view name);  // nullptr: unknown, or not usable here

}  // namespace tessera::bits
