#include "engine/attack/frequency.h"

#include <cmath>
#include <functional>

#include <doctest/doctest.h>

#include "engine/core/random.h"

namespace tessera::attack {
namespace {

// 40 names, the k-th about twice as frequent as the (k+8)-th.
std::vector<std::string> names(std::size_t n, std::uint64_t seed) {
  Splitmix rng(seed);
  std::vector<std::string> out;
  while (out.size() < n) {
    const std::uint64_t k = rng.below(40);
    if (rng.chance(std::pow(0.5, static_cast<double>(k) / 8)))
      out.push_back("name" + std::to_string(k));
  }
  return out;
}

TEST_CASE("deterministic codes of skewed names fall to their frequencies") {
  const auto truth = names(60000, 1), sample = names(60000, 2);
  std::vector<std::uint64_t> codes;
  for (const std::string& t : truth) codes.push_back(std::hash<std::string>{}(t));
  const Aligned a = align_by_rank(codes, truth, sample, 1);
  CHECK(a.values == 40);
  CHECK(a.records_right > a.records / 3);
  CHECK(static_cast<double>(a.records_right) > 4 * a.chance);
}

TEST_CASE("codes that are all different say nothing") {
  const auto truth = names(20000, 1), sample = names(20000, 2);
  std::vector<std::uint64_t> codes;
  for (std::uint64_t i = 0; i < truth.size(); ++i) codes.push_back(i);
  const Aligned a = align_by_rank(codes, truth, sample, 1);
  CHECK(a.records_right <= 15);  // 40 claims at a few per cent each
  CHECK(a.chance < 15);
}

TEST_CASE("what shows besides leaves fewer names for a code") {
  // Two values of one frequency: only their class tells them apart.
  const std::vector<std::uint64_t> codes{1, 1, 2, 2};
  const std::vector<std::string> truth{"A", "A", "BB", "BB"}, sample{"A", "BB"};
  const std::vector<std::uint32_t> shows{1, 1, 2, 2}, sample_shows{1, 2};
  for (std::uint64_t seed = 1; seed < 9; ++seed)
    CHECK(align_by_rank({codes, shows}, truth, sample, sample_shows, seed).records_right == 4);
}

TEST_CASE("a dummy is never right") {
  const std::vector<std::uint64_t> codes{1, 1, 1, 2};
  const std::vector<std::string> truth{"", "", "", "B"}, sample{"A", "A", "B"};
  const Aligned a = align_by_rank(codes, truth, sample, 1);
  CHECK(a.values_right == 1);
  CHECK(a.records_right == 1);
  const std::vector<std::string> none(4, "");
  CHECK(align_by_rank(codes, none, sample, 1).records_right == 0);
}

}  // namespace
}  // namespace tessera::attack
