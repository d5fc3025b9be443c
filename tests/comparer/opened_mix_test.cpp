// Slips from a registrar that errs or means ill: refused before anything is compared.
#include "engine/comparer/opened_mix.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "engine/core/json.h"
#include "engine/schema/layout.h"
#include "engine/seal/box.h"
#include "engine/slips/slip.h"
#include "tests/ledger/scratch.h"
#include "tests/slips/slips_sample.h"

namespace opened_mix_test {

using namespace tessera;

namespace {

// A mix of the sample's own entries, one slip of which may be spoilt.
class OneMix {
 public:
  OneMix() {
    header_.schema = content_.header.schema;
    header_.records = content_.records.size();
    header_.entries_key = key_.open.bytes;
    for (std::size_t p = 0; p < content_.passes.size(); ++p) {
      const encoded::PassView rows = content_.passes[p].view();
      header_.rows.push_back(rows.rows());
      for (std::size_t i = 0; i < rows.rows(); ++i)
        plain_.push_back(plain(rows, i, static_cast<std::uint16_t>(p)));
    }
  }
  Bytes& slip(std::size_t i) { return plain_[i]; }
  std::uint64_t rows(std::size_t pass) const { return header_.rows[pass]; }
  encoded::Handle handle(std::size_t i) const { return slips::take_slip(plain_[i].data()).handle; }
  slips::MixHeader& header() { return header_; }

  Result<comparer::OpenedMix> open(const seal::KeyPair& key) {
    std::vector<std::vector<ByteView>> parts(header_.rows.size());
    std::vector<Bytes> sealed;
    for (const Bytes& p : plain_) {
      sealed.emplace_back(p.size() + seal::kBoxExtra);
      seal::seal_box(key_.open.bytes, p, sealed.back());
    }
    std::size_t i = 0;
    for (std::size_t p = 0; p < parts.size(); ++p)
      for (std::uint64_t r = 0; r < header_.rows[p]; ++r) parts[p].push_back(sealed[i++]);
    const auto random = seeded_random(4);
    REQUIRE(slips::write_mix(folder_ / "m", header_, parts, {}, samples::registrars_key(), *random,
                             {.force = true}));
    mix_.emplace_back(*slips::MixFile::open(folder_ / "m", samples::registrars_key().open));
    Silent silent;
    return comparer::OpenedMix::open(mix_.back(), key, silent);
  }
  Result<comparer::OpenedMix> open() { return open(key_); }

 private:
  static Bytes plain(const encoded::PassView& rows, std::size_t i, std::uint16_t pass) {
    Bytes out(slips::plain_slip_bytes(rows.stride));
    slips::put_slip({rows.tags[i], rows.handles[i], 17, rows.presence[i],
                     rows.ssn_tokens.empty() ? std::uint16_t{0} : rows.ssn_tokens[i], pass,
                     rows.bits.data() + i * rows.stride},
                    rows.stride, out.data());
    return out;
  }
  test::Scratch folder_;
  reference::Content content_ = samples::make(samples::kSmallSchema, 9, 6);
  seal::KeyPair key_ = samples::fixed_pair(seal::Use::entries);
  slips::MixHeader header_;
  std::vector<Bytes> plain_;
  std::vector<slips::MixFile> mix_;
};

}  // namespace

TEST_CASE("entries stand in blocks by tag and mark, each with a number and a handle of its own") {
  OneMix mix;
  const auto opened = mix.open();
  if (!opened) FAIL(opened.error().what);
  const link::Run run = opened->run();
  CHECK(run.size.records == 9);
  CHECK(run.tokens);
  std::uint32_t number = 0;
  for (std::size_t p = 0; p < 2; ++p) {
    const auto sources = run.sources(p);
    REQUIRE(sources);
    REQUIRE(sources->size() == 1);
    const block::Source& s = sources->front();
    CHECK(s.view.rows() == mix.rows(p));
    CHECK(std::ranges::is_sorted(s.view.tags));
    for (std::size_t i = 0; i < s.view.rows(); ++i, ++number) {
      CHECK(s.records[i] == number);
      CHECK(opened->handle(number) == s.view.handles[i]);
      if (i == 0) continue;
      const bool same_tag = s.view.tags[i] == s.view.tags[i - 1];  // all carry one mark
      CHECK((run.group[number] == run.group[number - 1]) == same_tag);
    }
  }
  CHECK(run.group.size() == number);
}

TEST_CASE("a slip that breaks a rule stops the run") {
  OneMix mix;
  REQUIRE(mix.open());
  const auto refused = [&mix](std::string_view words) {
    const auto opened = mix.open();
    REQUIRE_FALSE(opened);
    CAPTURE(opened.error().what);
    return opened.error().what.find(words) != std::string::npos;
  };
  SUBCASE("weight") {
    mix.slip(3)[slips::kSlipHead] ^= 1;
    CHECK(refused("breaks a rule of entries"));
  }
  SUBCASE("presence") {
    mix.slip(0)[33] = 0x80;
    CHECK(refused("breaks a rule of entries"));
  }
  SUBCASE("pass") {
    mix.slip(1)[36] = 1;
    CHECK(refused("of another pass"));
  }
  SUBCASE("a handle twice") {
    std::copy_n(mix.slip(0).begin() + 16, 8, mix.slip(1).begin() + 16);
    CHECK(refused("occurs twice"));
  }
  SUBCASE("a handle twice, in two passes") {
    std::copy_n(mix.slip(0).begin() + 16, 8, mix.slip(mix.rows(0)).begin() + 16);
    CHECK(refused("occurs twice"));
  }
}

TEST_CASE("a mix of some of the slips alone is refused") {
  OneMix mix;
  mix.header().records = 100;
  CHECK(mix.open().error().what.find("as so many records have") != std::string::npos);
  mix.header().records = 1;
  CHECK(mix.open().error().what.find("as so many records have") != std::string::npos);
  mix.header().records = 0;
  CHECK(mix.open().error().code == ErrorCode::format);
}

TEST_CASE("only the key that the mix names opens it") {
  OneMix mix;
  CHECK(mix.open(samples::fixed_pair(seal::Use::entries, 2)).error().code == ErrorCode::crypto);
  CHECK(mix.open(samples::fixed_pair(seal::Use::join)).error().code == ErrorCode::crypto);
  // A header that names another key than the slips were sealed to.
  const seal::KeyPair other = samples::fixed_pair(seal::Use::entries, 2);
  mix.header().entries_key = other.open.bytes;
  CHECK(mix.open(other).error().what.find("does not open") != std::string::npos);
}

}  // namespace opened_mix_test
