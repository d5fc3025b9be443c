// Schools within districts: what their counts come to, one release after the other and in one.
#include "engine/cells/nesting.h"

#include <functional>
#include <map>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/cells/attacker.h"
#include "engine/cells/counts.h"
#include "engine/cells/released.h"
#include "engine/core/random.h"

namespace nesting_test {

using namespace tessera;
using namespace tessera::cells;

namespace {

const std::vector<std::string> kFields = {"school", "district", "grade", "band"};

Counted counted_by(const char* rows, const std::vector<std::string>& columns,
                   const std::string& list, bool nested) {
  Result<csv::Reader> reader = csv::Reader::open(list, "counts.csv");
  REQUIRE(reader);
  Result<Counted> counted = count_tables(*reader, {rows, columns, "n"});
  REQUIRE(counted);
  Result<csv::Reader> again = csv::Reader::open(list, "counts.csv");
  REQUIRE(again);
  if (nested) REQUIRE(nest(*counted, *again, kFields));
  return *std::move(counted);
}

// A reader of printed numbers alone, who knows which school is in which district and which grade
// in which band: all counts are sums of those by school and grade.
class Reader {
 public:
  explicit Reader(const std::map<std::string, std::vector<std::string>>& inside)
      : inside_(inside) {}
  void read(const json::Value& release) {
    for (const json::Value& table : *release.find("tables")->as_array())
      for (const json::Value& c : *table.find("cells")->as_array()) {
        const std::string row = label(c.find("row"));
        const std::string column = label(c.find("column"));
        Relation sum{cell(row + "|" + column, c.find("count")), {}};
        for (const std::string& r : atoms(row, "school"))
          for (const std::string& g : atoms(column, "grade"))
            sum.parts.push_back(cell("=" + r + "|" + g, nullptr));
        sums_.relations.push_back(std::move(sum));
      }
  }
  Interval bounds(const std::string& name) { return Attacker(sums_, hidden_).bounds(at_.at(name)); }

 private:
  static std::string label(const json::Value* v) {
    return v->as_string() == nullptr ? "*" : *v->as_string();
  }
  std::vector<std::string> atoms(const std::string& label, const std::string& finest) const {
    if (label == "*") return inside_.at(finest);
    const auto of = inside_.find(label);
    return of == inside_.end() ? std::vector<std::string>{label} : of->second;
  }
  std::uint32_t cell(const std::string& name, const json::Value* count) {
    const auto [entry, is_new] = at_.emplace(name, static_cast<std::uint32_t>(sums_.value.size()));
    if (is_new) {
      sums_.value.push_back(0);
      sums_.is_total.push_back(false);
      hidden_.push_back(true);
    }
    if (count != nullptr && count->as_int() != nullptr) {
      sums_.value[entry->second] = *count->as_int();
      hidden_[entry->second] = false;
    }
    return entry->second;
  }
  const std::map<std::string, std::vector<std::string>>& inside_;
  Sums sums_;
  std::vector<bool> hidden_;
  std::map<std::string, std::uint32_t> at_;
};

// Two districts of two schools, one of one; grades 1 and 2 are band low, 3 is high.
const std::map<std::string, std::vector<std::string>> kInside = {
    {"East", {"e1", "e2"}},
    {"West", {"w1", "w2"}},
    {"Far", {"f1"}},
    {"low", {"1", "2"}},
    {"high", {"3"}},
    {"grade", {"1", "2", "3"}},
    {"school", {"e1", "e2", "w1", "w2", "f1"}}};

using Draw = std::function<std::uint64_t(const std::string&, const std::string&)>;
std::string list_of(const Draw& n) {
  std::string list = "school,district,grade,band,n\n";
  for (const char* district : {"East", "West", "Far"})
    for (const std::string& school : kInside.at(district))
      for (const char* band : {"low", "high"})
        for (const std::string& grade : kInside.at(band))
          list += fmt::format("{},{},{},{},{}\n", school, district, grade, band, n(school, grade));
  return list;
}

// The small counts of the first release that readers of both can narrow to fewer than ten.
struct Found {
  std::size_t careless = 0, careful = 0, printed = 0, looked_at = 0;
};
void look(const Draw& n, const char* rows, const char* then, const std::vector<std::string>& was,
          const std::vector<std::string>& now, Found& found) {
  const std::string list = list_of(n);
  Silent silent;
  const Counted first = counted_by(then, was, list, true);
  const auto printed = suppress(first.sums, {}, {}, silent);
  if (!printed) return;
  const json::Value earlier = to_json(first, *printed, {}, "then");
  for (const bool nested : {false, true}) {
    const Counted second = counted_by(rows, now, list, nested);
    Before before;
    REQUIRE(remember(earlier, "release.json", second, {}, before));
    const auto pattern = suppress(second.sums, {}, before, silent);
    if (!pattern) continue;
    found.printed += nested ? 1 : 0;
    Reader reader(kInside);
    Reader of_first(kInside);
    of_first.read(earlier);
    reader.read(earlier);
    reader.read(to_json(second, *pattern, {}, "now"));
    const auto check = [&](const Counted& counted, bool in_first) {
      for (const Table& t : counted.tables)
        for (std::size_t r = 0; r <= counted.rows.size(); ++r)
          for (std::size_t c = 0; c <= t.labels.size(); ++c) {
            if (counted.sums.value[t.at(r, c)] >= 10) continue;
            const std::string name = (r < counted.rows.size() ? counted.rows[r] : "*") + "|" +
                                     (c < t.labels.size() ? t.labels[c] : "*");
            if (in_first && of_first.bounds(name).width() < 10) continue;
            ++found.looked_at;
            const bool open = reader.bounds(name).width() < 10;
            (nested ? found.careful : found.careless) += open ? 1 : 0;
          }
    };
    check(first, true);
    check(second, false);
  }
}

}  // namespace

TEST_CASE("a column lies within another if each value of it is in one alone") {
  const Counted c = counted_by("school", {"grade"}, list_of([](auto&, auto&) { return 20; }), true);
  const auto& within = c.nesting.within;
  CHECK(within.size() == 2);
  CHECK(within.at({"school", "district"}).at("East") == std::vector<std::string>{"e1", "e2"});
  CHECK(within.at({"grade", "band"}).at("low") == std::vector<std::string>{"1", "2"});
  const auto parts = c.nesting.parts_of({{"district", "West"}, {"grade", "3"}});
  REQUIRE(parts.size() == 1);
  CHECK(parts[0] ==
        std::vector<Whom>{{{"grade", "3"}, {"school", "w1"}}, {{"grade", "3"}, {"school", "w2"}}});
  CHECK(c.nesting.parts_of({{"grade", "3"}}).empty());
}

TEST_CASE("R61: the difference of a district and its schools gives no small count away") {
  // West's w2 has 4 in grade 3, hidden among schools; West as a whole has 24.
  const Draw n = [](const std::string& school, const std::string& grade) -> std::uint64_t {
    return school == "w2" && grade == "3" ? 4 : 20 + school.size();
  };
  for (const char* then : {"school", "district"}) {
    CAPTURE(then);
    const char* now = std::string_view(then) == "school" ? "district" : "school";
    Found found;
    look(n, now, then, {"grade"}, {"grade"}, found);
    CHECK(found.printed == 1);
    CHECK(found.careful == 0);
    CHECK(found.careless > 0);
    CHECK(found.looked_at > 0);
  }
}

TEST_CASE("R61: drawn releases by school and by district, either first, open no small count") {
  Splitmix random(62);
  Found found;
  for (int turn = 0; turn < 120; ++turn) {
    const Draw n = [&](auto&, auto&) {
      return random.chance(.15) ? random.below(4) : 8 + random.below(30);
    };
    if (turn % 2 == 0)
      look(n, "district", "school", {"grade"}, {"grade"}, found);
    else
      look(n, "school", "district", {"grade"},
           turn % 4 == 1 ? std::vector<std::string>{"grade"} : std::vector<std::string>{"band"},
           found);
  }
  CHECK(found.careful == 0);
  CHECK(found.careless > 0);  // there was something to find
  CHECK(found.printed > 20);
}

TEST_CASE("R61: tables of one release whose columns lie within each other are solved as one") {
  Splitmix random(63);
  std::size_t open[2] = {0, 0};
  std::size_t printed = 0;
  for (int turn = 0; turn < 80; ++turn) {
    const std::string list = list_of(
        [&](auto&, auto&) { return random.chance(.15) ? random.below(4) : 8 + random.below(30); });
    for (const bool nested : {false, true}) {
      const Counted counted = counted_by("school", {"grade", "band"}, list, nested);
      Silent silent;
      const auto pattern = suppress(counted.sums, {}, {}, silent);
      if (!pattern) continue;
      printed += nested ? 1 : 0;
      Reader reader(kInside);
      reader.read(to_json(counted, *pattern, {}, "t"));
      for (const Table& t : counted.tables)
        for (std::size_t r = 0; r < counted.rows.size(); ++r)
          for (std::size_t c = 0; c < t.labels.size(); ++c)
            if (counted.sums.value[t.at(r, c)] < 10 &&
                reader.bounds(counted.rows[r] + "|" + t.labels[c]).width() < 10)
              ++open[nested ? 1 : 0];
    }
  }
  CHECK(open[1] == 0);
  CHECK(open[0] > 0);
  CHECK(printed > 20);
}

TEST_CASE(
    "R61: a district that has grown by two since its schools were printed is hidden, and so "
    "otherwise") {
  const Draw then = [](auto&, auto&) { return std::uint64_t{30}; };
  const Draw now = [](const std::string& school, const std::string& grade) -> std::uint64_t {
    if (grade != "1") return 30;
    return school == "e1" ? 32 : school == "w1" ? 28 : 30;  // two have moved house
  };
  Silent silent;
  for (const bool schools_first : {true, false}) {
    CAPTURE(schools_first);
    const char* rows[] = {"school", "district"};
    const Counted first = counted_by(rows[schools_first ? 0 : 1], {"grade"}, list_of(then), true);
    const json::Value earlier = to_json(first, *suppress(first.sums, {}, {}, silent), {}, "then");
    const Counted second = counted_by(rows[schools_first ? 1 : 0], {"grade"}, list_of(now), true);
    Before before;
    REQUIRE(remember(earlier, "release.json", second, {}, before));
    const auto pattern = suppress(second.sums, {}, before, silent);
    REQUIRE(pattern);
    const Table& t = second.tables[0];
    std::int64_t sum = 0;
    bool all = true;
    for (std::size_t r = 0; r < second.rows.size(); ++r) {
      const bool east = second.rows[r] == "East" || second.rows[r][0] == 'e';
      if (!east) continue;
      all = all && pattern->mark[t.at(r, 0)] == Mark::shown;
      sum += second.sums.value[t.at(r, 0)];
    }
    CHECK(sum == 62);
    CHECK_FALSE(all);
  }
}

}  // namespace nesting_test
