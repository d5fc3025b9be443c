#include "engine/slips/mix_file.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "engine/core/json.h"
#include "engine/schema/layout.h"
#include "engine/slips/slip.h"
#include "tests/ledger/scratch.h"
#include "tests/slips/slips_sample.h"

namespace mix_file_test {

using namespace tessera;
using slips::MixFile;

namespace {

slips::MixHeader header_of(const std::vector<std::uint64_t>& rows) {
  slips::MixHeader h;
  h.schema = *schema::from_json(*json::parse(samples::kSmallSchema, "test"), "test");
  h.batch.fill(3);
  h.records = 1500;
  h.possible_matches = 700;
  h.rows = rows;
  h.entries_key.fill(4);
  return h;
}

}  // namespace

TEST_CASE("a header comes back, and only from its one spelling") {
  const slips::MixHeader h = header_of({5, 6});
  const std::string text = to_json(h);
  const auto back = slips::mix_header_from_json(text);
  REQUIRE(back);
  CHECK(to_json(*back) == text);
  CHECK(back->rows == h.rows);
  CHECK(back->batch == h.batch);
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"\"records\":1500", "\"records\":-1"},
           {"\"records\":1500", "\"records\":1500.0"},
           {"\"rows\":[5,6]", "\"rows\":[5]"},
           {"\"rows\":[5,6]", "\"rows\":[5,4294967295]"},
           {"\"batch\":\"03", "\"batch\":\"0"},
           {"\"possible_matches\":700,", ""},
           {"{\"batch\"", "{\"aa\":1,\"batch\""}}) {
    std::string bent = text;
    const std::size_t at = bent.find(from);
    REQUIRE(at != std::string::npos);
    bent.replace(at, from.size(), to);
    CHECK_FALSE(slips::mix_header_from_json(bent));
  }
}

TEST_CASE("every slip of every part is in the mix once, in another order") {
  const test::Scratch folder;
  slips::MixHeader h = header_of({0, 0});
  std::vector<std::vector<Bytes>> held(2);
  std::vector<std::vector<ByteView>> parts(2);
  std::vector<std::vector<Bytes>> all(2);
  std::uint8_t n = 0;
  for (std::size_t p = 0; p < 2; ++p) {
    const std::size_t size = slips::sealed_slip_bytes(schema::layout(h.schema, p).stride);
    for (const std::size_t count : {0U, 3U, 20U}) {
      Bytes part;
      for (std::size_t i = 0; i < count; ++i) {
        all[p].emplace_back(size, ++n);
        part.insert(part.end(), all[p].back().begin(), all[p].back().end());
      }
      held[p].push_back(part);
      h.rows[p] += count;
    }
    for (const Bytes& part : held[p]) parts[p].push_back(part);
  }
  const auto random = seeded_random(2);
  REQUIRE(slips::write_mix(folder / "m", h, parts, {}, samples::registrars_key(), *random, {}));
  const auto mix = MixFile::open(folder / "m", samples::registrars_key().open);
  if (!mix) FAIL(mix.error().what);
  for (std::size_t p = 0; p < 2; ++p) {
    const std::size_t size = all[p].front().size();
    std::vector<Bytes> got;
    for (std::size_t at = 0; at < mix->slips(p).size(); at += size) {
      const ByteView one = mix->slips(p).subspan(at, size);
      got.emplace_back(one.begin(), one.end());
    }
    CHECK(got != all[p]);
    std::ranges::sort(got);
    CHECK(got == all[p]);
  }
  CHECK(MixFile::open(folder / "m", samples::comparers_key().open).error().code ==
        ErrorCode::crypto);
}

TEST_CASE("a mix for a registry says where it stands, and which handles are live") {
  const test::Scratch folder;
  slips::MixHeader h = header_of({0, 0});
  slips::Standing& s = h.standing.emplace();
  s.registry.fill(6);
  s.moment.fill(7);
  s.harmless = {5, std::nullopt};
  const auto opened = [&](const slips::StoredHandles& handles) -> Result<MixFile> {
    const auto random = seeded_random(2);
    REQUIRE(slips::write_mix(folder / "m", h, {{}, {}}, handles, samples::registrars_key(), *random,
                             {.force = true}));
    return MixFile::open(folder / "m", samples::registrars_key().open);
  };
  s.stored = 3;
  s.own = 2;
  const auto mix = opened({{1, 7, UINT64_MAX}, {1, UINT64_MAX}});
  if (!mix) FAIL(mix.error().what);
  CHECK(mix->handles().live == std::vector<encoded::Handle>{1, 7, UINT64_MAX});
  CHECK(mix->handles().own == std::vector<encoded::Handle>{1, UINT64_MAX});
  REQUIRE(mix->header().standing);
  CHECK(mix->header().standing->harmless == s.harmless);
  CHECK(mix->header().standing->moment == s.moment);
  CHECK(to_json(mix->header()) == to_json(h));

  CHECK_FALSE(opened({{7, 1, 9}, {7, 9}}));  // not sorted
  CHECK_FALSE(opened({{1, 1, 9}, {1, 9}}));  // twice
  CHECK_FALSE(opened({{1, 7, 9}, {1, 8}}));  // own, and not live
  CHECK_FALSE(opened({{1, 7, 9}, {1}}));     // too few
  s.stopped = 2;
  const auto stopped = opened({{1, 7, 9}, {1, 9}, {3, 4}});
  if (!stopped) FAIL(stopped.error().what);
  CHECK(stopped->handles().stopped == std::vector<encoded::Handle>{3, 4});
  CHECK(to_json(stopped->header()) == to_json(h));
  CHECK_FALSE(opened({{1, 7, 9}, {1, 9}, {4, 3}}));
  CHECK_FALSE(opened({{1, 7, 9}, {1, 9}, {3}}));
  CHECK_FALSE(opened({{1, 7, 9}, {1, 9}, {3, 4, 5}}));
  s.stopped.reset();
  s.stored = UINT64_MAX / 16;
  CHECK_FALSE(slips::mix_header_from_json("{}"));
  CHECK_FALSE(opened({{1, 7, 9}, {1, 9}}));
  s.harmless = {5};
  CHECK_FALSE(slips::mix_header_from_json(to_json(h)));
}

TEST_CASE("a mix that is not as long as it says is refused") {
  const test::Scratch folder;
  for (const std::size_t length : {std::size_t{0}, std::size_t{8}}) {
    auto out = slips::SignedWriter::create(folder / "m", slips::kMixFile,
                                           to_json(header_of({1, 0})), {.force = true});
    REQUIRE(out);
    out->write(Bytes(length));
    REQUIRE(out->commit(samples::registrars_key()));
    CHECK(MixFile::open(folder / "m", samples::registrars_key().open).error().code ==
          ErrorCode::format);
  }
  auto out = slips::SignedWriter::create(folder / "n", slips::kMixFile, to_json(header_of({0, 0})),
                                         {.force = true});
  REQUIRE(out);
  out->write(Bytes(8));
  REQUIRE(out->commit(samples::registrars_key()));
  CHECK_FALSE(MixFile::open(folder / "n", samples::registrars_key().open));
}

}  // namespace mix_file_test
