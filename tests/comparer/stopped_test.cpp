// SSNs that may not be collected: the comparer takes them out, and both deployments answer alike.
#include "engine/intake/stopped.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "engine/comparer/opened_mix.h"
#include "tests/comparer/two_states.h"
#include "tests/intake/ssn_world.h"

namespace stopped_test {

using namespace tessera;
using registry::Collect;
using test::check_same;
using test::people;
using test::TwoStates;

namespace {

std::vector<std::string> ssn_bytes_of(const TwoStates::Both& both) {
  std::vector<std::string> out;
  for (const std::string& path : both.files)
    for (auto& n : test::ssn_bytes(*link::FileSet::open({path}))) out.push_back(std::move(n));
  return out;
}

}  // namespace

TEST_CASE("after a stop for all nothing of an SSN is stored in either office") {
  TwoStates states(true);
  states.set_collection({"ssn", "", "2026-01-01", Collect::strip});
  const auto first =
      states.assign({{"north", people(80, 1, true)}, {"south", people(60, 2, true)}});
  check_same(first);
  CHECK(first.split_notices.size() == 140);
  const auto needles = ssn_bytes_of(first);
  REQUIRE(needles.size() > 100);
  CHECK(test::found_in(states.split_bytes(), needles) == 0);
  // The same again says nothing; other owners, and changes, are found without SSNs.
  auto changed = people(80, 1, true);
  for (std::size_t i = 0; i < 9; ++i) changed[i].middle = "QUILL";
  const auto second = states.assign({{"north", changed}, {"west", people(70, 2, true)}});
  check_same(second);
  CHECK(second.mixed < 80 + 9);
  Silent silent;
  auto r = registry::Registry::open(states.split_registry(), registry::Access::read);
  REQUIRE(r);
  CHECK(r->verify(silent));
}

TEST_CASE("a stop that begins, ends, or is for one owner gives what the plain deployment gives") {
  TwoStates states(true);
  const auto north = people(80, 1, true);
  const auto south = people(60, 1, true);
  check_same(states.assign({{"north", north}, {"south", south}}));
  states.set_collection({"ssn", "north", "2026-01-01", Collect::strip});
  // All of north says something new: it is less than it was.
  const auto one = states.assign({{"north", north}, {"east", people(50, 4, true)}});
  check_same(one);
  CHECK(one.mixed >= 130);
  CHECK(one.split_notices.size() == 80);
  auto south_now = south;
  for (std::size_t i = 0; i < 20; ++i) south_now[i].first = "ZELDA";
  check_same(states.assign({{"north", people(85, 1, true)}, {"south", south_now}}));
  states.set_collection({"ssn", "north", "2026-02-01", Collect::allow});
  check_same(states.assign({{"north", north}, {"x", people(55, 1, true)}}));
  states.set_collection({"ssn", "", "2026-03-01", Collect::strip});
  check_same(states.assign({{"south", south}, {"y", people(65, 1, true)}}));
}

TEST_CASE("scores of a mix made under other rules are refused") {
  TwoStates states(true);
  check_same(states.assign({{"north", people(60, 1, true)}, {"south", people(60, 2, true)}}));
  const auto pending = states.compare({{"west", people(50, 3, true)}});
  auto other = pending;
  other.scores.front().file.header.answering->stopped = 7;
  CHECK(states.settle_error(other).find("has begun") != std::string::npos);
  other = pending;
  other.scores.front().file.dropped = {other.scores.front().file.scores.front().first};
  CHECK(states.settle_error(other).find("has no SSN") != std::string::npos);
  other = pending;
  other.scores.front().file.header.answering->bare[0] ^= 1;
  CHECK(states.settle_error(other).find("sums") != std::string::npos);
  CHECK(states.settle_error(pending).empty());
}

}  // namespace stopped_test
