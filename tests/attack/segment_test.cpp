#include "engine/attack/segment.h"

#include "engine/attack/weak.h"
#include "tests/attack/attack_fixture.h"

namespace tessera::attack::segment_test {
namespace {

const std::vector<std::string> kNames{"ANNA", "BOB", "CARLA", "DORA", "EVAN", "FRANK"};

TEST_CASE("half a filter is enough for whoever holds the key, and nothing without it") {
  const auto seen = value_filters(kNames, 1), other = value_filters(kNames, 2);
  REQUIRE(seen.has_value());
  REQUIRE(other.has_value());
  const auto broken = segment_attack(*seen, kNames, *seen, kNames, seen->words() / 2);
  CHECK(broken.exact == kNames.size());
  CHECK(broken.wrong == 0);
  const auto blind = segment_attack(*seen, kNames, *other, kNames, seen->words() / 2);
  CHECK(blind.exact + blind.among + blind.wrong == 0);
  // No bit shown: every name fits every filter.
  CHECK(segment_attack(*seen, kNames, *seen, kNames, 0).among == kNames.size());
}

}  // namespace
}  // namespace tessera::attack::segment_test
