#include "engine/intake/locate.h"

#include "tests/intake/district_state.h"

namespace locate_test {

using namespace tessera;
using namespace tessera::test;

namespace {

intake::Located ask(const test::State& state, const std::string& owner, const Person& who) {
  const std::string path = state.folder("question");
  test::submit(path, state.schema(), {who}, owner, Population::student, 99);
  auto files = link::FileSet::open({path});
  REQUIRE(files);
  REQUIRE_FALSE(intake::asks_too_little(*files));
  auto registry = registry::Registry::open(state.path(), registry::Access::read);
  REQUIRE(registry);
  const auto matcher = matchers::fellegi_sunter(matchers::shipped_model());
  Silent silent;
  const auto told = intake::locate(*registry, *files, *matcher, silent);
  REQUIRE(told);
  return *told;
}

}  // namespace

TEST_CASE("a question finds the one it names, nobody, or a person who has to look") {
  test::State state;
  const Fates fates = state.assign({{"north", with(crowd(40, 1), kMaria)}});
  const intake::Located found = ask(state, "south", changed(kMaria, "q", "MARIA", "HERNANDEZ"));
  CHECK(found.reply == intake::Reply::found);
  CHECK(found.id == fates.at("north/m1").id);
  CHECK(found.outside);
  CHECK_FALSE(ask(state, "north", changed(kMaria, "m1", "MARIA", "HERNANDEZ")).outside);
  Person nobody = changed(kMaria, "q", "INGRID", "LINDQVIST");
  nobody.dob = "2011-11-23";
  CHECK(ask(state, "south", nobody).reply == intake::Reply::none);
  CHECK(ask(state, "south", nobody).id == 0);
}

TEST_CASE("without a birth date a question asks too little") {
  test::State state;
  Person undated = kMaria;
  undated.dob = "";
  const std::string path = state.folder("question");
  test::submit(path, state.schema(), {undated}, "south", Population::student, 99);
  auto files = link::FileSet::open({path});
  REQUIRE(files);
  CHECK(intake::asks_too_little(*files));
}

}  // namespace locate_test
