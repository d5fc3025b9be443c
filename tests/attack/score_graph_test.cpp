#include "engine/attack/score_graph.h"

#include <algorithm>

#include "engine/core/random.h"
#include "tests/attack/attack_fixture.h"

namespace tessera::attack {
namespace {

constexpr std::uint32_t kEach = 300;

// Every record of a meets its own and three others; scores are few, so that hardly anybody has
// scores of their own.
std::vector<ToldScore> told() {
  Splitmix random(9);
  std::vector<ToldScore> out;
  for (std::uint32_t a = 0; a < kEach; ++a) {
    out.push_back({a, a, 60});
    for (int n = 0; n < 3; ++n)
      out.push_back({a, static_cast<std::uint32_t>(random.below(kEach)),
                     static_cast<link::Decinats>(random.below(2) * 10)});
  }
  std::ranges::sort(out);
  return out;
}

std::size_t right(const std::vector<std::uint32_t>& claims) {
  std::size_t n = 0;
  for (std::uint32_t r = 0; r < claims.size(); ++r) n += claims[r] == r;
  return n;
}

std::vector<std::uint32_t> matched(const std::vector<ToldScore>& a,
                                   const std::vector<ToldScore>& b) {
  Silent silent;
  return match_score_graphs(a, b, kEach, kEach, {}, silent);
}

TEST_CASE("neighbours say who somebody is whose own scores do not") {
  const auto all = told();
  const std::size_t alone = right(match_by_scores(all, all, kEach, kEach));
  CHECK(right(matched(all, all)) > 500);
  CHECK(alone < 300);
}

TEST_CASE("one score in twenty another does not hide them") {
  const auto all = told();
  std::vector<ToldScore> other = all;
  for (std::size_t i = 0; i < other.size(); i += 20) other[i].decinats += 10;
  std::ranges::sort(other);
  const std::size_t found = right(matched(all, other));
  CHECK(found > 300);
  CHECK(found > 2 * right(match_by_scores(all, other, kEach, kEach)));
}

TEST_CASE("a claim stays with its owner, and who met nobody is not claimed") {
  const std::vector<ToldScore> one{{0, 0, 50}};
  const auto claims = matched(one, one);
  CHECK(claims[0] == 0);
  CHECK(claims[kEach] == kEach);
  CHECK(std::ranges::count(claims, kNoClaim) == 2 * kEach - 2);
}

}  // namespace
}  // namespace tessera::attack
