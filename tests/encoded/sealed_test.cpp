// Sealed files: what was sealed comes back to whom it was sealed; cut, bent, swapped or mixed files
// do not open, and behind a right signature no rule of the content is lost.
#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "engine/core/file.h"
#include "engine/core/parallel.h"
#include "engine/encoded/overview.h"
#include "engine/encoded/reader.h"
#include "engine/encoded/sealed_front.h"
#include "engine/encoded/sealed_writer.h"
#include "tests/encoded/sample.h"
#include "tests/encoded/sealed_sample.h"
#include "tests/ledger/scratch.h"

namespace sealed_test {

using namespace tessera;

namespace {

// What the reader says; "" if it lets the file in.
std::string refusal(ByteView bytes, const samples::Parties& parties) {
  const auto file = encoded::File::parse(bytes, "f.tess", parties.opening());
  return file ? "" : file.error().what;
}
bool says(ByteView bytes, const samples::Parties& parties, std::string_view words) {
  const std::string said = refusal(bytes, parties);
  CAPTURE(said);
  return said.find(words) != std::string::npos;
}

Bytes small(const samples::Parties& parties, std::uint64_t seed = 7, std::size_t records = 3) {
  const test::Scratch folder;
  const Bytes bytes = samples::seal_to_file(
      folder / "f.tess", samples::make(samples::kSmallSchema, records, seed), parties);
  REQUIRE(!bytes.empty());
  return bytes;
}

std::size_t front_size(ByteView file) {
  return encoded::kPreambleBytes + encoded::padded(load_le<std::uint32_t>(file.data() + 12)) +
         load_le<std::uint32_t>(file.data() + 24) * encoded::kSealedSlotBytes;
}

// Signs a changed front again, as an owner who means ill could.
Bytes resigned(Bytes file, const samples::Parties& parties) {
  const std::size_t size = front_size(file);
  const auto s =
      seal::sign(parties.owner, encoded::kSealedContext, sha256(ByteView(file).first(size)));
  std::ranges::copy(s, file.begin() + static_cast<std::ptrdiff_t>(size));
  return file;
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t kStep = 17;
#else
constexpr std::size_t kStep = 3;
#endif

}  // namespace

TEST_CASE("what was sealed comes back, pass by pass") {
  const test::Scratch folder;
  const samples::Parties parties;
  for (const std::string_view schema : {samples::kSmallSchema, samples::kWideSchema})
    for (const std::size_t records : {0, 1, 3, 900}) {
      const reference::Content content = samples::make(schema, records, 11 + records);
      const std::string path = folder / "f.tess";
      REQUIRE(!samples::seal_to_file(path, content, parties).empty());
      const auto file = encoded::File::open(path, parties.opening());
      if (!file) FAIL(file.error().what);
      CHECK(file->sealed());
      CHECK(file->tokens() == content.header.schema.ssn);
      CHECK(file->envelope()->records == content.records.size());
      CHECK(file->envelope()->entries == content.handles.size());
      REQUIRE(file->records().size() == content.records.size());
      for (std::size_t p = 0; p < file->passes(); ++p) {
        CHECK(file->pass(p).rows() == 0);  // not loaded
        CHECK(file->rows(p) == content.passes[p].tags.size());
        const auto pass = file->load(p);
        REQUIRE(pass);
        CHECK(std::ranges::equal(pass->tags, content.passes[p].tags));
        CHECK(std::ranges::equal(pass->handles, content.passes[p].handles));
        CHECK(std::ranges::equal(pass->bits, content.passes[p].bits));
        CHECK(std::ranges::equal(pass->ssn_tokens, content.passes[p].ssn_tokens));
        file->release(p);
        CHECK(file->pass(p).rows() == 0);
        CHECK(file->load(p)->rows() == content.passes[p].tags.size());  // and again
      }
      CHECK(encoded::overview(*file)->passes.size() == file->passes());
    }
}

TEST_CASE("the golden file opens for ever") {
  const samples::Parties parties;
  const reference::Content content = samples::make(samples::kSmallSchema, 3, 7);
  const auto file =
      encoded::File::open(TESSERA_TEST_DATA "/golden/sealed-v1/good-small.tess", parties.opening());
  if (!file) FAIL(file.error().what);
  REQUIRE(file->records().size() == content.records.size());
  for (std::size_t r = 0; r < content.records.size(); ++r)
    CHECK(file->records()[r].key == content.records[r].key);
  for (std::size_t p = 0; p < file->passes(); ++p)
    CHECK(std::ranges::equal(file->load(p)->bits, content.passes[p].bits));
}

TEST_CASE("two sealings of one content are two submissions") {
  const samples::Parties parties;
  const Bytes a = small(parties);
  const Bytes b = small(parties);
  const auto one = encoded::File::parse(a, "a", parties.opening());
  const auto two = encoded::File::parse(b, "b", parties.opening());
  REQUIRE(one);
  REQUIRE(two);
  CHECK(one->digest() != two->digest());
}

TEST_CASE("every truncation, a byte too many and every flipped bit is refused") {
  const samples::Parties parties;
  const Bytes whole = small(parties);
  for (std::size_t size = 0; size < whole.size(); size += size < 3000 ? 1 : kStep)
    if (refusal(ByteView(whole).first(size), parties).empty()) FAIL("cut to " << size);
  Bytes longer = whole;
  longer.push_back(0);
  CHECK(!refusal(longer, parties).empty());
  parallel_for(whole.size(), 64, [&](std::size_t begin, std::size_t end) {
    Bytes bytes = whole;
    for (std::size_t at = begin; at < end; at += kStep) {
      const unsigned bit = 1U << (at % 8);
      bytes[at] = static_cast<std::uint8_t>(whole[at] ^ bit);
      if (refusal(bytes, parties).empty()) FAIL_CHECK("byte " << at << " xor " << bit);
      bytes[at] = whole[at];
    }
  });
}

TEST_CASE("a changed front says that the signature does not hold, a changed section whose bytes") {
  const samples::Parties parties;
  Bytes bytes = small(parties);
  const std::size_t size = front_size(bytes);
  const std::string text(as_text(bytes));
  const std::size_t owner = text.find("district-7");
  bytes[owner] = 'D';
  CHECK(says(bytes, parties, "signature does not hold"));
  bytes[owner] = 'd';
  bytes[size + 3] = static_cast<std::uint8_t>(bytes[size + 3] ^ 1);
  CHECK(says(bytes, parties, "signature does not hold"));
  bytes[size + 3] = static_cast<std::uint8_t>(bytes[size + 3] ^ 1);
  bytes[size + 64 + 30] = static_cast<std::uint8_t>(bytes[size + 64 + 30] ^ 1);
  CHECK(says(bytes, parties, "entries of pass dob_last: not the bytes that its owner signed"));
}

TEST_CASE("sections of two files of one owner cannot be mixed, even signed again") {
  const samples::Parties parties;
  const Bytes a = small(parties, 7);
  const Bytes b = small(parties, 7);
  REQUIRE(a.size() == b.size());
  const auto front = encoded::decode_front(a);
  REQUIRE(front);
  const encoded::Section& first = front->sections.front().plain;
  const auto length = static_cast<std::ptrdiff_t>(seal::sealed_length(first.length));
  const auto at = static_cast<std::ptrdiff_t>(first.offset);
  Bytes mixed = a;
  std::copy_n(b.begin() + at, length, mixed.begin() + at);
  CHECK(says(mixed, parties, "not the bytes that its owner signed"));
  const auto slot = static_cast<std::ptrdiff_t>(front_size(a) -
                                                front->sections.size() * encoded::kSealedSlotBytes);
  std::copy_n(b.begin() + slot + 40, 32, mixed.begin() + slot + 40);  // the digest with it
  CHECK(says(mixed, parties, "signature does not hold"));
  CHECK(says(resigned(mixed, parties), parties, "does not open"));
}

TEST_CASE("two sections that change places do not open, even signed again") {
  // One pass with two sections of equal length would do; here the tokens of two passes.
  const samples::Parties parties;
  const Bytes whole = small(parties);
  const auto front = encoded::decode_front(whole);
  REQUIRE(front);
  const auto find = [&](std::uint16_t pass) {
    return std::ranges::find_if(front->sections, [&](const encoded::SealedSection& s) {
      return s.plain.kind == encoded::SectionKind::ssn_tokens && s.plain.pass == pass;
    });
  };
  const auto one = find(0);
  const auto two = find(1);
  REQUIRE(one != front->sections.end());
  REQUIRE(two != front->sections.end());
  if (one->plain.rows != two->plain.rows) return;  // the sample decides
  Bytes bytes = whole;
  const auto length = static_cast<std::ptrdiff_t>(seal::sealed_length(one->plain.length));
  std::swap_ranges(bytes.begin() + static_cast<std::ptrdiff_t>(one->plain.offset),
                   bytes.begin() + static_cast<std::ptrdiff_t>(one->plain.offset) + length,
                   bytes.begin() + static_cast<std::ptrdiff_t>(two->plain.offset));
  const std::size_t slots = front_size(whole) - front->sections.size() * encoded::kSealedSlotBytes;
  const auto slot = [&](auto s) {
    return bytes.begin() +
           static_cast<std::ptrdiff_t>(slots +
                                       static_cast<std::size_t>(s - front->sections.begin()) *
                                           encoded::kSealedSlotBytes +
                                       40);
  };
  std::swap_ranges(slot(one), slot(one) + 112, slot(two));  // digest and key box go along
  CHECK(says(resigned(bytes, parties), parties, "does not open"));
}

TEST_CASE("the wrong keys, or none, open nothing") {
  const samples::Parties parties;
  const Bytes bytes = small(parties);
  const auto opened = [&](encoded::Opening o) {
    const auto file = encoded::File::parse(bytes, "f", o);
    return file ? std::string() : file.error().what;
  };
  encoded::Opening o = parties.opening();
  o.entries = nullptr;
  CHECK(opened(o).find("the unit's key for entries") != std::string::npos);
  o = parties.opening();
  o.join = nullptr;
  CHECK(opened(o).find("the unit's key for join") != std::string::npos);
  const seal::KeyPair other = samples::fixed_pair(seal::Use::entries, 2);
  o = parties.opening();
  o.entries = &other;
  CHECK(opened(o).find("is sealed to another key for entries") != std::string::npos);
  o = parties.opening();
  o.trust = nullptr;
  CHECK(opened(o).find("register of owners") != std::string::npos);
}

TEST_CASE("behind a right signature, the content is held to every rule all the same") {
  const test::Scratch folder;
  const samples::Parties parties;
  reference::Content content = samples::make(samples::kSmallSchema, 3, 7);
  content.passes[0].bits[0] = static_cast<std::uint8_t>(content.passes[0].bits[0] ^ 1);
  const Bytes bytes = samples::seal_to_file(folder / "f", content, parties);
  CHECK(says(bytes, parties, "has a weight other than"));
  content = samples::make(samples::kSmallSchema, 3, 7);
  std::swap(content.records[0], content.records[1]);
  CHECK(says(samples::seal_to_file(folder / "g", content, parties), parties,
             "record keys are not sorted"));
}

TEST_CASE("every bit of a front that is signed again is refused or makes another whole file") {
  samples::Parties parties;
  const Bytes whole = small(parties);
  const std::size_t size = front_size(whole);
  std::size_t kept = 0;
  for (std::size_t at = 0; at < size; at += kStep) {
    Bytes bytes = whole;
    bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ (1U << (at % 7)));
    if (front_size(bytes) + 64 > bytes.size()) continue;  // nowhere to sign
    bytes = resigned(std::move(bytes), parties);
    const auto file = encoded::File::parse(bytes, "f", parties.opening());
    if (!file) continue;
    ++kept;
    const auto front = encoded::decode_front(bytes);
    REQUIRE(front);
    CHECK(encoded::encode_front(front->text, front->sections, bytes.size()) == front->bytes);
  }
  CHECK(kept == 0);  // the header is bound to every chunk, digests and boxes to the sections
}

TEST_CASE("keys of another use, another owner, or no file to write to are refused") {
  const test::Scratch folder;
  const samples::Parties parties;
  const reference::Content c = samples::make(samples::kSmallSchema, 3, 7);
  const auto write = [&](encoded::Sealing s, const std::string& path = "") {
    const auto done = encoded::write_sealed(path.empty() ? folder / "f" : path, c.header, c.passes,
                                            c.records, c.handles, s, {});
    return done ? ErrorCode::io : done.error().code;
  };
  encoded::Sealing s = parties.sealing();
  std::swap(s.entries, s.join);
  CHECK(write(s) == ErrorCode::usage);
  s = parties.sealing();
  s.owner = &parties.entries;
  CHECK(write(s) == ErrorCode::usage);
  const samples::Parties others("district-8");
  CHECK(write(others.sealing()) == ErrorCode::usage);
  s = parties.sealing();
  s.collection = "two words";
  CHECK(write(s) == ErrorCode::usage);
  s = parties.sealing();
  s.expires = "soon";
  CHECK(write(s) == ErrorCode::usage);
  CHECK(write(parties.sealing(), "-") == ErrorCode::usage);
  CHECK(!file_exists(folder / "f"));
  CHECK(samples::seal_to_file(folder / "p",
                              samples::purged(samples::make(samples::kSmallSchema, 3, 7)), parties)
            .empty());
}

}  // namespace sealed_test
