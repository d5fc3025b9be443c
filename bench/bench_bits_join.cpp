// The whole join, single thread: sorting, plan, tiles, folds, checks and hits; CPU seconds, best of
// some rounds, in rates of all pairs. Filters like those of names and dates of birth.
//
// usage: bench_bits_join [ROWS [KERNEL [THREADS]]]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "bench/clocks.h"
#include "engine/bits/join.h"
#include "engine/core/parallel.h"
#include "engine/core/random.h"

namespace {

using namespace tessera;
using namespace tessera::bits;

struct Count final : HitSink {
  std::size_t n = 0;
  void take(std::span<const Hit> some) override { n += some.size(); }
};

// Sparse words of three "fields", each drawn from a skewed vocabulary: fill about 0.4 at 1,024 bits
// and weights that vary by about 8 %, as measured on names and dates.
Matrix people(std::size_t rows, std::size_t bits, std::uint64_t seed, double overlap) {
  Matrix m(rows, bits);
  for (std::size_t i = 0; i < rows; ++i) {
    Splitmix own(seed, i);
    Splitmix same(99, i);
    const bool copy = static_cast<double>(i) < overlap * static_cast<double>(rows);
    Splitmix& source = copy ? same : own;
    for (int field = 0; field < 3; ++field) {
      const double u = source.uniform();
      const auto word = static_cast<std::uint64_t>(u * u * u * 20000);
      Splitmix letters(word * 3 + static_cast<std::uint64_t>(field));
      const std::uint64_t grams = 6 + letters.below(5);
      for (std::uint64_t g = 0; g < grams; ++g) {
        Splitmix gram(letters.below(field == 2 ? 90 : 500) +
                      static_cast<std::uint64_t>(field) * 1000);
        const bool typo = copy && own.chance(0.03);
        Splitmix& from = typo ? own : gram;
        for (std::size_t k = 0; k < bits / 48; ++k) {
          const std::uint64_t p = from.below(bits);
          m.row(i)[p / 64] |= std::uint64_t{1} << (p % 64);
        }
      }
    }
    m.recount(i);
  }
  return m;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t rows = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 20000;
  const std::string name = argc > 2 ? argv[2] : "auto";
  set_threads(argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 1);
  const Kernel* kernel = name == "auto" ? &best_kernel() : find_kernel(name);
  if (kernel == nullptr) return 2;
  std::printf("kernel %s, %zu x %zu rows, %zu threads\n", std::string(kernel->name).c_str(), rows,
              rows, threads());
  for (const std::size_t bits : {512, 1000, 1024, 2048}) {
    const Sorted left = sort_by_count(people(rows, bits, 1, 0.5));
    const Sorted right = sort_by_count(people(rows, bits, 2, 0.5));
    double fill = 0;
    for (std::size_t i = 0; i < rows; ++i) fill += left.matrix.count(i);
    std::printf("%zu bits, fill %.2f\n", bits, fill / static_cast<double>(rows * bits));
    for (const char* text : {"0.7", "0.8", "0.85", "0.9", "0.95"}) {
      double best = 1e9, best_exact = 1e9, wall = 1e9;
      JoinTally tally;
      Silent silent;
      for (int round = 0; round < 3; ++round) {
        for (const bool exact : {false, true}) {
          Count sink;
          const double start = bench::cpu_seconds();
          const double begun = bench::wall_seconds();
          const JoinTally t =
              join(left, right, {*parse_threshold(text), kernel, exact ? std::size_t{9999} : 0},
                   sink, silent);
          double& least = exact ? best_exact : best;
          least = std::min(least, bench::cpu_seconds() - start);
          if (!exact) {
            tally = t;
            wall = std::min(wall, bench::wall_seconds() - begun);
          }
        }
      }
      const auto pairs = static_cast<double>(tally.pairs);
      std::printf(
          "  t %-5s %8.0f Mpair/CPU s (wall %8.0f), exact %8.0f; scanned %.2f, candidates %llu, "
          "hits %llu\n",
          text, 1e-6 * pairs / best, 1e-6 * pairs / wall, 1e-6 * pairs / best_exact,
          static_cast<double>(tally.scanned) / pairs,
          static_cast<unsigned long long>(tally.candidates),
          static_cast<unsigned long long>(tally.hits));
    }
  }
  return 0;
}
