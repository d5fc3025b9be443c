#include "engine/registry/same_handles.h"

#include <doctest/doctest.h>

#include "engine/registry/collection.h"
#include "engine/schema/ssn_pass.h"
#include "tests/ledger/scratch.h"
#include "tests/registry/world.h"

namespace same_handles_test {

using namespace tessera;
using namespace tessera::registry;
using namespace tessera::test;

namespace {

Roster people(const char* owner, std::uint8_t first, bool ssn) {
  Roster out{owner, {}};
  for (std::uint8_t k = first; k < first + 5; ++k) out.rows.push_back({k, std::uint64_t{100} + k});
  out.ssn = ssn;
  return out;
}

// What a purge does first, and no more.
void cut_purge_short(const std::string& path) {
  Registry r = open_registry(path, Access::write);
  std::vector<std::size_t> passes;
  for (std::size_t p = 0; p < r.schema().passes.size(); ++p)
    if (schema::keyed_by_ssn(r.schema(), p)) passes.push_back(p);
  REQUIRE(r.entries().purge_ssn(passes));
}

}  // namespace

TEST_CASE("after a purge that was cut short no SSN is taken before it is finished") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  create_registry(path, 1, true);
  REQUIRE(submit(path, {people("north", 1, true)}, 1));
  cut_purge_short(path);
  CHECK(verified(path) == "");
  REQUIRE(submit(path, {people("south", 20, false)}, 2));  // others go on
  CHECK(verified(path) == "");
  const auto refused = submit(path, {people("east", 40, true)}, 3);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::conflict);
  CHECK(verified(path) == "");
  {
    Registry r = open_registry(path, Access::write);
    Silent silent;
    const auto random = seeded_random(4);
    REQUIRE(purge_ssn(r, *random, silent));
  }
  REQUIRE(submit(path, {people("east", 40, true)}, 5));
  CHECK(verified(path) == "");
}

TEST_CASE("the first SSNs of a registry, and those after a whole purge, are taken") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  create_registry(path, 1, true);
  REQUIRE(submit(path, {people("north", 1, false)}, 1));
  REQUIRE(submit(path, {people("north", 1, true)}, 2));
  CHECK(verified(path) == "");
}

}  // namespace same_handles_test
