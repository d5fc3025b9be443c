#include "engine/cells/released.h"

#include "tests/cells/grids.h"

namespace released_test {

using namespace tessera;
using namespace tessera::cells;

namespace {

Pattern protect(const Counted& counted, const Before& before = {}) {
  Silent silent;
  Result<Pattern> pattern = suppress(counted.sums, {}, before, silent);
  REQUIRE(pattern.has_value());
  return *std::move(pattern);
}

}  // namespace

TEST_CASE("a release holds what is shown and nothing of what is hidden") {
  const Counted counted = grid({{3, 41}, {61, 71}, {81, 91}});
  const std::string text = json::to_text(to_json(counted, protect(counted), {}, "t"));
  CHECK(text.find("\"count\": 3\n") == std::string::npos);
  CHECK(text.find("\"count\": null") != std::string::npos);
  CHECK(text.find(fmt::format("\"count\": {}", 3 + 41 + 61 + 71 + 81 + 91)) != std::string::npos);
}

TEST_CASE("R61: differencing over time: what moved by fewer than ten is hidden the second time") {
  const Counted first = grid({{30, 40}, {60, 70}, {80, 90}});
  const json::Value release = to_json(first, protect(first), {}, "2025");
  const Counted second = grid({{33, 40}, {60, 70}, {80, 90}});
  Before before;
  REQUIRE(remember(release, "release.json", second, {}, before).has_value());
  const Table& t = second.tables[0];
  CHECK(before.moved[t.at(0, 0)]);
  CHECK(before.moved[t.at(0, 2)]);  // its row's total moved with it
  CHECK(before.known[t.at(1, 1)]);
  CHECK(protect(second, before).mark[t.at(0, 0)] == Mark::small);
}

TEST_CASE("what was hidden stays hidden, or the old tables open") {
  const Counted first = grid({{3, 40}, {60, 70}, {80, 90}});
  const Pattern was = protect(first);
  const json::Value release = to_json(first, was, {}, "2025");
  const Counted second = grid({{23, 60}, {80, 90}, {100, 110}});
  Before before;
  REQUIRE(remember(release, "release.json", second, {}, before).has_value());
  const Pattern now = protect(second, before);
  for (std::size_t i = 0; i < was.mark.size(); ++i)
    if (was.mark[i] != Mark::shown) CHECK(now.mark[i] != Mark::shown);
}

TEST_CASE("other rows: nothing to remember; other files: an error") {
  const Counted counted = grid({{30, 40}});
  Before before;
  json::Value other = to_json(counted, protect(counted), {}, "x");
  other.set("rows", "district");
  REQUIRE(remember(other, "release.json", counted, {}, before).has_value());
  CHECK(!before.known[0]);
  CHECK(!remember(json::Object{}, "release.json", counted, {}, before).has_value());
  other.set("rows", "school");
  other.set("tables", json::Array{json::Object{{"cells", 3}}});
  CHECK(!remember(other, "release.json", counted, {}, before).has_value());
}

}  // namespace released_test
