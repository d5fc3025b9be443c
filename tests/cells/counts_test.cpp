#include "engine/cells/counts.h"

#include "tests/cells/grids.h"

using namespace tessera;
using namespace tessera::cells;

namespace {

Result<Counted> count(const std::string& list, const Plan& plan) {
  Result<csv::Reader> reader = csv::Reader::open(list, "counts.csv");
  REQUIRE(reader.has_value());
  return count_tables(*reader, plan);
}

}  // namespace

TEST_CASE("every line one person: counts, totals of rows, columns and all") {
  const Result<Counted> c = count("school,grade\nb,9\na,9\na,8\na,9\n", {"school", {"grade"}, ""});
  REQUIRE(c.has_value());
  CHECK(c->rows == std::vector<std::string>{"a", "b"});
  const Table& t = c->tables[0];
  CHECK(t.labels == std::vector<std::string>{"8", "9"});
  const auto at = [&](std::size_t r, std::size_t k) { return c->sums.value[t.at(r, k)]; };
  CHECK(at(0, 0) == 1);
  CHECK(at(0, 1) == 2);
  CHECK(at(0, 2) == 3);
  CHECK(at(1, 2) == 1);
  CHECK(at(2, 1) == 3);
  CHECK(at(2, 2) == 4);
}

TEST_CASE("every relation holds, whatever the columns") {
  const Result<Counted> c = count("s,g,r,n\na,1,x,5\nb,1,y,7\nb,2,,9\n", {"s", {"g", "r"}, "n"});
  REQUIRE(c.has_value());
  CHECK(c->tables[1].labels.front() == "(none)");
  for (const Relation& r : c->sums.relations) {
    std::int64_t sum = 0;
    for (const std::uint32_t part : r.parts) sum += c->sums.value[part];
    CHECK(sum == c->sums.value[r.total]);
  }
}

TEST_CASE("no columns: a table of totals") {
  const Result<Counted> c = count("s,n\na,5\nb,7\n", {"s", {}, "n"});
  REQUIRE(c.has_value());
  REQUIRE(c->tables.size() == 1);
  CHECK(c->sums.value[c->tables[0].at(2, 0)] == 12);
}

TEST_CASE("faults name line and column, not what stands there") {
  const Result<Counted> bad = count("s,n\na,5\nb,seven\n", {"s", {}, "n"});
  REQUIRE(!bad.has_value());
  CHECK(bad.error().where == "counts.csv:3");
  CHECK(bad.error().what.find("seven") == std::string::npos);
  CHECK(!count("s,n\na,-1\n", {"s", {}, "n"}).has_value());
  CHECK(!count("s,n\na,\n", {"s", {}, "n"}).has_value());
  CHECK(!count("s,n\na,1\n", {"s", {"n"}, "n"}).has_value() == false);
  CHECK(!count("s,n\na,1\n", {"s", {"s"}, "n"}).has_value());
  CHECK(!count("s,n\na,1\n", {"school", {}, "n"}).has_value());
}

TEST_CASE("too many cells are refused before they are made") {
  std::string list = "s,g\n";
  for (int i = 0; i < 300; ++i) list += fmt::format("s{},g{}\n", i, i);
  const Result<Counted> refused = count(list, {"s", {"g"}, ""});
  REQUIRE(!refused.has_value());
  CHECK(refused.error().code == ErrorCode::limit);
}
