// What a registry has stored, as a run: the same decisions as its files together.
#include "engine/intake/stored_run.h"

#include "engine/link/necessity.h"
#include "tests/intake/ssn_world.h"

using namespace tessera;

namespace {

std::vector<std::array<std::array<std::int64_t, 3>, 3>> turns_of(const link::Run& run,
                                                                 const link::Matcher& matcher) {
  // One that keys a pass of its own and is compared by tokens, and one that is compared alone.
  const std::vector<std::vector<std::size_t>> sets = {{*run.schema->field(schema::Kind::ssn)},
                                                      {*run.schema->field(schema::Kind::category)}};
  Silent silent;
  const auto all = [](std::uint32_t, std::uint32_t) -> std::size_t { return 0; };
  const auto needs = link::necessity(run, matcher, sets, 1, all, silent);
  REQUIRE(needs);
  std::vector<std::array<std::array<std::int64_t, 3>, 3>> out;
  for (const link::Need& need : *needs) out.push_back(need.turns[0].pairs);
  return out;
}

// The same people, sent by another owner with some mistakes.
std::vector<reference::Person> copies(const std::vector<reference::Person>& people) {
  Splitmix random(7, 3);
  std::vector<reference::Person> out;
  for (const reference::Person& p : people)
    out.push_back(reference::copy_of(p, random, "c" + p.id));
  return out;
}

}  // namespace

TEST_CASE("R36: the stored entries of a registry decide as the files that brought them") {
  test::SsnWorld w;
  auto rows = test::people(120, 5, true);
  auto north = w.submit(rows, "north");
  auto south = w.submit(copies(rows), "south");
  const std::vector<std::string> paths = {north.files()[0].path(), south.files()[0].path()};
  w.assign(north);
  w.assign(south);
  auto files = link::FileSet::open(paths);
  REQUIRE(files);
  registry::Registry r = w.open();
  const auto stored = intake::StoredRun::open(r);
  REQUIRE(stored);
  CHECK(stored->run().tokens);
  const link::Run together = files->run(link::PairRule::everything);
  const auto expected = turns_of(together, *w.matcher);
  CHECK(turns_of(stored->run(), *w.matcher) == expected);
  // The SSN decides something here, and without it nobody is lost who shares all else.
  const auto& without_ssn = expected[0][2];
  const std::int64_t links = without_ssn[0] + without_ssn[1] + without_ssn[2];
  const std::int64_t lost = without_ssn[0] + without_ssn[1];
  CHECK(links > 50);
  CHECK(lost > 0);
  CHECK(lost < links);
  // Who is who is the registry's word.
  CHECK(stored->person(1) != 0);
  CHECK(stored->person(0) == 0);
}
