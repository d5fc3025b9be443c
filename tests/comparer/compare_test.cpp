// The split deployment against the plain one: the same pairs, to the last tenth of a nat.
#include "engine/comparer/compare.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "engine/link/compete.h"
#include "engine/link/files.h"
#include "engine/registrar/mixing.h"
#include "matchers/fellegi_sunter.h"
#include "tests/comparer/split_people.h"
#include "tests/ledger/scratch.h"
#include "tests/slips/slips_sample.h"

namespace compare_test {

using namespace tessera;

namespace {

struct Both {
  std::vector<link::Pair> plain, split;
  std::uint64_t plain_compared = 0, split_compared = 0;
};

Both link_both_ways(const std::string& folder, const test::SplitPeople& people,
                    const link::Matcher& matcher, link::Decinats floor, std::uint64_t seed) {
  Silent silent;
  Both out;
  auto files = link::FileSet::open(people.plain());
  REQUIRE(files);
  const link::Run job = files->run(link::PairRule::across);
  const auto scored = link::score(job, matcher, floor, silent);
  REQUIRE(scored);
  out.plain = scored->pairs;
  for (const link::PassCounts& c : scored->counts) out.plain_compared += c.compared;

  const auto set = registrar::SlipSet::open(people.slips(), people.registrars());
  if (!set) FAIL(set.error().what);
  CHECK(set->groups() == job.group);
  const auto random = seeded_random(seed);
  REQUIRE(registrar::mix(*set, folder + "/m", samples::registrars_key(), *random, {.force = true}));
  const auto mix = slips::MixFile::open(folder + "/m", samples::registrars_key().open);
  REQUIRE(mix);
  const auto opened = comparer::OpenedMix::open(*mix, people.entries(), silent);
  if (!opened) FAIL(opened.error().what);
  const auto compared = comparer::compare(*opened, matcher, floor, silent);
  REQUIRE(compared);
  CHECK(std::ranges::is_sorted(compared->scores));
  for (const link::PassCounts& c : compared->counts) out.split_compared += c.compared;
  slips::ScoreFile scores{{mix->header().batch, 0, compared->scores.size()}, compared->scores};
  auto pairs = registrar::pairs_of(scores, *set, "s");
  if (!pairs) FAIL(pairs.error().what);
  out.split = *std::move(pairs);
  return out;
}

}  // namespace

TEST_CASE("two offices find what one finds, whatever the order of the heap") {
  const auto matcher = matchers::fellegi_sunter(*matchers::load_model(""));
  const test::Scratch folder;
  const auto schema = schema::load("default");
  REQUIRE(schema);
  const test::SplitPeople people(folder / ".", *schema, 4, slips::kLeastRecords / 4, 4);
  for (const std::uint64_t order : {1, 2}) {
    const Both both = link_both_ways(folder / ".", people, *matcher, -400, order);
    REQUIRE(both.plain.size() > 200);
    REQUIRE(both.split.size() == both.plain.size());
    CHECK(both.split_compared == both.plain_compared);
    for (std::size_t i = 0; i < both.plain.size(); ++i) {
      CHECK(both.split[i].a == both.plain[i].a);
      CHECK(both.split[i].b == both.plain[i].b);
      CHECK(both.split[i].logit == both.plain[i].logit);
    }
  }
}

}  // namespace compare_test
