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

namespace {

// A plan of tables over the columns of a list.
struct Ask {
  const char* rows;
  std::vector<std::string> columns;
};

Counted count_as(const Ask& ask, const std::string& list) {
  Result<csv::Reader> reader = csv::Reader::open(list, "counts.csv");
  REQUIRE(reader.has_value());
  Result<Counted> counted = count_tables(*reader, {ask.rows, ask.columns, "n"});
  REQUIRE(counted.has_value());
  return *std::move(counted);
}

// A reader of any number of releases about the same people, who holds printed numbers alone. A
// count is named by what it is of, so that releases with other rows or columns share it.
class Reader {
 public:
  void read(const json::Value& release) {
    const std::string rows = *release.find("rows")->as_string();
    for (const json::Value& table : *release.find("tables")->as_array()) {
      const std::string columns = text(table.find("columns"));
      std::map<std::string, Relation> lines;
      for (const json::Value& c : *table.find("cells")->as_array()) {
        const std::string row = text(c.find("row"));
        const std::string column = text(c.find("column"));
        const std::uint32_t i = cell(name_of(rows, row, columns, column), c.find("count"));
        if (columns != "*")
          (column == "*" ? (lines["r" + row].total = i, 0)
                         : (lines["r" + row].parts.push_back(i), 0));
        (row == "*" ? (lines["c" + column].total = i, 0)
                    : (lines["c" + column].parts.push_back(i), 0));
      }
      for (auto& [name, line] : lines) sums_.relations.push_back(std::move(line));
    }
  }
  static std::string name_of(const std::string& rows, const std::string& row,
                             const std::string& columns, const std::string& column) {
    std::map<std::string, std::string> whom;
    if (row != "*") whom[rows] = row;
    if (column != "*") whom[columns] = column;
    std::string out;
    for (const auto& [field, value] : whom) out += field + "=" + value + ";";
    return out;
  }
  Interval bounds(const std::string& name) { return Attacker(sums_, hidden_).bounds(at_.at(name)); }
  // The sum of some counts that are hidden.
  Interval bounds_of_sum(const std::vector<std::string>& names) {
    Relation sum{static_cast<std::uint32_t>(sums_.value.size()), {}};
    for (const std::string& name : names) sum.parts.push_back(at_.at(name));
    Sums with = sums_;
    std::vector<bool> hidden = hidden_;
    with.value.push_back(0);
    with.is_total.push_back(true);
    hidden.push_back(true);
    with.relations.push_back(sum);
    return Attacker(with, hidden).bounds(sum.total);
  }
  bool shows(const std::string& name) const { return !hidden_[at_.at(name)]; }
  std::int64_t shown(const std::string& name) const { return sums_.value[at_.at(name)]; }

 private:
  static std::string text(const json::Value* v) {
    return v->as_string() == nullptr ? std::string("*") : *v->as_string();
  }
  std::uint32_t cell(const std::string& name, const json::Value* count) {
    const auto [entry, is_new] = at_.emplace(name, static_cast<std::uint32_t>(sums_.value.size()));
    if (is_new) {
      sums_.value.push_back(0);
      sums_.is_total.push_back(false);
      hidden_.push_back(true);
    }
    if (count->as_int() != nullptr) {
      sums_.value[entry->second] = *count->as_int();
      hidden_[entry->second] = false;
    }
    return entry->second;
  }
  Sums sums_;
  std::vector<bool> hidden_;
  std::map<std::string, std::uint32_t> at_;
};

// Each count of a plan's tables by its name.
std::map<std::string, std::int64_t> truth_of(const Counted& counted) {
  std::map<std::string, std::int64_t> out;
  for (const Table& t : counted.tables)
    for (std::size_t r = 0; r <= counted.rows.size(); ++r)
      for (std::size_t c = 0; c <= t.labels.size(); ++c)
        out[Reader::name_of(counted.row_field, r < counted.rows.size() ? counted.rows[r] : "*",
                            t.field, c < t.labels.size() ? t.labels[c] : "*")] =
            counted.sums.value[t.at(r, c)];
  return out;
}

std::string drawn_list(Splitmix& random, int thin) {
  std::string list = "school,grade,sex,n\n";
  for (const char* school : {"north", "south", "west"})
    for (const char* grade : {"9", "10", "11"})
      for (const char* sex : {"f", "m"})
        list += fmt::format("{},{},{},{}\n", school, grade, sex,
                            random.below(100) < static_cast<std::uint64_t>(thin)
                                ? random.below(4)
                                : 8 + random.below(40));
  return list;
}

}  // namespace

TEST_CASE("R61: what one release hides, none with other rows gives away") {
  Splitmix random(7);
  std::size_t opened = 0;
  std::size_t printed = 0;
  for (int turn = 0; turn < 60; ++turn) {
    // Few are in grade 12, so that its total is hidden, and another grade's with it.
    std::string list = drawn_list(random, 10);
    for (const char* school : {"north", "south", "west"})
      for (const char* sex : {"f", "m"})
        list += fmt::format("{},12,{},{}\n", school, sex, random.below(3));
    const Counted schools = count_as({"school", {"grade"}}, list);
    Silent silent;
    const Result<Pattern> first = suppress(schools.sums, {}, {}, silent);
    if (!first) continue;
    const json::Value earlier = to_json(schools, *first, {}, "schools");
    const std::vector<Ask> asks = {{"sex", {"grade"}}, {"grade", {"sex"}}, {"grade", {}}};
    const Counted sexes = count_as(asks[static_cast<std::size_t>(turn) % 3], list);
    const Result<Pattern> careless = suppress(sexes.sums, {}, {}, silent);
    Before before;
    REQUIRE(remember(earlier, "release.json", sexes, {}, before).has_value());
    const Result<Pattern> careful = suppress(sexes.sums, {}, before, silent);
    for (const auto& [name, count] : truth_of(schools)) {
      if (count >= 10) continue;
      if (careless) {
        Reader reader;
        reader.read(earlier);
        reader.read(to_json(sexes, *careless, {}, "sexes"));
        opened += reader.bounds(name).width() < 10 ? 1U : 0U;
      }
      if (!careful) continue;
      ++printed;
      Reader reader;
      reader.read(earlier);
      reader.read(to_json(sexes, *careful, {}, "sexes"));
      CHECK(reader.bounds(name).width() >= 10);
    }
  }
  CHECK(opened > 0);
  CHECK(printed > 10);
}

TEST_CASE("R61: four releases of the same people, whatever they are counted by, solved as one") {
  const std::vector<Ask> asks = {
      {"school", {"grade"}}, {"school", {"sex"}}, {"sex", {"grade"}},           {"school", {}},
      {"grade", {"school"}}, {"grade", {}},       {"school", {"grade", "sex"}}, {"sex", {}}};
  Splitmix random(1861);
  std::size_t released = 0;
  std::size_t fourth = 0;
  std::size_t small = 0;
  for (int turn = 0; turn < 60; ++turn) {
    const std::string list = drawn_list(random, 25);
    std::vector<json::Value> releases;
    std::map<std::string, std::int64_t> truth;
    for (int n = 0; n < 4; ++n) {
      const Counted counted = count_as(asks[random.below(asks.size())], list);
      Before before;
      for (const json::Value& release : releases)
        REQUIRE(remember(release, "release.json", counted, {}, before).has_value());
      Silent silent;
      const Result<Pattern> pattern = suppress(counted.sums, {}, before, silent);
      if (!pattern) {
        CHECK(pattern.error().code == ErrorCode::limit);
        continue;
      }
      releases.push_back(to_json(counted, *pattern, {}, "t"));
      truth.merge(truth_of(counted));
      ++released;
      Reader reader;
      for (const json::Value& release : releases) reader.read(release);
      for (const auto& [name, count] : truth) {
        if (count >= 10) continue;
        ++small;
        CAPTURE(turn);
        CAPTURE(n);
        CAPTURE(name);
        CHECK(reader.bounds(name).width() >= 10);
      }
    }
    fourth += releases.size() == 4 ? 1U : 0U;
  }
  CHECK(released > 100);
  CHECK(fourth > 5);
  CHECK(small > 100);
}

TEST_CASE("R61: a few more in counts that are hidden both times are no difference to be taken") {
  // Grade 10 is hidden to protect grade 9; together they are 16, and a year later 17.
  const std::string head =
      "school,grade,n\nnorth,9,60\nnorth,10,70\nnorth,11,80\nwest,9,65\n"
      "west,10,75\nwest,11,85\n";
  const std::string then = head + "south,9,4\nsouth,10,12\nsouth,11,40\n";
  const std::string now = head + "south,9,5\nsouth,10,12\nsouth,11,64\n";
  const Counted first = count_as({"school", {"grade"}}, then);
  Pattern pattern = protect(first);
  const json::Value earlier = to_json(first, pattern, {}, "2025");
  const Counted second = count_as({"school", {"grade"}}, now);
  Before before;
  REQUIRE(remember(earlier, "release.json", second, {}, before).has_value());
  Silent silent;
  const Result<Pattern> careful = suppress(second.sums, {}, before, silent);
  REQUIRE(careful.has_value());
  Reader old;
  old.read(earlier);
  Reader reader;
  reader.read(to_json(second, *careful, {}, "2026"));
  std::vector<std::string> hidden;
  std::int64_t rest = old.shown("school=south;");
  for (const char* grade : {"9", "10", "11"}) {
    const std::string name = Reader::name_of("school", "south", "grade", grade);
    if (old.shows(name))
      rest -= old.shown(name);
    else
      hidden.push_back(name);
  }
  REQUIRE(hidden.size() == 2);
  REQUIRE(rest == 16);
  CHECK(reader.bounds_of_sum(hidden).width() >= 10);
}

TEST_CASE("R61: a cohort with one more: no sum of hidden counts moves by a small one in sight") {
  Splitmix random(37);
  std::size_t lines = 0;
  std::size_t seen = 0;
  for (int turn = 0; turn < 80; ++turn) {
    std::string then = "school,grade,n\n";
    std::string now = then;
    for (const char* school : {"north", "south", "west"})
      for (const char* grade : {"9", "10", "11", "12"}) {
        const std::uint64_t n = random.chance(.25) ? random.below(9) : 12 + random.below(60);
        const std::uint64_t more = random.chance(.3) ? 12 + random.below(20) : random.below(2);
        then += fmt::format("{},{},{}\n", school, grade, n);
        now += fmt::format("{},{},{}\n", school, grade, n + more);
      }
    const Counted first = count_as({"school", {"grade"}}, then);
    Silent silent;
    const Result<Pattern> was = suppress(first.sums, {}, {}, silent);
    if (!was) continue;
    const json::Value earlier = to_json(first, *was, {}, "2025");
    const Counted second = count_as({"school", {"grade"}}, now);
    Before before;
    REQUIRE(remember(earlier, "release.json", second, {}, before).has_value());
    const Result<Pattern> careful = suppress(second.sums, {}, before, silent);
    const auto truth = truth_of(second);
    Reader old;
    old.read(earlier);
    for (const char* school : {"north", "south", "west"}) {
      const std::string total = Reader::name_of("school", school, "grade", "*");
      if (!old.shows(total)) continue;
      std::vector<std::string> hidden;
      std::int64_t step = old.shown(total);
      for (const char* grade : {"9", "10", "11", "12"}) {
        const std::string name = Reader::name_of("school", school, "grade", grade);
        if (old.shows(name)) {
          step -= old.shown(name);
        } else {
          hidden.push_back(name);
          step -= truth.at(name);
        }
      }
      if (hidden.empty() || step == 0 || std::abs(step) >= 10) continue;
      if (careful) {
        ++lines;
        Reader reader;
        reader.read(to_json(second, *careful, {}, "2026"));
        CHECK(reader.bounds_of_sum(hidden).width() >= 10);
      }
      Before blind = before;  // what it was before such sums were looked at
      for (std::size_t i = second.sums.value.size(); i < blind.moved.size(); ++i)
        blind.moved[i] = false;
      const Result<Pattern> careless = suppress(second.sums, {}, blind, silent);
      if (!careless) continue;
      Reader reader;
      reader.read(to_json(second, *careless, {}, "2026"));
      seen += reader.bounds_of_sum(hidden).width() < 10 ? 1U : 0U;
    }
  }
  CHECK(lines > 10);
  CHECK(seen > 0);  // there was something to find
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
