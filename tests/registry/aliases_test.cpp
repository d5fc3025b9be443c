#include "engine/registry/aliases.h"

#include <doctest/doctest.h>

#include "engine/registry/history.h"
#include "tests/ledger/scratch.h"
#include "tests/registry/world.h"

using namespace tessera;
using namespace tessera::registry;
using namespace tessera::test;

namespace {

std::vector<StateId> three(const std::string& path) {
  create_registry(path);
  const auto receipt = submit(path, {{"a", {{1, 11}, {2, 12}, {3, 13}}}}, 1);
  REQUIRE(receipt);
  return {receipt->issued[0].id, receipt->issued[1].id, receipt->issued[2].id};
}

Result<std::size_t> add(const std::string& path, const std::vector<Alias>& aliases) {
  Registry r = open_registry(path, Access::write);
  return add_aliases(r, aliases, "ana");
}

}  // namespace

TEST_CASE("R10: an ID holds its names in special education and migrant systems") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  const auto ids = three(path);
  CHECK(*add(path, {{"migrant", "M-1", ids[0]},
                    {"special-education", "77", ids[0]},
                    {"migrant", "M-2", ids[1]}}) == 3);
  CHECK(*add(path, {{"migrant", "M-1", ids[0]}}) == 0);  // known: nothing happens
  Registry r = open_registry(path, Access::read);
  const auto card = find_id(r, ids[0]);
  REQUIRE((*card)->aliases.size() == 2);
  CHECK((*card)->aliases[0].system == "migrant");
  CHECK((*card)->aliases[0].alias == "M-1");
  CHECK((*card)->aliases[1].system == "special-education");
  CHECK(list_aliases(r, 0, "migrant")->size() == 2);
  CHECK(list_aliases(r, ids[2], "")->empty());
  CHECK(verified(path) == "");
}

TEST_CASE("R10: an alias of one system names one person only, and a table goes in whole or not") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  const auto ids = three(path);
  REQUIRE(add(path, {{"migrant", "M-1", ids[0]}}));
  const auto refused = add(path, {{"migrant", "M-9", ids[1]}, {"migrant", "M-1", ids[1]}});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::conflict);
  CHECK(refused.error().where == "alias 2");
  CHECK(refused.error().what.find("M-1") == std::string::npos);
  {
    Registry r = open_registry(path, Access::read);
    CHECK(list_aliases(r, 0, "")->size() == 1);
  }
  CHECK(*add(path, {{"special-education", "M-1", ids[1]}}) == 1);  // another system's number
  for (const Alias& bad :
       {Alias{"Migrant", "1", ids[0]}, Alias{"", "1", ids[0]}, Alias{"migrant", "", ids[0]},
        Alias{"migrant", "a b", ids[0]}, Alias{"migrant", std::string(41, 'x'), ids[0]},
        Alias{"migrant", "1", 1234567890}}) {
    CAPTURE(bad.system);
    CHECK(add(path, {bad}).error().code == ErrorCode::usage);
  }
  CHECK(verified(path) == "");
}

TEST_CASE("R10: an alias survives merges and their undoing, and can be removed") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  const auto ids = three(path);
  REQUIRE(add(path, {{"migrant", "M-1", ids[0]}, {"migrant", "M-2", ids[1]}}));
  {
    Registry r = open_registry(path, Access::write);
    REQUIRE(merge_ids(r, ids[0], ids[1], {"ana", "case-1"}));
  }
  {
    Registry r = open_registry(path, Access::read);
    CHECK(list_aliases(r, ids[1], "")->size() == 2);
    CHECK(list_aliases(r, ids[0], "")->size() == 2);  // resolves
    CHECK((*find_id(r, ids[0]))->aliases.size() == 2);
  }
  CHECK(*add(path, {{"migrant", "M-1", ids[1]}}) == 0);  // the same person now
  {
    Registry r = open_registry(path, Access::write);
    REQUIRE(undo_change(r, 1, {"ana", "case-1"}));
  }
  {
    Registry r = open_registry(path, Access::write);
    CHECK(list_aliases(r, ids[0], "")->size() == 1);
    REQUIRE(remove_alias(r, "migrant", "M-1", "ana"));
  }
  {
    Registry r = open_registry(path, Access::write);
    CHECK(list_aliases(r, ids[0], "")->empty());
    CHECK(remove_alias(r, "migrant", "M-1", "ana").error().code == ErrorCode::usage);
  }
  CHECK(*add(path, {{"migrant", "M-1", ids[2]}}) == 1);  // free again
  CHECK(verified(path) == "");
}
