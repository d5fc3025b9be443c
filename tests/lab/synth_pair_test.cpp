// Two rosters with a known overlap: its ends, and what may be asked for.
#include <limits>
#include <map>
#include <set>
#include <string>

#include "engine/core/csv.h"
#include "engine/lab/synth.h"
#include "tests/lab/scratch.h"

using namespace tessera;
using namespace tessera::lab;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

PairOptions pair_of(const Scratch& scratch, const std::string& name) {
  PairOptions o;
  o.people = 300;
  o.names = TESSERA_DATA "/synthetic/names";
  o.out = scratch / name;
  return o;
}

// Persons by owner, in the order of local IDs.
std::map<std::string, std::vector<std::string>> persons(const Scratch& scratch,
                                                        const std::string& name) {
  const std::string text = scratch.read(name + "/truth.csv");
  auto reader = csv::Reader::open(text, "truth.csv");
  REQUIRE(reader.has_value());
  std::map<std::string, std::vector<std::string>> out;
  csv::Row row;
  for (;;) {
    const auto more = reader->next(row);
    REQUIRE(more.has_value());
    if (!*more) return out;
    out[std::string(row[0])].emplace_back(row[2]);
  }
}

std::size_t shared(const std::map<std::string, std::vector<std::string>>& of) {
  const std::set<std::string> a(of.at("a").begin(), of.at("a").end());
  std::size_t n = 0;
  for (const std::string& person : of.at("b")) n += a.count(person);
  CHECK(a.size() == of.at("a").size());  // nobody twice
  return n;
}

}  // namespace

TEST_CASE("nobody, some or everybody stands in both") {
  const Scratch scratch;
  Silent silent;
  PairOptions o = pair_of(scratch, "pair");
  for (const auto& [overlap, expected] :
       {std::pair{0.0, 0U}, std::pair{0.25, 75U}, std::pair{1.0, 300U}}) {
    o.overlap = overlap;
    o.force = true;
    const auto made = write_pair(o, silent);
    REQUIRE(made.has_value());
    CHECK(made->people == 600 - expected);
    CHECK(made->rows == 600);
    CHECK(made->local_ids == 600);
    CHECK(shared(persons(scratch, "pair")) == expected);
  }
}

TEST_CASE("the order of a roster says nothing of who is in the other") {
  const Scratch scratch;
  Silent silent;
  PairOptions o = pair_of(scratch, "pair");
  o.overlap = 1;
  REQUIRE(write_pair(o, silent).has_value());
  const auto of = persons(scratch, "pair");
  int same = 0;
  for (std::size_t i = 0; i < 300; ++i) same += of.at("a")[i] == of.at("b")[i] ? 1 : 0;
  CHECK(same < 10);
}

TEST_CASE("a seed is a pair; SSNs come only if asked for") {
  const Scratch scratch;
  Silent silent;
  PairOptions o = pair_of(scratch, "one");
  REQUIRE(write_pair(o, silent).has_value());
  o.out = scratch / "two";
  REQUIRE(write_pair(o, silent).has_value());
  o.out = scratch / "other";
  o.seed = 2;
  o.ssn_share = 0.5;
  REQUIRE(write_pair(o, silent).has_value());
  CHECK(scratch.read("one/a.csv") == scratch.read("two/a.csv"));
  CHECK(scratch.read("one/b.csv") == scratch.read("two/b.csv"));
  CHECK(scratch.read("one/a.csv").find("ssn") == std::string::npos);
  CHECK(scratch.read("other/a.csv").find(",ssn,ssn_status") != std::string::npos);
  CHECK(scratch.read("other/a.csv") != scratch.read("one/a.csv"));
}

TEST_CASE("sizes and overlaps that make no sense are refused before anything is made") {
  const Scratch scratch;
  Silent silent;
  for (const auto& [people, overlap] :
       {std::pair{0U, 0.5}, std::pair{50000001U, 0.5}, std::pair{10U, -0.1}, std::pair{10U, 1.1},
        std::pair{10U, kNan}}) {
    PairOptions o = pair_of(scratch, "refused");
    o.people = people;
    o.overlap = overlap;
    const auto made = write_pair(o, silent);
    REQUIRE_FALSE(made.has_value());
    CHECK(made.error().code == ErrorCode::usage);
    CHECK_FALSE(file_exists(o.out));
    CHECK_FALSE(file_exists(o.out + ".part"));
  }
}
