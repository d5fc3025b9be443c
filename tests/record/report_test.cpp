// The report's shape, and that every finding has a name and a remedy.
#include "engine/record/report.h"

#include <set>

#include <doctest/doctest.h>

#include "rosters.h"

using namespace tessera;
using namespace tessera::record;

TEST_CASE("every finding has a name of its own and a remedy") {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kFindings; ++i) {
    const auto finding = static_cast<Finding>(i);
    CHECK(names.insert(name_of(finding)).second);
    CHECK(remedy_of(finding).empty() == (finding == Finding::none));
  }
  CHECK(name_of(Finding::other_name) == "other_name");
  CHECK(name_of(Finding::garbled) == "garbled");
  CHECK(static_cast<std::size_t>(Finding::garbled) + 1 == kFindings);
  CHECK(makes_missing(Finding::not_wanted));
  CHECK_FALSE(makes_missing(Finding::swapped));
  CHECK_FALSE(makes_missing(Finding::none));
}

TEST_CASE("tallies add up, and keep the first line") {
  Tally a, b, whole;
  const std::pair<Finding, std::size_t> met[] = {
      {Finding::swapped, 9}, {Finding::fake, 4}, {Finding::swapped, 3}, {Finding::none, 1}};
  for (std::size_t i = 0; i < 4; ++i) {
    (i < 2 ? a : b).add(met[i].first, met[i].second);
    whole.add(met[i].first, met[i].second);
  }
  a.add(b);
  CHECK(a.count == whole.count);
  CHECK(a.first_line == whole.first_line);
  CHECK(a.of(Finding::swapped) == 2);
  CHECK(a.first_line[static_cast<std::size_t>(Finding::swapped)] == 3);
  CHECK(a.of(Finding::none) == 0);
}

TEST_CASE("the report as JSON and as sentences") {
  const Roster r = must_read("id,first_name,dob\n1,Ann,25/12/2010\n2,12,\n");
  const json::Value out = to_json(r.report);
  CHECK(*out.find("records")->as_int() == 2);
  CHECK(*out.find("kind")->as_string() == "csv");
  const json::Array& fields = *out.find("fields")->as_array();
  REQUIRE(fields.size() == 7);
  CHECK(*fields[kFirst].find("known")->as_int() == 1);
  CHECK(*fields[kFirst].find("missing")->as_int() == 1);
  const json::Value& finding = fields[kDob].find("findings")->as_array()->front();
  CHECK(*finding.find("finding")->as_string() == "swapped");
  CHECK(*finding.find("count")->as_int() == 1);
  CHECK(*finding.find("first_line")->as_int() == 2);
  CHECK(json::parse(json::to_text(out), "report").has_value());

  const std::string text = to_text(r.report);
  CHECK(text.starts_with("2 records from 2 rows (csv)\n"));
  CHECK(text.find("first: 1 unreadable, first in line 3 (read as missing; ") != std::string::npos);
  CHECK(text.find("dob: 1 swapped, first in line 2 (read with day") != std::string::npos);
  CHECK(text.find("last: no column holds it\n") != std::string::npos);
}

TEST_CASE("the rejects file") {
  CHECK(rejects_csv({}) == "file,line,rule,remedy\n");
  CHECK(rejects_csv({{"set.zip/users.csv", 7, RowRule::repeated_local_id, "do this, then that"}}) ==
        "file,line,rule,remedy\nset.zip/users.csv,7,repeated_local_id,\"do this, then that\"\n");
}

TEST_CASE("rejected rows in words: the first five, and how many by rule") {
  std::string text = "id,first_name\n";
  for (int i = 0; i < 200; ++i) text += std::to_string(i) + ",Ann\n";
  const Report four = must_read(text + "a\nb\n7,Bob\nc\n").report;
  CHECK(to_text(four).find("4 rows rejected, 3 structure, 1 repeated_local_id\n"
                           "  roster.csv:202: structure: 1 cells where the header has 2; quote") !=
        std::string::npos);
  CHECK(to_text(four).find("  roster.csv:204: repeated_local_id: an earlier row") !=
        std::string::npos);
  CHECK(to_text(four).find("more\n") == std::string::npos);
  const Report seven = must_read(text + "a\nb\nc\nd\ne\nf\ng\n").report;
  CHECK(to_text(seven).find("roster.csv:206: structure") != std::string::npos);
  CHECK(to_text(seven).find("roster.csv:207") == std::string::npos);
  CHECK(to_text(seven).find("  and 2 more\n") != std::string::npos);
  CHECK(by_rule({}).empty());
}
