// Evaluations a second and core: the service's side, the owner's side, proofs included.
// usage: bench_oprf [ELEMENTS]
#include <cstdlib>

#include <fmt/format.h>

#include "bench/clocks.h"
#include "engine/core/parallel.h"
#include "engine/core/random.h"
#include "engine/oprf/client.h"
#include "engine/oprf/evaluator.h"

namespace {

using namespace tessera;
using namespace tessera::oprf;

// CPU time, not wall time: other work on the machine does not show in it.
template <class Work>
void measure(const char* what, std::size_t n, Work work) {
  const double start = bench::cpu_seconds();
  work();
  const double seconds = bench::cpu_seconds() - start;
  fmt::print("{:<34} {:>9.0f} /s/core {:>8.1f} us\n", what, static_cast<double>(n) / seconds,
             1e6 * seconds / static_cast<double>(n));
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t n = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 20000;
  set_threads(1);
  const auto random = system_random();
  const Suite suite(Mode::verifiable);
  const Evaluator service(std::array<std::uint8_t, 32>{7}, "bench");
  std::vector<std::string> inputs;
  std::vector<Scalar> blinds;
  for (std::size_t i = 0; i < n; ++i) {
    inputs.push_back(fmt::format("bench block key of about fifty bytes, number {:06}", i));
    blinds.push_back(random_scalar(*random));
  }
  std::vector<Element> blinded(n);
  std::vector<Scalar> inverses(n);
  std::vector<Output> outputs(n);
  Evaluated answer;
  bool good = true;
  measure("owner: hash and blind", n, [&] {
    for (std::size_t i = 0; i < n; ++i)
      good = blind(suite, as_bytes(inputs[i]), blinds[i], blinded[i]) && good;
  });
  measure("service: multiply, no proof", n, [&] {
    const Scalar key = random_scalar(*random);
    Element out;
    for (std::size_t i = 0; i < n; ++i) good = multiply(key.reveal(), blinded[i], out) && good;
  });
  measure("service: evaluate and prove", n, [&] {
    auto result = service.evaluate(blinded, *random);
    good = result.has_value() && good;
    if (result) answer = *std::move(result);
  });
  measure("owner: verify", n, [&] {
    good = verify_batch(suite, service.public_key(), blinded, answer.elements, answer.proofs)
               .has_value() &&
           good;
  });
  measure("owner: unblind and finalise", n, [&] {
    invert(blinds, inverses);
    for (std::size_t i = 0; i < n; ++i)
      good = finalize(as_bytes(inputs[i]), inverses[i], answer.elements[i], outputs[i]) && good;
  });
  if (!good) fmt::print("failed\n");
  return good ? 0 : 1;
}
