#include "engine/report/visible.h"

#include <doctest/doctest.h>

#include "engine/schema/variants.h"
#include "tests/ledger/scratch.h"
#include "tests/link/submissions.h"

using namespace tessera;
using encoded::Population;
using reference::Person;

namespace {

const report::Grouping& column(const std::vector<report::Grouping>& all, std::string_view name) {
  for (const report::Grouping& g : all)
    if (g.column == name) return g;
  FAIL("no such column: " << name);
  return all.front();
}

// The value of each record, sorted: records come in the order of their keys.
std::vector<std::string> values(const report::Grouping& g) {
  std::vector<std::string> out;
  for (const std::uint32_t v : g.value) out.push_back(g.values.at(v));
  std::ranges::sort(out);
  return out;
}

}  // namespace

TEST_CASE("records are grouped by what their entries show") {
  schema::Schema schema = *schema::with_ssn(*schema::load("default"));
  for (schema::Field& f : schema.fields) f.hidden_presence = false;
  test::Scratch folder;
  const std::vector<Person> students{
      {"1", "ANA", "ROSE", "DIAZ", "2010-03-07", "F", "", ""},
      {"2", "BEN", "", "OKAFOR", "2011-04-08", "", "", ""},
  };
  const std::vector<Person> workers{{"1", "CARL", "", "WEBER", "", "", "219099998", ""}};
  auto files = link::FileSet::open(
      {test::submit(folder / "a.tess", schema, students, "north"),
       test::submit(folder / "b.tess", schema, workers, "work", Population::wage, 2)});
  REQUIRE(files);
  const auto all = report::visible_groupings(*files);
  REQUIRE(all);
  using Values = std::vector<std::string>;
  CHECK(values(column(*all, "owner")) == Values{"north", "north", "work"});
  CHECK(values(column(*all, "population")) == Values{"student", "student", "wage"});
  CHECK(values(column(*all, "SSN state")) == Values{"declined", "declined", "provided"});
  CHECK(values(column(*all, "known fields")) ==
        Values{"first last", "first last dob", "first middle last dob sex"});
  // A wage record has an SSN alone to be found by.
  const report::Grouping& passes = column(*all, "passes");
  CHECK(passes.values[passes.value[2]] == "1");
  CHECK(passes.values[passes.value[0]] != "1");
}

TEST_CASE("whether a hidden value is known is in no group") {
  const schema::Schema schema = *schema::load("default");
  test::Scratch folder;
  const std::vector<Person> people{{"1", "ANA", "ROSE", "DIAZ", "2010-03-07", "F", "", ""},
                                   {"2", "BEN", "", "OKAFOR", "2011-04-08", "", "", ""}};
  auto files = link::FileSet::open({test::submit(folder / "a.tess", schema, people, "north")});
  REQUIRE(files);
  const auto all = report::visible_groupings(*files);
  REQUIRE(all);
  CHECK(column(*all, "known fields").values == std::vector<std::string>{"first last dob"});
}
