#include "engine/attack/rare_features.h"

#include "tests/attack/attack_fixture.h"

namespace tessera::attack {
namespace {

Features made(const std::vector<std::vector<std::uint64_t>>& of) {
  return features_of(static_cast<std::uint32_t>(of.size()), [&](std::uint32_t r, auto& out) {
    out.insert(out.end(), of[r].begin(), of[r].end());
  });
}

std::vector<std::uint32_t> claims(const Features& victim, const Features& attacker,
                                  std::size_t rarest = 200) {
  Silent silent;
  return claim_by_features(victim, attacker, {.rarest = rarest}, silent).claim;
}

TEST_CASE("a record is claimed for whom it shares most of what is rare with") {
  const Features known = made({{1, 2, 3}, {1, 2, 4}, {1, 5, 6}, {}});
  CHECK(claims(made({{3, 2, 1}, {1, 4}, {5}, {}}), known) ==
        std::vector<std::uint32_t>{0, 1, 2, kNoClaim});
}

TEST_CASE("nobody is claimed where a second is as good, or where all have it") {
  const Features known = made({{1, 2}, {1, 2}, {1, 3}});
  CHECK(claims(made({{1, 2}, {1}, {3}}), known) ==
        std::vector<std::uint32_t>{kNoClaim, kNoClaim, 2});
  CHECK(claims(made({{1, 2}, {1}, {3}}), known, 0) == std::vector<std::uint32_t>(3, kNoClaim));
}

TEST_CASE("having a thing twice is another thing") {
  const Features twice = made({{7}, {7, 7}});
  CHECK(twice.of(1).size() == 2);
  CHECK(twice.of(1)[0] != twice.of(1)[1]);
  CHECK(claims(made({{7, 7}}), twice) == std::vector<std::uint32_t>{1});
}

}  // namespace
}  // namespace tessera::attack
