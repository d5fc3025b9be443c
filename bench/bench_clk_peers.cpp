// Our side of the race with anonlink and clkhash (bench/peers/run.py): the same work on the same
// files, timed without reading and writing, single thread unless told. One line of JSON per run.
//
// usage: bench_clk_peers join A B BYTES T KERNEL FOLD THREADS
//        bench_clk_peers blocks A B BYTES T BLOCKS_A BLOCKS_B
//        bench_clk_peers solve PAIRS ROWS greedy|probabilistic
//        bench_clk_peers encode SCHEMA TABLE SECRET
//        bench_clk_peers parse TABLE
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <sys/resource.h>

#include "bench/clocks.h"
#include "engine/bits/join.h"
#include "engine/clk/encode_table.h"
#include "engine/clk/rows.h"
#include "engine/clkjoin/block_join.h"
#include "engine/clkjoin/clk_file.h"
#include "engine/clkjoin/pair_file.h"
#include "engine/clkjoin/solver.h"
#include "engine/core/file.h"
#include "engine/core/parallel.h"

namespace {

using namespace tessera;

long peak_kib() {
  rusage u{};
  getrusage(RUSAGE_SELF, &u);
  return u.ru_maxrss;
}

template <class T>
T value(Result<T> r) {
  if (r) return *std::move(r);
  std::fprintf(stderr, "%s: %s\n", r.error().where.c_str(), r.error().what.c_str());
  std::exit(2);
}

struct Count final : bits::HitSink {
  std::size_t n = 0;
  void take(std::span<const bits::Hit> some) override { n += some.size(); }
};

bits::Matrix filters(const char* path, std::size_t bytes) {
  clkjoin::BlockNames names;
  Silent silent;
  const std::string text = value(read_file(path));
  return value(clkjoin::read_clks(as_bytes(text), path, bytes, names, silent)).matrix;
}

int join(char** a) {
  const std::size_t bytes = std::strtoul(a[2], nullptr, 10);
  bits::Matrix left = filters(a[0], bytes);
  bits::Matrix right = filters(a[1], bytes);
  const bits::Kernel* kernel =
      std::strcmp(a[4], "auto") == 0 ? &bits::best_kernel() : bits::find_kernel(a[4]);
  if (kernel == nullptr) return 3;
  set_threads(std::strtoul(a[6], nullptr, 10));
  Count hits;
  Silent silent;
  const double start = bench::cpu_seconds();
  const double wall = bench::wall_seconds();
  const bits::Sorted l = bits::sort_by_count(std::move(left));
  const bits::Sorted r = bits::sort_by_count(std::move(right));
  const bits::JoinTally t = bits::join(
      l, r, {value(bits::parse_threshold(a[3])), kernel, std::strtoul(a[5], nullptr, 10)}, hits,
      silent);
  std::printf(
      "{\"cpu\": %.6f, \"wall\": %.6f, \"hits\": %zu, \"pairs\": %llu, \"candidates\": %llu, "
      "\"kernel\": \"%s\"}\n",
      bench::cpu_seconds() - start, bench::wall_seconds() - wall, hits.n,
      static_cast<unsigned long long>(t.pairs), static_cast<unsigned long long>(t.candidates),
      std::string(kernel->name).c_str());
  return 0;
}

clkjoin::RowBlocks row_blocks(const std::string& numbers, std::size_t& names) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> entries;
  for (std::size_t i = 0; i < numbers.size() / 4; ++i) {
    const auto block = load_le<std::uint32_t>(as_bytes(numbers).data() + 4 * i);
    entries.emplace_back(static_cast<std::uint32_t>(i / 3), block);
    names = std::max<std::size_t>(names, block + std::size_t{1});
  }
  return {numbers.size() / 12, std::move(entries)};
}

int blocks(char** a) {
  const std::size_t bytes = std::strtoul(a[2], nullptr, 10);
  const bits::Matrix left = filters(a[0], bytes);
  const bits::Matrix right = filters(a[1], bytes);
  const std::string na = value(read_file(a[4]));
  const std::string nb = value(read_file(a[5]));
  set_threads(1);
  Count hits;
  Silent silent;
  const double start = bench::cpu_seconds();
  std::size_t names = 0;
  const clkjoin::RowBlocks ba = row_blocks(na, names);
  const clkjoin::RowBlocks bb = row_blocks(nb, names);
  const bits::JoinTally t =
      clkjoin::join_blocks(left, ba, right, bb, names,
                           {{value(bits::parse_threshold(a[3])), nullptr, 0}, 0}, hits, silent);
  std::printf("{\"cpu\": %.6f, \"hits\": %zu, \"pairs\": %llu}\n", bench::cpu_seconds() - start,
              hits.n, static_cast<unsigned long long>(t.pairs));
  return 0;
}

int solve(char** a) {
  const MappedFile file = value(MappedFile::open(a[0]));
  std::vector<clkjoin::Pair> pairs;
  const auto read = clkjoin::read_pairs(file.view(), a[0],
                                        [&](std::span<const clkjoin::Pair> some) -> Result<void> {
                                          pairs.insert(pairs.end(), some.begin(), some.end());
                                          return {};
                                        });
  if (!read) return 2;
  const auto n = static_cast<std::uint32_t>(std::strtoul(a[1], nullptr, 10));
  const long before = peak_kib();
  const double start = bench::cpu_seconds();
  clkjoin::SolverOptions options;
  if (std::strcmp(a[2], "probabilistic") == 0) options = {{1, 2}, true};
  const std::uint32_t rows[] = {n, n};
  clkjoin::Solver solver = value(clkjoin::Solver::create(rows, options));
  solver.add(pairs);
  const std::size_t groups = solver.groups().size();
  std::printf("{\"cpu\": %.6f, \"groups\": %zu, \"candidates\": %zu, \"grown_mib\": %.1f}\n",
              bench::cpu_seconds() - start, groups, pairs.size(),
              static_cast<double>(peak_kib() - before) / 1024);
  return 0;
}

int encode(char** a) {
  const std::string schema = value(read_file(a[0]));
  const std::string table = value(read_file(a[1]));
  const std::string secret = value(read_file(a[2]));
  set_threads(1);
  Silent silent;
  std::string out;
  out.reserve(table.size() * 8);
  const double start = bench::cpu_seconds();
  const clk::Encoder encoder = value(clk::Encoder::create(
      value(clk::load_linkage_schema(schema, a[0], {})), as_bytes(secret), {}));
  const clk::EncodeTally t = value(clk::encode_table(
      table, a[1], encoder, clk::Header::check, [&](std::string_view part) { out += part; },
      silent));
  std::printf("{\"cpu\": %.6f, \"rows\": %llu}\n", bench::cpu_seconds() - start,
              static_cast<unsigned long long>(t.rows));
  return 0;
}

// The bound of an encoder: cells found, nothing done with them.
int parse(char** a) {
  const std::string table = value(read_file(a[0]));
  const double start = bench::cpu_seconds();
  clk::Rows rows(table, 1);
  std::vector<std::string_view> cells;
  std::size_t n = 0;
  std::size_t sum = 0;
  while (rows.next(cells)) {
    ++n;
    for (const std::string_view c : cells) sum += c.size();
  }
  std::printf("{\"cpu\": %.6f, \"rows\": %zu, \"bytes\": %zu}\n", bench::cpu_seconds() - start,
              n - 1, sum);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string work = argc > 1 ? argv[1] : "";
  if (work == "join" && argc == 9) return join(argv + 2);
  if (work == "blocks" && argc == 8) return blocks(argv + 2);
  if (work == "solve" && argc == 5) return solve(argv + 2);
  if (work == "encode" && argc == 5) return encode(argv + 2);
  if (work == "parse" && argc == 3) return parse(argv + 2);
  std::fprintf(stderr, "see the first lines of bench_clk_peers.cpp\n");
  return 1;
}
