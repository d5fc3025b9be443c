#include "engine/cells/released.h"

#include <algorithm>
#include <map>

#include "engine/cells/attacker.h"
#include "engine/core/random.h"
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

namespace {

// School, grade, sex and persons, counted by one of the columns.
Counted count_by(const char* column, const std::string& list) {
  Result<csv::Reader> reader = csv::Reader::open(list, "counts.csv");
  REQUIRE(reader.has_value());
  Result<Counted> counted = count_tables(*reader, {"school", {column}, "n"});
  REQUIRE(counted.has_value());
  return *std::move(counted);
}

constexpr const char* kList =
    "school,grade,sex,n\n"
    "north,9,f,14\nnorth,9,m,11\nnorth,10,f,30\nnorth,10,m,31\nnorth,11,f,20\nnorth,11,m,21\n"
    "south,9,f,2\nsouth,9,m,1\nsouth,10,f,20\nsouth,10,m,22\nsouth,11,f,24\nsouth,11,m,25\n";

// What a reader of both releases can narrow the earlier one's count of a school's grade 9 to: a
// program of its own, over printed numbers alone.
Interval narrowed(const json::Value& earlier, const json::Value* later, const std::string& school) {
  Sums sums;
  std::vector<bool> hidden;
  std::map<std::string, std::uint32_t> at;
  const auto cell = [&](const std::string& name, const json::Value* count) {
    const auto [entry, is_new] = at.emplace(name, static_cast<std::uint32_t>(sums.value.size()));
    if (is_new) {
      sums.value.push_back(0);
      hidden.push_back(true);
    }
    if (count != nullptr && count->as_int() != nullptr) {
      sums.value[entry->second] = *count->as_int();
      hidden[entry->second] = false;
    }
    return entry->second;
  };
  const auto text = [](const json::Value* v) {
    return v->as_string() == nullptr ? std::string("*") : *v->as_string();
  };
  for (const json::Value* release : {&earlier, later}) {
    if (release == nullptr) continue;
    const json::Value& table = release->find("tables")->as_array()->front();
    std::map<std::string, Relation> lines;
    for (const json::Value& c : *table.find("cells")->as_array()) {
      const std::string row = text(c.find("row"));
      const std::string column = text(c.find("column"));
      const std::uint32_t i = cell(row + "/" + column, c.find("count"));
      (column == "*" ? (lines["r" + row].total = i, 0) : (lines["r" + row].parts.push_back(i), 0));
      (row == "*" ? (lines["c" + column].total = i, 0)
                  : (lines["c" + column].parts.push_back(i), 0));
    }
    for (auto& [name, line] : lines) sums.relations.push_back(std::move(line));
  }
  return Attacker(sums, hidden).bounds(at.at(school + "/9"));
}

}  // namespace

TEST_CASE("R61: two tables that hide the same count, and together open it, are not both printed") {
  // By grade: south's 3 are hidden, and south's total with them, so that 3 is not what is left of
  // it.
  const Counted grades = count_by("grade", kList);
  Pattern first = protect(grades);
  const auto hide = [&](const char* row, const char* column, bool hidden) {
    const auto r =
        static_cast<std::size_t>(std::ranges::find(grades.rows, row) - grades.rows.begin());
    const auto& labels = grades.tables[0].labels;
    const auto c = static_cast<std::size_t>(std::ranges::find(labels, column) - labels.begin());
    first.mark[grades.tables[0].at(r, c)] = hidden ? Mark::protector : Mark::shown;
  };
  for (const char* row : {"north", "south", "*"})
    for (const char* column : {"9", "10", "11", "*"}) hide(row, column, false);
  for (const char* row : {"north", "south"})
    for (const char* column : {"9", "*"}) hide(row, column, true);
  const json::Value earlier = to_json(grades, first, {}, "by grade");
  REQUIRE(narrowed(earlier, nullptr, "south").width() >= 10);

  // By sex nothing is small, but the sum of girls and boys is the total that was hidden.
  const Counted sexes = count_by("sex", kList);
  const json::Value alone = to_json(sexes, protect(sexes), {}, "by sex");
  CHECK(narrowed(earlier, &alone, "south").width() == 0);
  Before before;
  REQUIRE(remember(earlier, "release.json", sexes, {}, before).has_value());
  const json::Value with = to_json(sexes, protect(sexes, before), {}, "by sex");
  CHECK(narrowed(earlier, &with, "south").width() >= 10);
  CHECK(narrowed(earlier, &with, "north").width() >= 10);
}

TEST_CASE("R61: drawn tables of the same people, one after the other, keep what the first hid") {
  Splitmix random(61);
  std::size_t printed = 0;
  std::size_t opened = 0;
  for (int turn = 0; turn < 150; ++turn) {
    std::string list = "school,grade,sex,n\n";
    for (const char* school : {"north", "south", "west"})
      for (const char* grade : {"9", "10", "11"})
        for (const char* sex : {"f", "m"})
          list += fmt::format("{},{},{},{}\n", school, grade, sex,
                              std::string_view(school) == "west" || random.chance(.3)
                                  ? random.below(3)
                                  : 8 + random.below(9));
    const Counted grades = count_by("grade", list);
    Silent silent;
    const Result<Pattern> first = suppress(grades.sums, {}, {}, silent);
    if (!first) continue;
    const json::Value earlier = to_json(grades, *first, {}, "by grade");
    const Counted sexes = count_by("sex", list);
    Before before;
    REQUIRE(remember(earlier, "release.json", sexes, {}, before).has_value());
    const Result<Pattern> second = suppress(sexes.sums, {}, before, silent);
    const Result<Pattern> careless = suppress(sexes.sums, {}, {}, silent);
    for (const char* school : {"north", "south", "west"}) {
      if (narrowed(earlier, nullptr, school).width() < 10) continue;
      if (careless) {
        const json::Value later = to_json(sexes, *careless, {}, "by sex");
        opened += narrowed(earlier, &later, school).width() < 10 ? 1U : 0U;
      }
      if (!second) continue;
      ++printed;
      const json::Value later = to_json(sexes, *second, {}, "by sex");
      CHECK(narrowed(earlier, &later, school).width() >= 10);
    }
  }
  CHECK(printed > 10);
  CHECK(opened > 0);  // there was something to find
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
