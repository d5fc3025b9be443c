#include "engine/registrar/slip_set.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "tests/ledger/scratch.h"
#include "tests/registrar/two_owners.h"

namespace slip_set_test {

using namespace tessera;
using registrar::SlipSet;

TEST_CASE("records are numbered by owner and key, whatever the order of the files") {
  const test::Scratch folder;
  const test::TwoOwners two(folder / ".", 5);
  std::vector<std::string> paths = two.paths();
  const auto one = SlipSet::open(paths, two.opening());
  if (!one) FAIL(one.error().what);
  std::ranges::reverse(paths);
  const auto other = SlipSet::open(paths, two.opening());
  REQUIRE(other);
  CHECK(one->files()[0].header().owner == "north");
  CHECK(one->batch() == other->batch());
  CHECK(one->first() == std::vector<std::uint32_t>{0, 5, 10});
  CHECK(one->groups() == std::vector<std::uint32_t>{0, 0, 0, 0, 0, 1, 1, 1, 1, 1});
  for (std::uint32_t r = 0; r < 10; ++r) CHECK(one->record(r).key == other->record(r).key);
  for (std::size_t f = 0; f < 2; ++f)
    for (const encoded::JoinHandle& h : one->files()[f].handles())
      CHECK(one->record_of(h.handle) == one->first()[f] + h.record);
  CHECK(one->record_of(0) == SlipSet::kNobody);
  const auto alone = SlipSet::open({paths[0]}, two.opening());
  REQUIRE(alone);
  CHECK(alone->batch() != one->batch());
}

TEST_CASE("files that do not belong together are refused") {
  const test::Scratch folder;
  const test::TwoOwners two(folder / ".", 5);
  const auto says = [&](const std::vector<std::string>& paths) {
    const auto set = SlipSet::open(paths, two.opening());
    return set ? std::string() : set.error().what;
  };
  CHECK(says({}) == "no file of slips named");
  CHECK(says({two.paths()[0], two.paths()[0]}) == "named twice");
  REQUIRE(write_file(folder / "copy", *read_file(two.paths()[0]), {}));
  CHECK(says({two.paths()[0], folder / "copy"}).find("a copy of") == 0);

  samples::Parties north("north");
  reference::Content c = samples::make(samples::kSmallSchema, 5, 1);  // south's handles
  c.header.owner = "north";
  REQUIRE(samples::write_slips(folder / "again", c, north));
  CHECK(says({two.paths()[0], folder / "again"}).find("handle") != std::string::npos);
  c = samples::make(samples::kSmallSchema, 5, 2 * test::kFar);
  c.header.owner = "north";
  c.header.key_check[0] ^= 1;
  REQUIRE(samples::write_slips(folder / "key", c, north));
  CHECK(says({two.paths()[0], folder / "key"}).find("project key") != std::string::npos);
  c.header.key_check[0] ^= 1;
  north.entries = samples::fixed_pair(seal::Use::entries, 5);
  REQUIRE(samples::write_slips(folder / "to", c, north));
  CHECK(says({two.paths()[0], folder / "to"}).find("another key for entries") != std::string::npos);
}

}  // namespace slip_set_test
