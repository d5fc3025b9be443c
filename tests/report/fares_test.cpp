#include "engine/report/fares.h"

#include <doctest/doctest.h>

using namespace tessera;
using namespace tessera::report;

namespace {

// 30 records of north, of which 12 linked, 3 of them through another; 5 not covered; 9 of south.
Fares some_fares(bool registry) {
  std::vector<Fare> fares(9, Fare::linked);
  fares.insert(fares.end(), 3, Fare::through);
  fares.insert(fares.end(), 5, Fare::not_covered);
  fares.insert(fares.end(), 11, Fare::near);
  fares.insert(fares.end(), 2, Fare::alone);
  fares.insert(fares.end(), 9, Fare::alone);
  Grouping owner{"owner", {"north", "south"}, std::vector<std::uint32_t>(30, 0)};
  owner.value.resize(39, 1);
  Fares out = tally_fares(fares, std::vector<Grouping>{owner});
  out.threshold = 0.9;
  out.look = 0.5;
  out.registry = registry;
  return out;
}

}  // namespace

TEST_CASE("coverage is told apart from match") {
  const Fares f = some_fares(true);
  CHECK(f.all.records() == 39);
  CHECK(f.all.covered() == 34);
  CHECK(f.all.linked() == 12);
  REQUIRE(f.tables.size() == 1);
  REQUIRE(f.tables[0].rows.size() == 2);
  CHECK(f.tables[0].rows[0].covered() == 25);
  CHECK(f.tables[0].rows[0].of(Fare::through) == 3);
  CHECK(f.tables[0].rows[1].covered() == 9);
  CHECK(f.tables[0].rows[1].linked() == 0);
}

TEST_CASE("a count below ten is not shown, nor a share made of it") {
  const json::Value v = to_json(some_fares(true));
  const json::Value& north = (*(*v.find("tables")->as_array())[0].find("rows")->as_array())[0];
  CHECK(*north.find("linked") == json::Value(12));
  CHECK(*north.find("linked_share") == json::Value(12.0 / 25.0));  // of the covered
  CHECK(*north.find("near") == json::Value(11));
  for (const char* name : {"through", "through_share", "alone"})
    CHECK(*north.find(name) == json::Value("<10"));
  const json::Value& south = (*(*v.find("tables")->as_array())[0].find("rows")->as_array())[1];
  for (const auto& [name, value] : *south.as_object())
    if (name != "value") CHECK(value == json::Value("<10"));
}

TEST_CASE("ways through other files are shown where there can be any") {
  CHECK(to_table(some_fares(true)).find("via another") != std::string::npos);
  CHECK(to_table(some_fares(false)).find("via another") == std::string::npos);
  CHECK(to_json(some_fares(false)).find("all")->find("through") == nullptr);
}

TEST_CASE("the page escapes what owners are called, and loads nothing") {
  Fares f = some_fares(false);
  f.tables[0].rows[0].value = "<north>";
  const std::string page = to_page(f, "A & B");
  CHECK(page.find("&lt;north&gt;") != std::string::npos);
  CHECK(page.find("<north>") == std::string::npos);
  CHECK(page.find("A &amp; B") != std::string::npos);
  CHECK(page.find("default-src 'none'") != std::string::npos);
}
