// How fast a roster becomes entries, offline mode, one thread: records per second of processor time
// for reading, for encoding and for both. bench_encode_roster [ROSTER.csv [schema [repeats]]]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "bench/clocks.h"
#include "engine/core/parallel.h"
#include "engine/core/progress.h"
#include "engine/core/random.h"
#include "engine/encode/encoder.h"
#include "engine/record/roster.h"

namespace {

using namespace tessera;

// Handles that are the same in every run.
class Counted final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override {
    for (auto& b : out) b = static_cast<std::uint8_t>(numbers_.next() >> 56);
  }

 private:
  Splitmix numbers_{1};
};

// A sum over every byte that encoding made, in the order of the file: a change of speed that
// changes a byte shows.
std::uint64_t sum_of(const encode::Encoded& e) {
  std::uint64_t sum = 0xcbf29ce484222325U;
  auto add = [&](const auto& column) {
    const auto* p = reinterpret_cast<const unsigned char*>(column.data());
    for (std::size_t i = 0; i < column.size() * sizeof(column[0]); ++i)
      sum = (sum ^ p[i]) * 0x100000001b3U;
  };
  for (const auto& p : e.passes) {
    add(p.tags);
    add(p.handles);
    add(p.presence);
    add(p.bits);
    add(p.ssn_tokens);
  }
  for (const auto& r : e.records) add(r.key);
  return sum;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string path = argc > 1 ? argv[1] : "data/synthetic/febrl4/dataset4a.csv";
  const auto schema = schema::load(argc > 2 ? argv[2] : "default");
  if (!schema) return 1;
  const int repeats = argc > 3 ? std::atoi(argv[3]) : 3;
  keys::ProjectKey key;
  for (auto& b : key.project.fill()) b = 7;
  for (auto& b : key.offline.fill()) b = 9;
  record::ReadOptions options;
  options.today = {2026, 11, 21, false};
  set_threads(1);
  Silent silent;
  double read = 1e9;
  double made = 1e9;
  std::size_t records = 0;
  std::size_t entries = 0;
  std::uint64_t sum = 0;
  for (int i = 0; i < repeats; ++i) {
    const double start = bench::cpu_seconds();
    const auto roster = record::read_roster(path, *schema, options, silent);
    if (!roster) {
      std::fprintf(stderr, "%s\n", roster.error().what.c_str());
      return 1;
    }
    const double middle = bench::cpu_seconds();
    Counted random;
    const encode::Encoded e = encode::encode(*schema, roster->records, key, "north",
                                             encoded::Population::student, random, silent);
    const double end = bench::cpu_seconds();
    read = std::min(read, middle - start);
    made = std::min(made, end - middle);
    records = roster->records.size();
    entries = e.handles.size();
    sum = sum_of(e);
  }
  const auto n = static_cast<double>(records);
  std::printf(
      "| %zu records, %.1f entries each | CPU s | records per CPU second |\n|---|---|---|\n",
      records, static_cast<double>(entries) / n);
  std::printf("| read and made canonical | %.3f | %.0f |\n", read, n / read);
  std::printf("| encoded and sorted | %.3f | %.0f |\n", made, n / made);
  std::printf("| both | %.3f | %.0f |\n", read + made, n / (read + made));
  std::printf("(sum of all bytes %016llx)\n", static_cast<unsigned long long>(sum));
  return 0;
}
