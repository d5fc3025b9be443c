#include "engine/report/issued.h"

#include <cmath>

#include <doctest/doctest.h>

using namespace tessera::report;

TEST_CASE("IDs worked by hand") {
  const People people{{0, 0, 1, 2, 3, 3, kNobody}, {0, 1, 0, 1, 0, 1, 0}, false};
  const std::vector<Issued> rows{
      {0, 10, Status::fresh, true},     {1, 11, Status::fresh, true},     // person 0 has two IDs
      {2, 12, Status::fresh, true},     {3, 12, Status::existing, true},  // 1 and 2 share one
      {4, 13, Status::fresh, true},     {5, 13, Status::fresh, true},     // 3: right, in one run
      {6, 10, Status::existing, true},                                    // nobody: not judged
      {0, 10, Status::existing, false},  // known record key: no link
      {5, kNoId, Status::review, true}};
  const IdTally t = tally_ids(rows, people);
  CHECK(t.rows == 9);
  CHECK(t.status[0] == 3);
  CHECK(t.status[1] == 5);
  CHECK(t.status[2] == 1);
  CHECK(t.status[3] == 0);
  CHECK(t.persons == 4);
  CHECK(t.duplicated == 1);
  CHECK(t.surplus == 1);
  CHECK(t.duplicate_share == doctest::Approx(0.25));
  CHECK(t.ids == 4);
  CHECK(t.mixed == 1);
  CHECK(t.false_merges == 1);
  CHECK(t.links == 2);  // record 3 by score, and the second of ID 13's fresh rows
  CHECK(t.false_merges_per_100k == doctest::Approx(50000));
  CHECK(t.false_merges_per_100k_upper ==
        doctest::Approx(97467.9).epsilon(1e-4));  // 1 - sqrt-tail of 1 in 2
  CHECK(t.review_share == doctest::Approx(1.0 / 9));
}

TEST_CASE("no links, no rate") {
  const People people{{0}, {0}, false};
  const IdTally t = tally_ids({}, people);
  CHECK(std::isnan(t.false_merges_per_100k));
  CHECK(std::isnan(t.duplicate_share));
}

TEST_CASE("no false merge in 300,000 links is one in 100,000 at 95 %") {
  People people;
  std::vector<Issued> rows;
  for (std::uint32_t i = 0; i < 300000; ++i) {
    people.person.push_back(i);
    people.owner.push_back(0);
    rows.push_back({i, i, Status::existing, true});
  }
  const IdTally t = tally_ids(rows, people);
  CHECK(t.links == 300000);
  CHECK(t.false_merges == 0);
  CHECK(t.false_merges_per_100k_upper == doctest::Approx(0.99858).epsilon(1e-4));
}
