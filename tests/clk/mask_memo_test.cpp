#include "engine/clk/mask_memo.h"

#include <doctest/doctest.h>

using namespace tessera::clk;

TEST_CASE("masks are found by their text, as many as the budget allows") {
  for (const std::string more : {"", "a long key that needs a hash "}) {
    MaskMemo memo(2, 64 * 1000);
    std::vector<const std::uint64_t*> kept;
    for (std::uint64_t i = 0; i < 5000; ++i) {
      const std::uint64_t mask[2] = {i, ~i};
      const std::string key = more + "key " + std::to_string(i);
      CHECK(memo.find(key) == nullptr);
      if (!memo.full()) kept.push_back(memo.keep(key, mask));
    }
    CHECK(kept.size() > 500);
    CHECK(kept.size() < 1000);
    for (std::uint64_t i = 0; i < kept.size(); ++i) {
      CHECK(memo.find(more + "key " + std::to_string(i)) == kept[i]);  // it has not moved
      CHECK(kept[i][0] == i);
      CHECK(kept[i][1] == ~i);
    }
  }
}

TEST_CASE("a memo without room learns nothing") {
  const MaskMemo memo(1 << 18, 1 << 20);
  CHECK(memo.full());
  CHECK(memo.find("a") == nullptr);
}

TEST_CASE("short keys tell all texts of up to 15 bytes apart") {
  // Texts of one letter but for one place, of two letters, and repeats: every way in which bytes
  // could be mistaken for others, or a size for a byte.
  std::vector<std::string> texts{""};
  for (std::size_t n = 1; n <= ShortKey::kLongest; ++n)
    for (const char base : {'a', '\0', '\x0f', '\xff'}) {
      texts.emplace_back(n, base);
      for (std::size_t at = 0; at < n; ++at)
        for (const char other : {'b', '\x08', '\x09', '\x80'}) {
          texts.emplace_back(n, base);
          texts.back()[at] = other;
        }
    }
  for (std::size_t i = 0; i < texts.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      CHECK((ShortKey::of(texts[i]) == ShortKey::of(texts[j])) == (texts[i] == texts[j]));
}

TEST_CASE("short memos find all of many keys, colliding ones too") {
  ShortMemo memo(1, 1 << 20);
  const auto key = [](std::uint64_t k) { return ShortKey{k % 7, k << 32}; };
  for (std::uint64_t k = 1; k < 3000; ++k) {
    CHECK(memo.find(key(k)) == nullptr);
    CHECK(*memo.keep(key(k), &k) == k);
  }
  for (std::uint64_t k = 1; k < 3000; ++k) CHECK(*memo.find(key(k)) == k);
}
