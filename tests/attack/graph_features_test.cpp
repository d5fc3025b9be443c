#include "engine/attack/graph_features.h"

#include <algorithm>
#include <cmath>

#include "engine/attack/weak.h"
#include "tests/attack/attack_fixture.h"

namespace tessera::attack {
namespace {

bits::Matrix clks(std::uint32_t people, std::uint64_t secret) {
  auto rows = weak_rows(Weak::clk, test::usual(), test::draw(people), secret);
  REQUIRE(rows.has_value());
  return std::move(*rows);
}

// Mean of squared differences between rows.
double apart(const GraphTable& a, const GraphTable& b) {
  return static_cast<double>((a - b).squaredNorm()) / static_cast<double>(a.size());
}

TEST_CASE("a person looks the same under another key, and not as another person does") {
  const bits::Matrix one = clks(400, 1), other = clks(400, 2);
  const GraphTable a = graph_features(Everywhere(one)), b = graph_features(Everywhere(other));
  REQUIRE(a.rows() == 400);
  GraphTable shifted = b;
  shifted << b.bottomRows(399), b.topRows(1);
  CHECK(apart(a, b) < 0.6);
  CHECK(apart(a, shifted) > 1.2);
}

TEST_CASE("columns are standardised, and one that never varies says nothing") {
  GraphTable t(3, 2);
  t << 1, 5, 2, 5, 6, 5;
  standardise(t);
  CHECK(std::abs(t.col(0).sum()) < 1e-5F);
  CHECK(std::abs(t.col(0).squaredNorm() - 3) < 1e-4F);
  CHECK(t.col(1).norm() == 0);
}

// The slow reference: the same draw, and no weights.
TEST_CASE("what was rehearsed tells people in a part of the graph better than plain distance") {
  const bits::Matrix all = clks(2000, 1), other = clks(2000, 2);
  bits::Matrix some(400, other.bits());
  for (std::size_t i = 0; i < some.rows(); ++i) {
    std::copy_n(other.row(5 * i), other.words(), some.row(i));
    some.recount(i);
  }
  const GraphTable a = graph_features(Everywhere(all)), v = graph_features(Everywhere(some));
  const GraphTable weigh = rehearse(Everywhere(all), a, some.rows());
  const auto right = [&](const GraphTable& victims, const GraphTable& people) {
    int count = 0;
    for (Eigen::Index i = 0; i < victims.rows(); ++i) {
      Eigen::Index nearest = 0;
      (people.rowwise() - victims.row(i)).rowwise().squaredNorm().minCoeff(&nearest);
      count += nearest == 5 * i ? 1 : 0;
    }
    return count;
  };
  const int plain = right(v, a), weighed = right(v * weigh, a * weigh);
  MESSAGE("nearest is right: ", plain, " plain, ", weighed, " weighed, of 400");
  CHECK(weighed > plain);
}

}  // namespace
}  // namespace tessera::attack
