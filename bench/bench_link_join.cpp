// In-block comparisons per second at several block sizes: the block join, the levels and the
// counting of patterns, on rows of the default schema's first pass filled at random.
#include <algorithm>
#include <cstdio>
#include <cstring>

#include "bench/clocks.h"
#include "engine/core/parallel.h"
#include "engine/core/random.h"
#include "engine/link/pipeline.h"

namespace {

using namespace tessera;

// Two files' worth of entries, `size` to a block, half of them from each file.
encoded::PassColumns entries(std::size_t count, std::size_t size, std::uint32_t stride,
                             std::uint64_t seed) {
  Splitmix random(seed);
  encoded::PassColumns c;
  c.stride = stride;
  for (std::size_t i = 0; i < count; ++i) {
    Splitmix of_block(7 * (i / (size / 2)) + 1);
    encoded::Tag tag{};
    for (std::size_t b = 0; b < tag.size(); b += 8) {
      const std::uint64_t word = of_block.next();
      std::memcpy(tag.data() + b, &word, 8);
    }
    c.tags.push_back(tag);
    c.handles.push_back(random.next());
    c.presence.push_back(0xffff);
    for (std::uint32_t b = 0; b < stride; ++b)
      c.bits.push_back(static_cast<std::uint8_t>(random.next()));
  }
  c.sort();
  return c;
}

// The plain reference: every pair of a block by itself, without a join; both sides have their
// blocks in one order, `half` rows each. Pairs per CPU second.
double plain_rate(const link::Comparator& comparator, const encoded::PassView& a,
                  const encoded::PassView& b, std::size_t half) {
  std::vector<std::uint64_t> counts(comparator.patterns(), 0);
  std::uint64_t pairs = 0;
  const std::size_t rows = std::min<std::size_t>(a.rows(), 10000000 / half);
  const double start = bench::cpu_seconds();
  for (std::size_t i = 0; i < rows; ++i) {
    const block::Entry x{0, a.presence[i], 0, a.bits.data() + i * a.stride};
    for (std::size_t j = i / half * half; j < (i / half + 1) * half && j < b.rows(); ++j, ++pairs)
      ++counts[comparator.compare(x, {1, b.presence[j], 0, b.bits.data() + j * b.stride})];
  }
  return static_cast<double>(pairs) / (bench::cpu_seconds() - start);
}

}  // namespace

int main() {
  const auto schema = schema::load("default");
  if (!schema) return 1;
  const std::uint32_t stride = schema::layout(*schema, 0).stride;
  schema::Schema one = *schema;
  one.passes.resize(1);
  set_threads(1);
  std::printf(
      "| mean block size | comparisons | CPU s | million comparisons per CPU second "
      "| times the plain pair loop |\n|---|---|---|---|---|\n");
  for (const std::size_t size : {4U, 32U, 256U}) {
    const std::size_t count = 400000;
    const auto a = entries(count, size, stride, 1);
    const auto b = entries(count, size, stride, 2);
    std::vector<std::uint32_t> left(count);
    std::vector<std::uint32_t> right(count);
    link::Run run;
    run.schema = &one;
    for (std::uint32_t i = 0; i < count; ++i) {
      left[i] = i;
      right[i] = static_cast<std::uint32_t>(count) + i;
    }
    run.group.assign(count, 0);
    run.group.insert(run.group.end(), count, 1);
    run.sources = [&](std::size_t) -> Result<std::vector<block::Source>> {
      return std::vector<block::Source>{{a.view(), left}, {b.view(), right}};
    };
    Silent silent;
    double best = 1e9;
    std::uint64_t compared = 0;
    for (int repeat = 0; repeat < 3; ++repeat) {
      const double start = bench::cpu_seconds();
      const auto counts = link::count(run, 1, nullptr, silent);
      best = std::min(best, bench::cpu_seconds() - start);
      compared = (*counts)[0][0].compared;
    }
    const double rate = static_cast<double>(compared) / best;
    const double plain = plain_rate(link::Comparator(one, 0, false), a.view(), b.view(), size / 2);
    std::printf("| %zu | %llu | %.3f | %.1f | %.1f |\n", size,
                static_cast<unsigned long long>(compared), best, rate / 1e6, rate / plain);
  }
  return 0;
}
