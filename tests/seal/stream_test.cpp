// A sealed section opens whole, in its place, for its reader; else not at all.
#include "engine/seal/stream.h"

#include <algorithm>

#include <doctest/doctest.h>

using namespace tessera;
using namespace tessera::seal;

namespace {

struct Sealed {
  KeyBox box{};
  Bytes bytes;
};

Bytes numbered(std::size_t size) {
  Bytes out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>(i * 7 + (i >> 8));
  return out;
}

Sealed seal_it(const KeyPair& to, const Bytes& plain, std::size_t piece = 1000,
               Bytes bound = {1, 2}) {
  Sealed out;
  SectionSealer sealer(to.open.bytes, std::move(bound), plain.size(),
                       [&](ByteView b) { out.bytes.insert(out.bytes.end(), b.begin(), b.end()); });
  for (std::size_t at = 0; at < plain.size(); at += piece)
    sealer.add(ByteView(plain).subspan(at, std::min(piece, plain.size() - at)));
  sealer.finish();
  out.box = sealer.box();
  return out;
}

bool opens(const Sealed& s, const KeyPair& pair, const Bytes& plain, const Bytes& bound = {1, 2}) {
  const auto key = open_box(s.box, pair);
  if (!key) return false;
  Bytes out(plain.size());
  return open_section(*key, bound, s.bytes, out) && out == plain;
}

}  // namespace

TEST_CASE("any length comes back, whatever the pieces") {
  const auto random = system_random();
  const KeyPair unit = new_key_pair(Use::entries, "unit", *random);
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, kChunk - 1, kChunk, kChunk + 1, 2 * kChunk, 3 * kChunk + 5})
    for (const std::size_t piece : {std::size_t{977}, kChunk, 5 * kChunk}) {
      const Bytes plain = numbered(size);
      const Sealed s = seal_it(unit, plain, piece);
      CHECK(s.bytes.size() == sealed_length(size));
      CHECK(opens(s, unit, plain));
    }
}

TEST_CASE("another key, another place, or changed bytes do not open") {
  const auto random = system_random();
  const KeyPair unit = new_key_pair(Use::entries, "unit", *random);
  const KeyPair other = new_key_pair(Use::entries, "unit", *random);
  const Bytes plain = numbered(kChunk + 100);
  const Sealed s = seal_it(unit, plain);
  CHECK(!opens(s, other, plain));
  CHECK(!opens(s, unit, plain, {1, 3}));
  for (const std::size_t at :
       {std::size_t{0}, kStreamHead, kStreamHead + kChunk + 5, s.bytes.size() - 1}) {
    Sealed bent = s;
    bent.bytes[at] = static_cast<std::uint8_t>(bent.bytes[at] ^ 4);
    CHECK(!opens(bent, unit, plain));
  }
  for (std::size_t i = 0; i < kBoxBytes; ++i) {
    Sealed bent = s;
    bent.box[i] = static_cast<std::uint8_t>(bent.box[i] ^ 1);
    CHECK(!opens(bent, unit, plain));
  }
}

TEST_CASE("chunks left out, repeated or in another order do not open") {
  const auto random = system_random();
  const KeyPair unit = new_key_pair(Use::join, "unit", *random);
  const Bytes plain = numbered(3 * kChunk);
  const Sealed s = seal_it(unit, plain);
  constexpr std::size_t kWhole = kChunk + kChunkExtra;
  Sealed swapped = s;
  std::swap_ranges(swapped.bytes.begin() + kStreamHead,
                   swapped.bytes.begin() + kStreamHead + kWhole,
                   swapped.bytes.begin() + kStreamHead + kWhole);
  CHECK(!opens(swapped, unit, plain));
  Sealed cut = s;
  cut.bytes.resize(cut.bytes.size() - kWhole);
  CHECK(!opens(cut, unit, numbered(2 * kChunk)));  // the last chunk says that it is
  Sealed twice = s;
  std::copy_n(s.bytes.begin() + kStreamHead, kWhole, twice.bytes.begin() + kStreamHead + kWhole);
  CHECK(!opens(twice, unit, plain));
  CHECK(!opens(s, unit, numbered(3 * kChunk - 1)));
}

TEST_CASE("two sealings of one section share nothing") {
  const auto random = system_random();
  const KeyPair unit = new_key_pair(Use::entries, "unit", *random);
  const Bytes plain = numbered(100);
  const Sealed a = seal_it(unit, plain);
  const Sealed b = seal_it(unit, plain);
  CHECK(a.box != b.box);
  CHECK(!std::equal(a.bytes.begin(), a.bytes.begin() + 64, b.bytes.begin()));
  Sealed mixed = a;
  mixed.box = b.box;
  CHECK(!opens(mixed, unit, plain));
}

TEST_CASE("a stream's length tells how much it holds, or that it is none") {
  for (const std::uint64_t plain : {0UL, 1UL, 65'535UL, 65'536UL, 65'537UL, 200'000UL})
    CHECK(plain_length(sealed_length(plain)) == plain);
  CHECK(!plain_length(0));
  CHECK(!plain_length(sealed_length(0) - 1));
  CHECK(!plain_length(sealed_length(65'536) + 1));  // a second chunk of less than a seal
}

TEST_CASE("under a key that the caller keeps") {
  Secret<32> key;
  std::ranges::fill(key.fill(), std::uint8_t{7});
  Bytes sealed;
  SectionSealer sealer(key, Bytes{1, 2}, 3,
                       [&](ByteView b) { sealed.insert(sealed.end(), b.begin(), b.end()); });
  sealer.add(as_bytes(std::string_view("abc")));
  sealer.finish();
  REQUIRE(plain_length(sealed.size()) == 3);
  Bytes out(3);
  CHECK(open_section(key, Bytes{1, 2}, sealed, out));
  CHECK(as_text(out) == "abc");
  CHECK(!open_section(key, Bytes{1, 3}, sealed, out));
}
