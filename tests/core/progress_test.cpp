// Who does not care may be silent: the engine can always report.
#include "engine/core/progress.h"

#include <memory>
#include <string>

#include <doctest/doctest.h>

using namespace tessera;

namespace {

class Counted final : public Progress {
 public:
  void begin(std::string_view stage, std::uint64_t total, std::string_view unit) override {
    told += std::string(stage) + ":" + std::to_string(total) + " " + std::string(unit);
  }
  void advance(std::uint64_t steps) override { done += steps; }
  std::string told;
  std::uint64_t done = 0;
};

void work(Progress& progress) {
  progress.begin("reading", 3, "rows");
  for (int i = 0; i < 3; ++i) progress.advance(1);
}

}  // namespace

TEST_CASE("work reports to whoever listens, or to nobody") {
  Counted counted;
  work(counted);
  CHECK(counted.told == "reading:3 rows");
  CHECK(counted.done == 3);
  const std::unique_ptr<Progress> silent = std::make_unique<Silent>();
  work(*silent);
}
