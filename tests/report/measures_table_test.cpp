// The table for a terminal, part by part. The whole is pinned in page_test.cpp.
#include <sstream>

#include <doctest/doctest.h>

#include "engine/report/measures.h"

using namespace tessera::report;

namespace {

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// The line that begins with `name` and blanks, its runs of blanks made one.
std::string line_of(const std::string& table, const std::string& name) {
  std::istringstream lines(table);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("  " + name + " ")) continue;
    std::istringstream words(line);
    std::string out;
    for (std::string word; words >> word;) out += (out.empty() ? "" : " ") + word;
    return out;
  }
  return "";
}

Measures with_pairs() {
  Measures m;
  m.ground = {24, 1, 30, 6, 12, 3, 2, false};
  m.pairs.emplace();
  m.pairs->rows = 1234567;
  m.pairs->completeness = 0.75;
  for (const double at : {0.05, 0.1, 0.9, 0.9995}) m.pairs->all.at.push_back({at, 0, {9, 1, 3}});
  m.pairs->all.best = {0.4, 0, {10, 0, 2}};
  return m;
}

}  // namespace

TEST_CASE("only the parts that were measured are shown") {
  const std::string bare = to_table(Measures{});
  CHECK(bare.starts_with("Ground\n"));
  for (const char* part : {"Candidate pairs", "Clusters", "State IDs", "\nBy "})
    CHECK_FALSE(has(bare, part));
  Measures m;
  m.clusters.emplace();
  CHECK(has(to_table(m), "Clusters of two records or more"));
  CHECK_FALSE(has(to_table(m), "State IDs"));
}

TEST_CASE("a terminal shows the thresholds that people ask for, and the best with its warning") {
  const std::string table = to_table(with_pairs());
  CHECK(line_of(table, "rows of the pairs file") == "rows of the pairs file 1,234,567");
  CHECK(line_of(table, "0.05").starts_with("0.05 0.9000 "));
  CHECK(line_of(table, "0.9").ends_with(" 0.7500 0.8182 1 3"));
  CHECK(line_of(table, "0.1") == "");
  CHECK(line_of(table, "0.9995") == "");
  CHECK(line_of(table, "best F1 at 0.4").starts_with("best F1 at 0.4 1.0000 "));
  CHECK(has(table, "an upper bound, not a setting"));
  CHECK_FALSE(has(table, "After one-to-one assignment"));
}

TEST_CASE("assignment is shown where there is one") {
  Measures m = with_pairs();
  m.pairs->assigned = m.pairs->all;
  CHECK(has(to_table(m), "After one-to-one assignment"));
}

TEST_CASE("groups say how a pair was taken, and hide small counts") {
  Measures m;
  GroupTable table{"sex", GroupsOf::pairs, {}};
  table.rows.push_back({"F", 20, 9, 9, wilson(9, 20), wilson(9, 9)});
  m.groups.push_back(table);
  table.of = GroupsOf::clusters;
  m.groups.push_back(table);
  const std::string text = to_table(m);
  CHECK(has(text, "By sex (accepted at probability 0.9 and more)\n"));
  CHECK(has(text, "By sex (pairs of records in one cluster)\n"));
  const std::string row = line_of(text, "F");
  CHECK(row.starts_with("F 20 0.4500 "));
  CHECK(row.ends_with(" <10"));
}
