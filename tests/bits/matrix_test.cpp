#include "engine/bits/matrix.h"

#include <algorithm>
#include <bit>
#include <set>

#include <doctest/doctest.h>

#include "tests/bits/filters.h"

using namespace tessera;
using namespace tessera::bits;

TEST_CASE("rows keep their bytes and counts, whatever the length") {
  for (const std::size_t bits : {8, 64, 72, 1000, 1024, 2048}) {
    Matrix m(3, bits);
    Bytes bytes(bits / 8);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 37 + 1);
    m.set_row(1, bytes);
    std::uint32_t want = 0;
    for (const std::uint8_t b : bytes) want += static_cast<std::uint32_t>(std::popcount(b));
    CHECK(m.count(1) == want);
    CHECK(m.count(0) == 0);
    CHECK(m.count(2) == 0);
    CHECK((m.row(0)[0] | m.row(2)[0]) == 0);
  }
}

TEST_CASE("sorting by count keeps every row once, ties in order") {
  Splitmix random(4);
  Matrix m = random_filters(random, 500, 128, 0.3);
  Matrix copy(500, 128);
  for (std::size_t i = 0; i < 500; ++i) {
    std::copy_n(m.row(i), 2, copy.row(i));
    copy.recount(i);
  }
  const Sorted s = sort_by_count(std::move(m));
  std::set<std::uint32_t> seen;
  for (std::size_t i = 0; i < 500; ++i) {
    const std::uint32_t from = s.original[i];
    CHECK(seen.insert(from).second);
    CHECK(std::equal(copy.row(from), copy.row(from) + 2, s.matrix.row(i)));
    CHECK(s.matrix.count(i) == copy.count(from));
    if (i == 0) continue;
    CHECK(s.matrix.count(i - 1) <= s.matrix.count(i));
    if (s.matrix.count(i - 1) == s.matrix.count(i)) CHECK(s.original[i - 1] < from);
  }
}

TEST_CASE("a fold never differs in more bits than the filters do, and is linear") {
  Splitmix random(5);
  for (std::size_t words = 1; words <= 33; ++words)
    for (std::size_t width = 1; width <= words; ++width) {
      const auto a = random_words(random, words, 0.4);
      const auto b = random_words(random, words, 0.4);
      std::vector<std::uint64_t> both(words), fa(width), fb(width), fboth(width);
      std::uint32_t ham = 0;
      for (std::size_t k = 0; k < words; ++k) {
        both[k] = a[k] ^ b[k];
        ham += static_cast<std::uint32_t>(std::popcount(both[k]));
      }
      fold(a.data(), words, width, fa.data());
      fold(b.data(), words, width, fb.data());
      fold(both.data(), words, width, fboth.data());
      std::uint32_t folded = 0;
      for (std::size_t k = 0; k < width; ++k) {
        CHECK((fa[k] ^ fb[k]) == fboth[k]);
        folded += static_cast<std::uint32_t>(std::popcount(fboth[k]));
      }
      CHECK(folded <= ham);
      if (width == words) CHECK(folded == ham);
    }
}
