// The set of local IDs against the one of the library.
#include "engine/record/id_set.h"

#include <deque>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "engine/core/random.h"

using namespace tessera;
using record::IdSet;

TEST_CASE("an empty set holds nothing, not even the empty ID") {
  IdSet set;
  CHECK_FALSE(set.contains(""));
  CHECK_FALSE(set.contains("1"));
  set.insert("");
  CHECK(set.contains(""));
  CHECK_FALSE(set.contains("1"));
}

TEST_CASE("it agrees with a plain set while it grows, and tells apart what is nearly equal") {
  IdSet set;
  std::set<std::string> plain;
  std::deque<std::string> text;  // whose strings stay where they are
  Splitmix random(3);
  for (int i = 0; i < 20000; ++i) {
    std::string id = std::to_string(random.below(12000));
    if (random.chance(0.3)) id.insert(0, 1, '0');
    if (random.chance(0.1)) id.push_back('\0');
    REQUIRE(set.contains(id) == plain.contains(id));
    if (!plain.insert(id).second) continue;
    text.push_back(std::move(id));
    set.insert(text.back());
  }
  for (const std::string& id : plain) REQUIRE(set.contains(id));
  for (int i = 12000; i < 13000; ++i) REQUIRE_FALSE(set.contains(std::to_string(i)));
}
