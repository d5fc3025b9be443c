// Links against a plain map: through several growths of the table, and with links that were merged
// away or went to other groups.
#include "engine/clkjoin/group_links.h"

#include <map>

#include <doctest/doctest.h>

#include "engine/core/random.h"

using namespace tessera;
using namespace tessera::clkjoin;

TEST_CASE("a link is found from its two groups in either order, and no other is") {
  GroupLinks links;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> plain;
  Splitmix random(5);
  for (int i = 0; i < 60000; ++i) {
    const auto a = static_cast<std::uint32_t>(random.below(400));
    const auto b = static_cast<std::uint32_t>(400 + random.below(400));
    const GroupLinks::Place place = i % 2 == 0 ? links.find(a, b) : links.find(b, a);
    const auto known = plain.find({a, b});
    REQUIRE(place.link == (known == plain.end() ? 0 : known->second));
    if (known == plain.end())
      plain[{a, b}] = links.add(place, {{a, b}, {0, 0}, 1});
    else
      ++links[place.link].seen;
  }
  CHECK(plain.size() > 49000);  // lines were filled, and grown four times
  for (const auto& [groups, link] : plain) {
    REQUIRE(links.find(groups.first, groups.second).link == link);
    CHECK(links[link].side(groups.second) == 1);
  }
}

TEST_CASE("a link that was merged away is not found; one that went to another group is, there") {
  GroupLinks links;
  const std::uint32_t gone = links.add(links.find(1, 2), {{1, 2}, {0, 0}, 3});
  const std::uint32_t moved = links.add(links.find(1, 3), {{1, 3}, {0, gone}, 1});
  links[gone].seen = 0;
  CHECK(links.find(1, 2).link == 0);
  links[moved].group[0] = 7;
  links.put(links.find(7, 3), moved);
  CHECK(links.find(1, 3).link == 0);
  for (std::uint32_t i = 100; i < 9000; ++i) links.add(links.find(0, i), {{0, i}, {0, 0}, 1});
  CHECK(links.find(3, 7).link == moved);
  CHECK(links.find(1, 2).link == 0);
  CHECK(links.find(1, 3).link == 0);
}
