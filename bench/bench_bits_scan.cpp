// Scanners and counters against the limits: share of the three-instruction bound, ratio to the
// scalar loop. Single thread, thread CPU time, best of several rounds that alternate.
#include <algorithm>
#include <cstdio>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "bench/clocks.h"
#include "engine/bits/kernels.h"
#include "engine/bits/matrix.h"
#include "engine/core/random.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace {

using namespace tessera;
using namespace tessera::bits;

#if defined(__x86_64__)
// The bound: xor, popcount, add on 512 bits with nothing else to do, 8 independent sums.
[[gnu::target("avx512f,avx512vpopcntdq")]] double triples_per_second() {
  alignas(64) static std::uint64_t data[128];
  Splitmix random(1);
  for (auto& x : data) x = random.next();
  constexpr int kLoops = 300000;
  const double start = bench::thread_cpu_seconds();
  const __m512i zero = _mm512_setzero_si512();
  __m512i a = _mm512_load_si512(data), s0 = zero, s1 = zero, s2 = zero, s3 = zero, s4 = zero,
          s5 = zero, s6 = zero, s7 = zero;
  const auto step = data;
  for (int i = 0; i < kLoops; ++i) {
    asm volatile("" : "+v"(a));
    s0 = _mm512_add_epi64(s0,
                          _mm512_popcnt_epi64(_mm512_xor_si512(a, _mm512_load_si512(step + 16))));
    s1 = _mm512_add_epi64(s1,
                          _mm512_popcnt_epi64(_mm512_xor_si512(a, _mm512_load_si512(step + 24))));
    s2 = _mm512_add_epi64(s2,
                          _mm512_popcnt_epi64(_mm512_xor_si512(a, _mm512_load_si512(step + 32))));
    s3 = _mm512_add_epi64(s3,
                          _mm512_popcnt_epi64(_mm512_xor_si512(a, _mm512_load_si512(step + 40))));
    s4 = _mm512_add_epi64(s4,
                          _mm512_popcnt_epi64(_mm512_xor_si512(a, _mm512_load_si512(step + 48))));
    s5 = _mm512_add_epi64(s5,
                          _mm512_popcnt_epi64(_mm512_xor_si512(a, _mm512_load_si512(step + 56))));
    s6 = _mm512_add_epi64(s6,
                          _mm512_popcnt_epi64(_mm512_xor_si512(a, _mm512_load_si512(step + 64))));
    s7 = _mm512_add_epi64(s7,
                          _mm512_popcnt_epi64(_mm512_xor_si512(a, _mm512_load_si512(step + 72))));
  }
  asm volatile("" ::"v"(s0), "v"(s1), "v"(s2), "v"(s3), "v"(s4), "v"(s5), "v"(s6), "v"(s7));
  return 8.0 * kLoops / (bench::thread_cpu_seconds() - start);
}
#endif

struct Case {
  const Scanner* scanner;
  std::size_t words;
  double best = std::numeric_limits<double>::infinity();  // seconds
  std::size_t pairs = 0;
};

void run(Case& c, const std::vector<std::uint64_t>& rows, std::size_t left, std::size_t right) {
  Scratch memory, scratch;
  auto* packed = static_cast<std::byte*>(memory.take(c.scanner->packed_bytes(right, c.words)));
  c.scanner->pack(rows.data() + left * c.words, right, c.words, packed);
  std::vector<std::int32_t> lefts(left, 20), rights(right, 20);
  while (rights.size() % c.scanner->group != 0) rights.push_back(kNoBudget);
  std::vector<Candidate> out;
  const double start = bench::thread_cpu_seconds();
  for (std::size_t i = 0; i < left; i += 256)
    c.scanner->scan({rows.data() + i * c.words, lefts.data() + i,
                     std::min<std::size_t>(256, left - i), packed, rights.data(), right, c.words},
                    scratch, out);
  c.best = std::min(c.best, bench::thread_cpu_seconds() - start);
  c.pairs = left * right;
}

}  // namespace

int main() {
  std::vector<Case> cases;
  for (const std::size_t words : {2, 4, 5, 7, 8, 12, 16, 32})
    for (const Kernel& k : kernels())
      for (const Scanner& s : k.scanners) {
        bool listed = false;
        for (const Case& c : cases) listed |= c.scanner->name == s.name && c.words == words;
        if (s.usable() && !listed) cases.push_back({&s, words});
      }
  Splitmix random(2);
  std::vector<std::uint64_t> rows((2048 + 2048) * 32);
  for (auto& x : rows) x = random.next();
  double bound = 0;
  for (int round = 0; round < 7; ++round) {
#if defined(__x86_64__)
    if (find_kernel("avx512") != nullptr) bound = std::max(bound, triples_per_second());
#endif
    for (Case& c : cases) {
      const bool slow = c.scanner->name == "rows" || c.scanner->name == "words";
      run(c, rows, slow ? 256 : 2048, slow ? 512 : 2048);
    }
  }
  std::printf("bound: %.2f G xor-popcount-add of 512 bits per CPU second\n", bound * 1e-9);
  std::printf("%-10s %6s %12s %10s %10s %10s\n", "scanner", "words", "Mpair/s", "ns/pair",
              "of bound", "x scalar");
  for (const Case& c : cases) {
    const double rate = static_cast<double>(c.pairs) / c.best;
    double scalar = 0;
    for (const Case& other : cases)
      if (other.words == c.words && other.scanner->name == "words")
        scalar = static_cast<double>(other.pairs) / other.best;
    std::printf("%-10s %6zu %12.0f %10.4f %9.0f%% %10.2f\n", std::string(c.scanner->name).c_str(),
                c.words, rate * 1e-6, 1e9 / rate,
                100 * rate * static_cast<double>(c.words) / 8 / bound, rate / scalar);
  }
  return 0;
}
