#include "engine/clk/filter.h"

#include <doctest/doctest.h>

using namespace tessera;
using namespace tessera::clk;

TEST_CASE("merging is OR, for any number of words and masks") {
  std::uint64_t state = 7;
  const auto random = [&] {
    return state = state * 6364136223846793005ULL + 1442695040888963407ULL;
  };
  for (std::size_t words = 0; words < 70; ++words)
    for (std::size_t n = 0; n < 4; ++n) {
      std::vector<std::vector<std::uint64_t>> masks(n, std::vector<std::uint64_t>(words));
      std::vector<std::uint64_t> got(words);
      for (auto& word : got) word = random() & random() & random();
      std::vector<std::uint64_t> want = got;
      std::vector<const std::uint64_t*> places;
      for (auto& mask : masks) {
        for (std::size_t i = 0; i < words; ++i) want[i] |= mask[i] = random() & random() & random();
        places.push_back(mask.data());
      }
      merge(got.data(), places, words);
      CHECK_MESSAGE(got == want, words, " words, ", n, " masks");
    }
}

TEST_CASE("folding is XOR of halves, by bytes and by bits alike") {
  Bytes x(16);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<std::uint8_t>(i * 37 + 11);
  for (const std::uint64_t bits : {128, 120, 100, 36, 4, 2}) {
    Bytes got = x;
    for (std::uint64_t p = bits; p < 128; ++p)
      got[p / 8] = static_cast<std::uint8_t>(got[p / 8] & ~(0x80U >> (p % 8)));
    const Bytes before = got;
    fold_bits(got.data(), bits, 1);
    for (std::uint64_t p = 0; p < 128; ++p) {
      const auto bit = [](const Bytes& b, std::uint64_t at) {
        return (b[at / 8] >> (7 - at % 8)) & 1U;
      };
      const unsigned want = p < bits / 2 ? bit(before, p) ^ bit(before, p + bits / 2) : 0U;
      CHECK_MESSAGE(bit(got, p) == want, bits, " ", p);
    }
  }
}

TEST_CASE("base64 is the standard one for every length") {
  for (std::size_t n = 0; n < 200; ++n) {
    Bytes b(n);
    for (std::size_t i = 0; i < n; ++i) b[i] = static_cast<std::uint8_t>(i * 73 + 250);
    std::string out = "x";
    append_base64(b, out);
    CHECK(out == "x" + to_base64(b));
  }
}
