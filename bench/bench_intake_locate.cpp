// One question to a registry that is open already, as a service would ask it: bench_intake_locate
// REGISTRY QUESTION.tess.... Questions come from 'tessera locate ask'.
#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "bench/clocks.h"
#include "engine/intake/locate.h"
#include "matchers/fellegi_sunter.h"
#include "matchers/model.h"

using namespace tessera;

namespace {

double at(const std::vector<double>& sorted, double share) {
  const auto i = static_cast<std::size_t>(share * static_cast<double>(sorted.size()));
  return 1000 * sorted[std::min(sorted.size() - 1, i)];
}

Result<void> run(const std::string& path, const std::vector<std::string>& questions) {
  TESSERA_TRY(const matchers::Model model, matchers::load_model(""));
  const auto matcher = matchers::fellegi_sunter(model);
  const double opening = bench::wall_seconds();
  TESSERA_TRY(registry::Registry registry, registry::Registry::open(path, registry::Access::read));
  fmt::print("opening the registry  {:8.1f} ms\n", 1000 * (bench::wall_seconds() - opening));
  Silent silent;
  std::vector<double> wall, cpu;
  std::size_t found = 0;
  for (const std::string& question : questions) {
    const double w = bench::wall_seconds(), c = bench::cpu_seconds();
    TESSERA_TRY(link::FileSet files, link::FileSet::open({question}));
    TESSERA_TRY(const intake::Located answer, intake::locate(registry, files, *matcher, silent));
    wall.push_back(bench::wall_seconds() - w);
    cpu.push_back(bench::cpu_seconds() - c);
    found += answer.reply == intake::Reply::found;
  }
  fmt::print("the first question    {:8.1f} ms\n", 1000 * wall.front());
  std::ranges::sort(wall);
  std::ranges::sort(cpu);
  fmt::print(
      "{:4} questions, {:4} found: p50 {:.1f} ms, p95 {:.1f} ms; of the processor p50 {:.1f} "
      "ms, p95 {:.1f} ms\n",
      questions.size(), found, at(wall, .5), at(wall, .95), at(cpu, .5), at(cpu, .95));
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() < 2) {
    fmt::print(stderr, "bench_intake_locate REGISTRY QUESTION.tess...\n");
    return EXIT_FAILURE;
  }
  const auto done = run(arguments[0], {arguments.begin() + 1, arguments.end()});
  if (!done) fmt::print(stderr, "{}: {}\n", done.error().where, done.error().what);
  return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
