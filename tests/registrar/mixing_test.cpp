// What the registrar refuses to mix, and to believe.
#include "engine/registrar/mixing.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "engine/slips/mix_file.h"
#include "tests/ledger/scratch.h"
#include "tests/registrar/two_owners.h"

namespace mixing_test {

using namespace tessera;
using registrar::SlipSet;

TEST_CASE("a mix names no owner and holds all slips") {
  const test::Scratch folder;
  const test::TwoOwners two(folder / ".", 600);
  const auto set = SlipSet::open(two.paths(), two.opening());
  if (!set) FAIL(set.error().what);
  const auto random = seeded_random(1);
  REQUIRE(registrar::mix(*set, folder / "m", samples::registrars_key(), *random, {}));
  const auto mix = slips::MixFile::open(folder / "m", samples::registrars_key().open);
  REQUIRE(mix);
  CHECK(mix->header().records == 1200);
  CHECK(mix->header().possible_matches == 600);
  CHECK(mix->header().batch == set->batch());
  for (std::size_t p = 0; p < mix->header().rows.size(); ++p)
    CHECK(mix->header().rows[p] == set->files()[0].rows(p) + set->files()[1].rows(p));
  const std::string text = *read_file(folder / "m");
  for (const slips::SlipFile& f : set->files()) {
    CHECK(text.find(f.header().owner) == std::string::npos);
    CHECK(text.find(f.header().created) == std::string::npos);
    CHECK(text.find(to_hex(f.digest())) == std::string::npos);
  }
}

TEST_CASE("few records are not mixed") {
  const test::Scratch folder;
  const test::TwoOwners two(folder / ".", 499);
  const auto set = SlipSet::open(two.paths(), two.opening());
  REQUIRE(set);
  const auto random = seeded_random(1);
  const auto done = registrar::mix(*set, folder / "m", samples::registrars_key(), *random, {});
  CHECK(done.error().code == ErrorCode::limit);
  CHECK_FALSE(file_exists(folder / "m"));
}

TEST_CASE("of several scores of two records the strongest counts, whichever came first") {
  const test::Scratch folder;
  const test::TwoOwners two(folder / ".", 20);
  const auto set = SlipSet::open(two.paths(), two.opening());
  REQUIRE(set);
  const auto handles = [&](std::size_t file, std::uint32_t record) {
    std::vector<encoded::Handle> out;
    for (const encoded::JoinHandle& h : set->files()[file].handles())
      if (h.record == record) out.push_back(h.handle);
    return out;
  };
  const auto left = handles(0, 3);
  const auto right = handles(1, 5);
  REQUIRE(left.size() >= 2);
  REQUIRE(right.size() >= 2);
  const auto score = [](encoded::Handle x, encoded::Handle y, std::int16_t decinats) {
    return slips::ScoredHandles{std::min(x, y), std::max(x, y), decinats};
  };
  slips::ScoreFile scores{{set->batch(), 0, 2},
                          {score(left[0], right[0], 31), score(left[1], right[1], 57)}};
  const auto pairs = registrar::pairs_of(scores, *set, "s");
  REQUIRE(pairs);
  REQUIRE(pairs->size() == 1);
  CHECK(pairs->front().a == 3);
  CHECK(pairs->front().b == 20 + 5);
  CHECK(pairs->front().logit == 57);

  slips::ScoreFile strange = scores;
  strange.scores[0] = score(left[0], left[0] ^ 1, 3);
  CHECK(registrar::pairs_of(strange, *set, "s").error().what.find("no file") != std::string::npos);
  slips::ScoreFile inside = scores;
  inside.scores[0] = score(left[0], handles(0, 4)[0], 3);
  CHECK(registrar::pairs_of(inside, *set, "s").error().what.find("one file") != std::string::npos);
  slips::ScoreFile other = scores;
  other.header.batch[0] ^= 1;
  CHECK(registrar::pairs_of(other, *set, "s").error().what.find("another mix") !=
        std::string::npos);
}

}  // namespace mixing_test
