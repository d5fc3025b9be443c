// Plans: wide enough folds where the data need them, and the same plan for the same data.
#include "engine/bits/plan.h"

#include <doctest/doctest.h>

#include "tests/bits/filters.h"

using namespace tessera;
using namespace tessera::bits;

namespace {

// Filters whose bits are all drawn anew: unlike each other, fill 0.4.
Sorted unlike(std::uint64_t seed, std::size_t rows, std::size_t bits) {
  Splitmix random(seed);
  Matrix m(rows, bits);
  for (std::size_t i = 0; i < rows; ++i) {
    const auto words = random_words(random, bits / 64, 0.4);
    std::copy(words.begin(), words.end(), m.row(i));
    m.recount(i);
  }
  return sort_by_count(std::move(m));
}

Decision decision_at(const char* t, std::size_t bits) {
  return Decision(*parse_threshold(t), bits);
}

std::int32_t typical(const Decision& d) { return d.left_budget(410) + d.right_budget(410); }

}  // namespace

TEST_CASE("the higher the threshold, the narrower the fold; a forced width is taken") {
  const Sorted left = unlike(1, 2100, 1024);
  const Sorted right = unlike(2, 2100, 1024);
  for (const Kernel& k : kernels()) {
    if (!k.usable()) continue;
    std::size_t last = 16;
    for (const char* t : {"0.7", "0.8", "0.85", "0.9", "0.95"}) {
      const Decision d = decision_at(t, 1024);
      const Plan plan(left, right, d, k, 0);
      const Step& step = plan.at(typical(d));
      CHECK_MESSAGE(step.words <= last, k.name, " ", t);
      CHECK(step.words >= 2);
      CHECK(step.scanner->usable());
      CHECK(step.scanner->max_budget >= typical(d));
      CHECK(plan.widest() >= step.words);
      last = step.words;
      const Plan again(left, right, d, k, 0);
      CHECK(again.at(typical(d)).words == step.words);
      CHECK(again.at(typical(d)).scanner == step.scanner);
      CHECK(Plan(left, right, d, k, 5).at(typical(d)).words == 5);
      CHECK(Plan(left, right, d, k, 9999).at(typical(d)).words == 16);
    }
    CHECK(last <= 4);
  }
}

TEST_CASE("the sample tells which folds let everything through") {
  // The second half of each row repeats the first: folds of 1, 2, 4 and 8 words cancel out.
  const auto make = [](std::uint64_t seed) {
    Splitmix random(seed);
    Matrix m(2100, 1024);
    for (std::size_t i = 0; i < 2100; ++i) {
      const auto words = random_words(random, 8, 0.4);
      std::copy(words.begin(), words.end(), m.row(i));
      std::copy(words.begin(), words.end(), m.row(i) + 8);
      m.recount(i);
    }
    return sort_by_count(std::move(m));
  };
  const Sorted left = make(1);
  const Sorted right = make(2);
  for (const char* t : {"0.8", "0.9"}) {
    const Decision d = decision_at(t, 1024);
    for (const Kernel& k : kernels())
      if (k.usable()) {
        const std::size_t words = Plan(left, right, d, k, 0).at(typical(d)).words;
        CHECK_MESSAGE(words != 4, k.name, " ", t);
        CHECK_MESSAGE(words != 8, k.name, " ", t);
        CHECK(words > 2);
      }
  }
}

TEST_CASE("without a sample: nine standard deviations between unlike folds and the budget") {
  const Kernel& k = kernels().back();
  CHECK(plain_step(k, 16, 40).words == 3);  // 3 x 32 - 18 x sqrt 3 = 64.8
  CHECK(plain_step(k, 16, 39).words == 3);
  CHECK(plain_step(k, 16, 38).words == 2);  // 2 x 32 - 18 x sqrt 2 = 38.5
  CHECK(plain_step(k, 16, 0).words == 1);
  CHECK(plain_step(k, 16, 122).words == 6);  // 5: 119.8, 6: 147.9
  CHECK(plain_step(k, 16, 5000).words == 16);
}
