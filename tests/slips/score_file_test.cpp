#include "engine/slips/score_file.h"

#include <doctest/doctest.h>

#include "tests/ledger/scratch.h"
#include "tests/slips/slips_sample.h"

namespace score_file_test {

using namespace tessera;
using slips::ScoredHandles;

namespace {

Result<slips::ScoreFile> round(const std::string& path, const std::vector<ScoredHandles>& scores,
                               std::uint64_t said) {
  slips::ScoreHeader header{{}, 0.0001, said};
  header.batch.fill(5);
  REQUIRE(
      slips::write_scores(path, {header, scores, {}}, samples::comparers_key(), {.force = true}));
  return slips::read_scores(path, samples::comparers_key().open);
}

}  // namespace

TEST_CASE("what answers a mix for a registry comes back, crowds and all") {
  const test::Scratch folder;
  slips::ScoreFile file;
  file.scores = {{1, 2, -50}, {1, 9, 400}};
  file.crowds = {{1, {2, 5, 9}}, {0, {3, 4}}};
  file.header = {{}, 0, 2, slips::Answering{}};
  slips::Answering& a = *file.header.answering;
  a.moment.fill(1);
  a.payloads.fill(2);
  a.automatic = 0.9995;
  a.review = 0.5;
  a.crowds = 2;
  a.crowded = 5;
  const auto read = [&] {
    REQUIRE(slips::write_scores(folder / "s", file, samples::comparers_key(), {.force = true}));
    return slips::read_scores(folder / "s", samples::comparers_key().open);
  };
  const auto back = read();
  if (!back) FAIL(back.error().what);
  CHECK(back->scores == file.scores);
  REQUIRE(back->crowds.size() == 2);
  CHECK(back->crowds[0].pass == 1);
  CHECK(back->crowds[0].handles == file.crowds[0].handles);
  CHECK(to_json(back->header) == to_json(file.header));

  SUBCASE("counts that are not so") {
    for (std::uint64_t* count : {&a.crowds, &a.crowded, &file.header.pairs}) {
      ++*count;
      CHECK_FALSE(read());
      *count = UINT64_MAX / 8;
      CHECK_FALSE(read());
      *count = 0;
      CHECK_FALSE(read());
      *count = count == &a.crowded ? 5 : 2;
    }
    CHECK(read());
  }
  SUBCASE("entries that were taken out") {
    a.stopped = 5;
    a.dropped = 2;
    a.bare.fill(3);
    file.dropped = {4, 8};
    const auto told = read();
    if (!told) FAIL(told.error().what);
    CHECK(told->dropped == file.dropped);
    CHECK(told->crowds[1].handles == file.crowds[1].handles);
    CHECK(to_json(told->header) == to_json(file.header));
    for (const std::uint64_t said :
         {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{3}, UINT64_MAX / 8, UINT64_MAX}) {
      a.dropped = said;
      CHECK_FALSE(read());
    }
    a.dropped = 2;
    file.dropped = {8, 4};
    CHECK_FALSE(read());
  }
  SUBCASE("crowds out of order") {
    std::swap(file.crowds[0].handles[0], file.crowds[0].handles[1]);
    CHECK_FALSE(read());
  }
  SUBCASE("a crowd of one") {
    file.crowds = {{1, {2, 5, 7, 9}}, {0, {3}}};
    CHECK_FALSE(read());
  }
  SUBCASE("a probability that is none") {
    a.review = 1.5;
    CHECK_FALSE(read());
  }
}

TEST_CASE("scores come back") {
  const test::Scratch folder;
  const std::vector<ScoredHandles> scores{{1, 2, -92}, {1, UINT64_MAX, 400}, {7, 8, 0}};
  const auto back = round(folder / "s", scores, scores.size());
  if (!back) FAIL(back.error().what);
  CHECK(back->scores == scores);
  CHECK(back->header.pairs_floor == 0.0001);
  CHECK(round(folder / "s", {}, 0)->scores.empty());
  CHECK(slips::read_scores(folder / "s", samples::registrars_key().open).error().code ==
        ErrorCode::crypto);
}

TEST_CASE("scores that break a rule are refused though they are signed") {
  const test::Scratch folder;
  for (const auto& [scores, said] :
       std::vector<std::pair<std::vector<ScoredHandles>, std::uint64_t>>{
           {{{1, 2, 0}}, 0},
           {{{1, 2, 0}}, 2},
           {{{1, 2, 0}}, UINT64_MAX / 18},
           {{{2, 1, 0}}, 1},
           {{{2, 2, 0}}, 1},
           {{{1, 2, 401}}, 1},
           {{{1, 2, -401}}, 1},
           {{{1, 2, 0}, {1, 2, 0}}, 2},
           {{{2, 3, 0}, {1, 2, 0}}, 2}}) {
    CAPTURE(said);
    CHECK(round(folder / "s", scores, said).error().code == ErrorCode::format);
  }
}

TEST_CASE("a header has one spelling") {
  const std::string text = to_json(slips::ScoreHeader{{}, 0.5, 3});
  CHECK(slips::score_header_from_json(text));
  for (const char* bad : {"{}", "[]", "", "{\"batch\":\"\",\"pairs\":1,\"pairs_floor\":0.5}"})
    CHECK_FALSE(slips::score_header_from_json(bad));
  CHECK_FALSE(slips::score_header_from_json(to_json(slips::ScoreHeader{{}, 1.5, 3})));
  CHECK_FALSE(slips::score_header_from_json(to_json(slips::ScoreHeader{{}, -0.5, 3})));
  CHECK_FALSE(slips::score_header_from_json(" " + text));
}

}  // namespace score_file_test
