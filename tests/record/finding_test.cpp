// Findings: their names and remedies, and how they are counted.
#include "engine/record/finding.h"

#include <set>
#include <string>

#include <doctest/doctest.h>

using namespace tessera::record;

TEST_CASE("every finding has a name of its own and says what its owner may do") {
  std::set<std::string> names;
  for (std::size_t i = 0; i < kFindings; ++i) {
    const auto finding = static_cast<Finding>(i);
    const std::string name(name_of(finding));
    CAPTURE(name);
    CHECK(names.insert(name).second);
    CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos);
    CHECK(remedy_of(finding).empty() == (finding == Finding::none));
  }
}

TEST_CASE("names stand beside their finding: reports keep them for good") {
  CHECK(name_of(Finding::none) == "none");
  CHECK(name_of(Finding::placeholder) == "placeholder");
  CHECK(name_of(Finding::check_digit) == "check_digit");
  CHECK(name_of(Finding::itin) == "itin");
  CHECK(name_of(Finding::not_wanted) == "not_wanted");
  CHECK(name_of(Finding::swapped) == "swapped");
  CHECK(name_of(Finding::other_name) == "other_name");
  CHECK(name_of(Finding::garbled) == "garbled");
  CHECK(static_cast<std::size_t>(Finding::garbled) + 1 == kFindings);
  CHECK(name_of(RowRule::structure) == "structure");
  CHECK(name_of(RowRule::no_local_id) == "no_local_id");
  CHECK(name_of(RowRule::repeated_local_id) == "repeated_local_id");
}

TEST_CASE("a value is missing up to not_wanted and kept from swapped on") {
  CHECK_FALSE(makes_missing(Finding::none));
  for (std::size_t i = 1; i < kFindings; ++i)
    CHECK(makes_missing(static_cast<Finding>(i)) ==
          (i <= static_cast<std::size_t>(Finding::not_wanted)));
}

TEST_CASE("a tally counts, and keeps the first line whatever the order") {
  Tally a;
  a.add(Finding::none, 1);
  a.add(Finding::fake, 9);
  a.add(Finding::fake, 4);
  a.add(Finding::fake, 7);
  CHECK(a.of(Finding::none) == 0);
  CHECK(a.of(Finding::fake) == 3);
  CHECK(a.first_line[static_cast<std::size_t>(Finding::fake)] == 4);

  Tally b;
  b.add(Finding::fake, 2);
  b.add(Finding::shared, 30);
  Tally ab = a;
  ab.add(b);
  Tally ba = b;
  ba.add(a);
  CHECK(ab.count == ba.count);
  CHECK(ab.first_line == ba.first_line);
  CHECK(ab.of(Finding::fake) == 4);
  CHECK(ab.first_line[static_cast<std::size_t>(Finding::fake)] == 2);
  CHECK(ab.first_line[static_cast<std::size_t>(Finding::shared)] == 30);
  ab.add(Tally{});
  CHECK(ab.count == ba.count);
  CHECK(ab.first_line == ba.first_line);
}
