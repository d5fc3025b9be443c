// Small sets of pairs from any bytes: the solver and the plain one agree.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "tests/clkjoin/plain_solver.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer chose the name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tessera::clkjoin;
  if (size < 2) return 0;
  SolverOptions options;
  options.merge_threshold = {data[0] % 9U, 8};
  options.deduplicated = (data[1] & 1U) != 0;
  std::vector<Pair> pairs;
  for (std::size_t i = 2; i + 3 <= size && pairs.size() < 200; i += 3)
    pairs.push_back({static_cast<double>(data[i] >> 4) / 15, data[i] & 3U, (data[i] >> 2) & 3U,
                     data[i + 1] % 8U, data[i + 2] % 8U});
  std::sort(pairs.begin(), pairs.end(), before);
  const std::uint32_t rows[] = {8, 8, 8, 8};
  auto solver = Solver::create(rows, options);
  if (!solver) std::abort();
  solver->add(pairs);
  if (as_lists(solver->groups()) != plain_solve(pairs, options)) std::abort();
  return 0;
}
