// What an owner seals one by one: the registrar's view of it, and what it never shows.
#include "engine/slips/slip_file.h"

#include <algorithm>
#include <map>
#include <set>

#include <doctest/doctest.h>

#include "engine/encoded/payload.h"
#include "engine/encoded/without_ssn.h"
#include "engine/schema/layout.h"
#include "engine/seal/box.h"
#include "engine/slips/slip.h"
#include "tests/ledger/scratch.h"
#include "tests/slips/slips_sample.h"

namespace slip_file_test {

using namespace tessera;
using slips::SlipFile;

namespace {

std::string refusal(const std::string& path, const samples::Parties& parties) {
  const auto file = SlipFile::open(path, samples::registrars_opening(parties));
  return file ? "" : file.error().what;
}

// The slips of a pass, opened as their comparer does, in the order of the file.
std::vector<slips::Slip> opened(const SlipFile& file, std::size_t pass, const seal::KeyPair& key,
                                std::vector<Bytes>& plain) {
  const std::uint32_t stride = schema::layout(file.header().schema, pass).stride;
  const std::size_t size = slips::sealed_slip_bytes(stride);
  std::vector<slips::Slip> out;
  plain.clear();
  for (std::size_t at = 0; at < file.slips(pass).size(); at += size) {
    plain.emplace_back(slips::plain_slip_bytes(stride));
    REQUIRE(seal::open_box(file.slips(pass).subspan(at, size), key, plain.back()));
    out.push_back(slips::take_slip(plain.back().data()));
  }
  return out;
}

}  // namespace

TEST_CASE("the registrar gets the join section, the comparer every entry") {
  const test::Scratch folder;
  const samples::Parties parties;
  for (const std::string_view schema : {samples::kSmallSchema, samples::kWideSchema})
    for (const std::size_t records : {0, 1, 40}) {
      const reference::Content c = samples::make(schema, records, 3 + records);
      REQUIRE(samples::write_slips(folder / "f", c, parties));
      const auto file = SlipFile::open(folder / "f", samples::registrars_opening(parties));
      if (!file) FAIL(file.error().what);
      CHECK(file->records().size() == records);
      CHECK(file->handles().size() == c.handles.size());
      CHECK(file->envelope().collection == "fall-2026");
      std::map<encoded::Handle, std::uint32_t> record_of;
      for (const encoded::JoinHandle& h : c.handles) record_of[h.handle] = h.record;
      encoded::PayloadDigests payloads(records);
      encoded::PayloadDigests bare(records);
      for (std::size_t p = 0; p < c.passes.size(); ++p) {
        std::vector<Bytes> plain;
        std::map<encoded::Handle, slips::Slip> by_handle;
        std::vector<std::uint32_t> whose;
        for (const slips::Slip& s : opened(*file, p, parties.entries, plain)) {
          by_handle.emplace(s.handle, s);
          whose.push_back(record_of.at(s.handle));
        }
        CHECK(std::ranges::equal(file->records_of(p), whose));
        std::vector<std::uint32_t> of_row;
        for (const encoded::Handle h : c.passes[p].handles) of_row.push_back(record_of.at(h));
        payloads.add_pass(static_cast<std::uint8_t>(p), c.passes[p].view(), of_row);
        bare.add_pass(static_cast<std::uint8_t>(p),
                      encoded::without_ssn(c.header.schema, p, c.passes[p].view()), of_row);
        const encoded::PassView rows = c.passes[p].view();
        REQUIRE(by_handle.size() == rows.rows());
        CHECK(file->rows(p) == rows.rows());
        std::map<encoded::Tag, slips::Mark> mark;
        std::set<slips::Mark> marks;
        for (std::size_t i = 0; i < rows.rows(); ++i) {
          const slips::Slip& s = by_handle.at(rows.handles[i]);
          CHECK(s.tag == rows.tags[i]);
          CHECK(s.presence == rows.presence[i]);
          CHECK(s.pass == p);
          if (!rows.ssn_tokens.empty()) CHECK(s.ssn_token == rows.ssn_tokens[i]);
          CHECK(std::equal(s.bits, s.bits + rows.stride,
                           rows.bits.begin() + static_cast<std::ptrdiff_t>(i * rows.stride)));
          CHECK(mark.try_emplace(s.tag, s.mark).first->second == s.mark);
          marks.insert(s.mark);
        }
        CHECK(marks.size() == mark.size());  // one for each tag, and no tag shares one
      }
      CHECK(file->payloads() == payloads.finish());
      CHECK(file->bare_payloads() == bare.finish());
      if (records > 1) CHECK((file->payloads() != file->bare_payloads()) == c.header.schema.ssn);
    }
}

TEST_CASE("the order of slips is not that of tags or handles") {
  const test::Scratch folder;
  const samples::Parties parties;
  const reference::Content c = samples::make(samples::kSmallSchema, 40, 5);
  REQUIRE(samples::write_slips(folder / "f", c, parties));
  const auto file = SlipFile::open(folder / "f", samples::registrars_opening(parties));
  REQUIRE(file);
  std::vector<Bytes> plain;
  const auto slips = opened(*file, 0, parties.entries, plain);
  CHECK_FALSE(std::ranges::is_sorted(slips, {}, &slips::Slip::tag));
  CHECK_FALSE(std::ranges::is_sorted(slips, {}, &slips::Slip::handle));
}

TEST_CASE("files are refused for what is wrong with them") {
  const test::Scratch folder;
  const samples::Parties parties;
  reference::Content c = samples::make(samples::kSmallSchema, 6, 5);
  const std::string path = folder / "f";
  REQUIRE(samples::write_slips(path, c, parties));
  CHECK(refusal(path, parties).empty());

  CHECK(SlipFile::open(path, {}).error().what.find("register of owners") != std::string::npos);
  encoded::Opening no_key{nullptr, nullptr, &parties.trust};
  CHECK(SlipFile::open(path, no_key).error().what.find("key for join") != std::string::npos);
  samples::Parties stranger("somebody-else");
  CHECK(refusal(path, stranger).find("district-7") != std::string::npos);
  samples::Parties late;
  late.trust.today = "2027-01-01";
  CHECK(refusal(path, late).find("expired") != std::string::npos);
  samples::Parties other_key;
  other_key.join = samples::fixed_pair(seal::Use::join, 9);
  CHECK(refusal(path, other_key).find("another key for join") != std::string::npos);

  SUBCASE("a record with more entries than the schema allows") {
    for (encoded::JoinHandle& h : c.handles) h.record = 0;
    REQUIRE(samples::write_slips(path, c, parties));
    CHECK(refusal(path, parties).find("entries where the schema allows") != std::string::npos);
  }
  SUBCASE("a handle that is another record's") {
    std::uint32_t& of = c.handles.front().record;
    of = of == 0 ? 1 : 0;
    REQUIRE(samples::write_slips(path, c, parties));
    CHECK_FALSE(refusal(path, parties).empty());
  }
  SUBCASE("no tokens where the schema has SSNs") {
    CHECK_FALSE(samples::write_slips(path, samples::purged(c), parties));
  }
}

TEST_CASE("behind a right signature no count is believed") {
  const test::Scratch folder;
  const samples::Parties parties;
  const reference::Content c = samples::make(samples::kSmallSchema, 6, 5);
  REQUIRE(samples::write_slips(folder / "f", c, parties));
  const auto whole = slips::SignedFile::open(folder / "f", slips::kSlipFile);
  REQUIRE(whole);
  const auto refused = [&](Bytes body) {
    auto out = slips::SignedWriter::create(folder / "g", slips::kSlipFile, whole->header(),
                                           {.force = true});
    REQUIRE(out);
    out->write(body);
    REQUIRE(out->commit(parties.owner));
    return !refusal(folder / "g", parties).empty();
  };
  const Bytes body(whole->body().begin(), whole->body().end());
  CHECK_FALSE(refused(body));
  for (const std::size_t at : {std::size_t{0}, std::size_t{8}, std::size_t{7}}) {
    Bytes bent = body;
    ++bent[at];  // a count: low byte, of the second pass, high byte
    CHECK(refused(bent));
  }
  for (const std::size_t less : {std::size_t{8}, std::size_t{80}, body.size() - 8, body.size()})
    CHECK(refused(Bytes(body.begin(), body.end() - static_cast<std::ptrdiff_t>(less))));
  Bytes more = body;
  more.resize(body.size() + 8);
  CHECK(refused(more));
  for (std::size_t at = 16; at < 16 + seal::kBoxBytes + 100; at += 7) {
    Bytes bent = body;
    bent[at] ^= 1;
    CHECK(refused(bent));  // key box and sealed join section
  }
}

}  // namespace slip_file_test
