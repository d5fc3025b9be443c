// One SSN on several rows: whose rows agree, whose do not, and that nobody else is touched.
#include "engine/core/random.h"
#include "engine/record/number.h"
#include "rosters.h"

using namespace tessera;
using namespace tessera::record;

namespace {
// Rows of first,last,dob with one SSN; true if it was dropped on all of them, false on none.
bool dropped(std::string_view rows) {
  std::string text = "id,first_name,last_name,date_of_birth,ssn\n";
  std::size_t n = 0;
  while (!rows.empty()) {
    const std::size_t end = std::min(rows.find(';'), rows.size());
    text += std::to_string(n++) + "," + std::string(rows.substr(0, end)) + ",116-68-9290\n";
    rows.remove_prefix(std::min(end + 1, rows.size()));
  }
  text += "other,Grace,Hopper,1906-12-09,116-68-9291\n";
  const Roster roster = must_read(text);
  REQUIRE(roster.records.size() == n + 1);
  CHECK(roster.records[n].values[kSsn].text == "116689291");
  const bool first = roster.records[0].values[kSsn].text.empty();
  for (std::size_t i = 0; i < n; ++i) {
    CHECK(roster.records[i].values[kSsn].text.empty() == first);
    CHECK((roster.records[i].ssn_state == encoded::SsnState::not_available) == first);
  }
  CHECK(findings(roster, kSsn).of(Finding::shared) == (first ? n : 0));
  return first;
}
}  // namespace

TEST_CASE("an SSN on rows of different people is dropped on all of them") {
  CHECK_FALSE(dropped("Ann,Lee,2010-03-04"));
  CHECK_FALSE(dropped("Ann,Lee,2010-03-04;Ann,Lee,2010-03-04"));
  CHECK(dropped("Ann,Lee,2010-03-04;Bob,Lee,2010-03-04"));    // a twin's
  CHECK(dropped("Ann,Lee,2010-03-04;Ann,Lee,2010-03-05"));    // another date
  CHECK(dropped("Ann,Lee,2010-03-04;Ann,Smith,2010-03-04"));  // another surname
  CHECK(dropped("Ann,Lee,2010-03-04;Ann,Lee,2010-03-04;Bob,Ray,2011-01-09"));
}

TEST_CASE("what differs in spelling only, or is missing, is the same person") {
  CHECK_FALSE(dropped("William,Lee,2010-03-04;Bill,Lee,2010-03-04"));
  CHECK_FALSE(dropped("W,Lee,2010-03-04;William,Lee,2010-03-04"));
  CHECK_FALSE(dropped("Christopher,Lee,2010-03-04;Christophe,Lee,2010-03-04"));  // cut off
  CHECK_FALSE(dropped("Ann,Lee,2010-03-04;Ann,Lee-Jones,2010-03-04"));
  CHECK_FALSE(dropped("Ann,Lee,2010-03-04;Ann,Lee,"));
  CHECK_FALSE(dropped("Ann,Lee,2010-03-04;,Lee,2010-03-04"));
  CHECK_FALSE(dropped("Ann,Lee,2010-03-04;Ann,Lee,2010-03-00"));
  // A missing value agrees with both, and the two still differ.
  CHECK(dropped(",Lee,2010-03-04;Ann,Lee,2010-03-04;Bob,Lee,2010-03-04"));
}

TEST_CASE("against comparing all pairs: random rosters") {
  Splitmix random(3);
  const char* firsts[] = {"ANN", "BOB", "BILL", "WILLIAM", ""};
  for (int round = 0; round < 200; ++round) {
    std::string text = "id,first_name,ssn\n";
    std::vector<std::pair<int, std::string>> rows;  // SSN, first name
    for (int i = 0; i < 12; ++i) {
      const int ssn = static_cast<int>(random.below(4));
      const std::string first = firsts[random.below(5)];
      rows.emplace_back(ssn, first);
      text += std::to_string(i) + "," + first + ",11668929" + std::to_string(ssn) + "\n";
    }
    const auto same = [](std::string a, std::string b) {
      if (a == "BILL") a = "WILLIAM";
      if (b == "BILL") b = "WILLIAM";
      return a.empty() || b.empty() || a == b;
    };
    const Roster roster = must_read(text);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      bool shared = false;
      for (const auto& x : rows)
        for (const auto& y : rows)
          shared = shared || (x.first == rows[i].first && y.first == rows[i].first &&
                              !same(x.second, y.second));
      REQUIRE(roster.records[i].values[kSsn].text.empty() == shared);
    }
  }
}
