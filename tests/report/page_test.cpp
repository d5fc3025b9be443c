#include "engine/report/page.h"

#include <cstdlib>

#include <doctest/doctest.h>

#include "engine/core/file.h"
#include "engine/report/charts.h"
#include "engine/report/figures.h"
#include "people.h"

using namespace tessera;
using namespace tessera::report;

namespace {

// Twelve persons at two owners, one pair missed, one wrong, a group whose name wants escaping.
Measures tiny() {
  People people;
  std::vector<Pair> pairs;
  Grouping town{"town <i>", {"A & B", "small", "not given"}, {}};
  for (std::uint32_t i = 0; i < 12; ++i) {
    people.person.insert(people.person.end(), {i, i});
    people.owner.insert(people.owner.end(), {0, 1});
    const std::uint32_t value = i < 11 ? 0 : 1;
    town.value.insert(town.value.end(), {value, value});
    if (i > 0) pairs.push_back({2 * i, 2 * i + 1, 4.0 + i, i == 5 ? 0.4 : 1 - 0.001 * i});
  }
  pairs.push_back({0, 3, 1, 0.95});
  pairs.push_back({0, 2, 1, 0.95});
  Measures m;
  m.ground = {24, 0, 24, 0, true_pairs(people), 0, 2, false};
  const Grouping groups[] = {town};
  measure_pairs(m, pairs, people, groups);
  std::vector<std::uint32_t> cluster(24, kAlone);
  for (std::uint32_t i = 2; i < 24; ++i) cluster[i] = i / 2;
  m.clusters = tally_clusters(cluster, people);
  const std::vector<Issued> issued{
      {0, 1, Status::fresh, true}, {1, 1, Status::existing, true}, {2, 1, Status::existing, true}};
  m.ids = tally_ids(issued, people);
  return m;
}

// Compares with a golden file; TESSERA_WRITE_GOLDEN=1 in the environment writes it anew.
void check_golden(const std::string& name, const std::string& text) {
  const std::string path = std::string(TESSERA_TEST_DATA) + "/golden/report/" + name;
  if (std::getenv("TESSERA_WRITE_GOLDEN") != nullptr)
    REQUIRE(write_file(path, text, {.force = true, .mode = 0644}).has_value());
  const auto golden = read_file(path);
  REQUIRE(golden.has_value());
  CHECK(*golden == text);
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

}  // namespace

TEST_CASE("what the tiny case measures") {
  const Measures m = tiny();
  CHECK(m.pairs->completeness == doctest::Approx(11.0 / 12));
  CHECK(m.pairs->ceiling == doctest::Approx(22.0 / 23));
  CHECK(m.pairs->sifted.within_owner == 1);
  REQUIRE(m.pairs->assigned.has_value());
  CHECK(m.pairs->assigned->best.tally == Tally{11, 0, 1});  // 0-3 loses to 2-3
  CHECK(m.pairs->all.best.tally == Tally{11, 1, 1});
  CHECK(m.clusters->pairs == Tally{11, 0, 1});
}

TEST_CASE("golden JSON, table and page") {
  const Measures m = tiny();
  check_golden("tiny.json", json::to_text(to_json(m)));
  check_golden("tiny.txt", to_table(m));
  check_golden("tiny.html", to_page(m, "tiny <case>"));
}

TEST_CASE("the page needs nothing but itself and escapes what it shows") {
  const std::string page = to_page(tiny(), "a <b> & \"c\"");
  for (const char* outside :
       {"<script", "http://", "https://", "src=", "@import", "url(", "<link", "<i>", "A & B"})
    CHECK(page.find(outside) == std::string::npos);
  CHECK(page.find("a &lt;b&gt; &amp; &quot;c&quot;") != std::string::npos);
  CHECK(page.find("town &lt;i&gt;") != std::string::npos);
  CHECK(page.find("A &amp; B") != std::string::npos);
  CHECK(page.find("Content-Security-Policy") != std::string::npos);
}

TEST_CASE("every drawing has a name and a description, every table a caption") {
  const std::string page = to_page(tiny(), "t");
  CHECK(count(page, "<svg ") == 4);
  CHECK(count(page, "role=\"img\"") == 4);
  CHECK(count(page, "<desc ") == 4);
  CHECK(count(page, "<table>") == count(page, "<caption>"));
  CHECK(count(page, "<table>") >= 9);
  for (const char* tag : {"svg", "table", "tr", "td", "th", "figure", "div", "main", "p", "h2"})
    CHECK(count(page, std::string("<") + tag + " ") + count(page, std::string("<") + tag + ">") ==
          count(page, std::string("</") + tag + ">"));
}

TEST_CASE("small groups are hidden everywhere") {
  const Measures m = tiny();
  const json::Value j = to_json(m);
  const json::Value& row = (*(*j.find("groups")->as_array())[0].find("rows")->as_array())[1];
  REQUIRE(*row.find("value")->as_string() == "small");
  for (const char* name :
       {"true_pairs", "recall", "recall_95", "accepted", "precision", "precision_95"}) {
    REQUIRE(row.find(name)->as_string() != nullptr);
    CHECK(*row.find(name)->as_string() == "<10");
  }
  CHECK(group_chart("g", m.groups[0]).find("small") == std::string::npos);
}

TEST_CASE("empty measures still make a page, JSON and a table") {
  Measures m;
  const People nobody;
  std::vector<Pair> none;
  measure_pairs(m, none, nobody, {});
  CHECK(to_page(m, "empty").find("nan") == std::string::npos);
  CHECK(json::to_text(to_json(m)).find("nan") == std::string::npos);
  CHECK(to_table(m).find("nan") == std::string::npos);
  CHECK(json::parse(json::to_text(to_json(m)), "x").has_value());
}

TEST_CASE("rounding never makes perfect of nearly perfect") {
  CHECK(share(1.0) == "1.0000");
  CHECK(share(0.99996) == "0.999960");
  CHECK(share(0.99999999) == ">0.999999");
  CHECK(share(0.0) == "0.0000");
  CHECK(share(0.00001) == "0.000010");
  CHECK(whole(1234567) == "1,234,567");
  CHECK(whole(123) == "123");
}
