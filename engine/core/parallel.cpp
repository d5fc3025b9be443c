#include "engine/core/parallel.h"

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#ifndef TESSERA_PLAIN_THREADS
#include <tbb/blocked_range.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#endif

namespace tessera {
namespace {

std::atomic<std::size_t> wanted{0};  // 0: what the machine has
#ifndef TESSERA_PLAIN_THREADS
std::unique_ptr<tbb::global_control> control;
#endif

}  // namespace

std::size_t threads() {
  const std::size_t n = wanted.load();
  return n != 0 ? n : std::max(1U, std::thread::hardware_concurrency());
}

void set_threads(std::size_t n) {
  wanted = n;
#ifndef TESSERA_PLAIN_THREADS
  control.reset();
  if (n != 0)
    control =
        std::make_unique<tbb::global_control>(tbb::global_control::max_allowed_parallelism, n);
#endif
}

void parallel_for(std::size_t n, std::size_t grain,
                  const std::function<void(std::size_t, std::size_t)>& body) {
  grain = std::max<std::size_t>(grain, 1);
  const std::size_t chunks = (n + grain - 1) / grain;
  auto run = [&](std::size_t chunk) { body(chunk * grain, std::min(n, (chunk + 1) * grain)); };
  if (chunks <= 1 || threads() == 1) {
    for (std::size_t c = 0; c < chunks; ++c) run(c);
    return;
  }
#ifndef TESSERA_PLAIN_THREADS
  tbb::parallel_for(
      tbb::blocked_range<std::size_t>(0, chunks, 1),
      [&](const tbb::blocked_range<std::size_t>& r) {
        for (std::size_t c = r.begin(); c < r.end(); ++c) run(c);
      },
      tbb::simple_partitioner());
#else
  std::atomic<std::size_t> next{0};
  std::vector<std::thread> crew;
  for (std::size_t t = 0; t < std::min(threads(), chunks); ++t)
    crew.emplace_back([&] {
      for (std::size_t c = next++; c < chunks; c = next++) run(c);
    });
  for (std::thread& t : crew) t.join();
#endif
}

}  // namespace tessera
