#include "engine/cells/suppress.h"

#include <algorithm>
#include <random>

#include "engine/cells/attacker.h"
#include "tests/cells/grids.h"

namespace suppress_test {

using namespace tessera;
using namespace tessera::cells;

namespace {

Pattern protect(const Counted& counted, const Rule& rule = {}, const Before& before = {}) {
  Silent silent;
  Result<Pattern> pattern = suppress(counted.sums, rule, before, silent);
  REQUIRE(pattern.has_value());
  return *std::move(pattern);
}

std::vector<bool> hidden(const Pattern& p) {
  std::vector<bool> out;
  for (const Mark m : p.mark) out.push_back(m != Mark::shown);
  return out;
}

}  // namespace

TEST_CASE("R61: nine is hidden, ten is shown") {
  const Counted counted = grid({{9, 10, 50}, {60, 70, 80}, {90, 91, 92}});
  const Table& t = counted.tables[0];
  const Pattern p = protect(counted);
  CHECK(p.mark[t.at(0, 0)] == Mark::small);
  // Ten may be hidden as a protector only, never as small.
  CHECK(p.mark[t.at(0, 1)] != Mark::small);
  CHECK(std::count(p.mark.begin(), p.mark.end(), Mark::small) == 1);
}

TEST_CASE("R61: a small count cannot be recovered by subtraction") {
  const Counted counted = grid({{3, 40, 50}, {60, 70, 80}, {90, 91, 92}});
  const Pattern p = protect(counted);
  Attacker attacker(counted.sums, hidden(p));
  CHECK(attacker.bounds(counted.tables[0].at(0, 0)).width() >= 10);
  // Three protectors close the rectangle; the dearest line, totals, stays.
  CHECK(std::count(p.mark.begin(), p.mark.end(), Mark::protector) == 3);
  CHECK(p.mark[counted.tables[0].at(3, 3)] == Mark::shown);
}

TEST_CASE("two small counts that only protect one another by eight persons get a third") {
  // Row 0: hidden 3 and 5 alone could only be 0..8: narrower than ten.
  const Counted counted = grid({{3, 5, 50}, {60, 70, 80}});
  const Pattern p = protect(counted);
  Attacker attacker(counted.sums, hidden(p));
  CHECK(attacker.bounds(counted.tables[0].at(0, 0)).width() >= 10);
  CHECK(attacker.bounds(counted.tables[0].at(0, 1)).width() >= 10);
}

TEST_CASE("zeros are hidden unless they may be shown") {
  const Counted counted = grid({{0, 40, 30}, {60, 70, 40}});
  CHECK(protect(counted).mark[counted.tables[0].at(0, 0)] == Mark::small);
  const Pattern shown = protect(counted, {10, 10, true});
  CHECK(std::count(shown.mark.begin(), shown.mark.end(), Mark::shown) ==
        static_cast<long>(shown.mark.size()));
}

TEST_CASE("random tables: every small count stays uncertain by ten, and nothing small is shown") {
  std::mt19937 random(11);
  for (int round = 0; round < 80; ++round) {
    std::vector<std::vector<std::int64_t>> counts(2 + random() % 5);
    const std::size_t columns = 2 + random() % 5;
    for (auto& row : counts)
      for (std::size_t c = 0; c < columns; ++c) row.push_back(random() % (random() % 2 ? 12 : 90));
    const Counted counted = grid(counts);
    const Pattern p = protect(counted);
    Attacker attacker(counted.sums, hidden(p));
    for (std::uint32_t i = 0; i < p.mark.size(); ++i) {
      if (counted.sums.value[i] < 10) {
        CHECK(p.mark[i] == Mark::small);
        CHECK(attacker.bounds(i).width() >= 10);
      }
      if (p.mark[i] != Mark::shown) CHECK(p.what_is_left[i] == attacker.bounds(i));
    }
  }
}

TEST_CASE("tables that share totals do not give one another away") {
  const std::string list =
      "school,sex,race,n\n"
      "a,f,x,4\na,f,y,20\na,m,x,30\na,m,y,22\n"
      "b,f,x,25\nb,f,y,31\nb,m,x,28\nb,m,y,33\n";
  Result<csv::Reader> reader = csv::Reader::open(list, "counts.csv");
  REQUIRE(reader.has_value());
  Result<Counted> counted = count_tables(*reader, {"school", {"sex", "race"}, "n"});
  REQUIRE(counted.has_value());
  CHECK(counted->tables[0].at(0, 2) == counted->tables[1].at(0, 2));
  const Pattern p = protect(*counted);
  Attacker attacker(counted->sums, hidden(p));
  for (std::uint32_t i = 0; i < p.mark.size(); ++i)
    if (p.mark[i] == Mark::small) CHECK(attacker.bounds(i).width() >= 10);
}

TEST_CASE("a count that an earlier release shows cannot serve as a protector") {
  const Counted counted = grid({{3, 40, 50}, {60, 70, 80}, {90, 91, 92}});
  const Table& t = counted.tables[0];
  Before before{std::vector<bool>(counted.sums.value.size()),
                std::vector<bool>(counted.sums.value.size()),
                std::vector<bool>(counted.sums.value.size()),
                {}};
  before.known[t.at(0, 1)] = true;
  const Pattern p = protect(counted, {}, before);
  CHECK(p.mark[t.at(0, 1)] == Mark::shown);
  std::vector<bool> unknown = hidden(p);
  CHECK(Attacker(counted.sums, unknown).bounds(t.at(0, 0)).width() >= 10);
}

TEST_CASE("where everything around was shown before, the release is refused") {
  const Counted counted = grid({{3, 40}, {60, 70}});
  Before before{std::vector<bool>(counted.sums.value.size()),
                std::vector<bool>(counted.sums.value.size(), true),
                std::vector<bool>(counted.sums.value.size()),
                {}};
  before.known[counted.tables[0].at(0, 0)] = false;
  Silent silent;
  const Result<Pattern> refused = suppress(counted.sums, {}, before, silent);
  REQUIRE(!refused.has_value());
  CHECK(refused.error().code == ErrorCode::limit);
}

}  // namespace suppress_test
