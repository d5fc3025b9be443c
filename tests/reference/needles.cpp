#include "tests/reference/needles.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <unordered_map>

#include <doctest/doctest.h>

namespace tessera::test {
namespace {

std::uint64_t head_of(const char* at) {
  std::uint64_t head = 0;
  std::memcpy(&head, at, sizeof head);
  return head;
}
std::size_t slot_of(std::uint64_t head) {
  return static_cast<std::size_t>((head * 0x9e3779b97f4a7c15ULL) >> 44);
}

}  // namespace

std::size_t found_in(std::string_view bytes, const std::vector<std::string>& needles) {
  std::vector<char> maybe(std::size_t{1} << 20);  // most places end at this filter
  std::unordered_multimap<std::uint64_t, std::size_t> by_head;
  for (std::size_t i = 0; i < needles.size(); ++i) {
    REQUIRE(needles[i].size() >= sizeof(std::uint64_t));
    const std::uint64_t head = head_of(needles[i].data());
    maybe[slot_of(head)] = 1;
    by_head.emplace(head, i);
  }
  std::vector<bool> found(needles.size());
  const char* const data = bytes.data();
  const char* const filter = maybe.data();
  for (std::size_t at = 0; at + sizeof(std::uint64_t) <= bytes.size(); ++at) {
    const std::uint64_t head = head_of(data + at);
    if (filter[slot_of(head)] == 0) continue;
    const auto [first, last] = by_head.equal_range(head);
    for (auto it = first; it != last; ++it)
      if (!found[it->second] && bytes.substr(at).starts_with(needles[it->second]))
        found[it->second] = true;
  }
  return static_cast<std::size_t>(std::ranges::count(found, true));
}

}  // namespace tessera::test

TEST_CASE("the search for many byte strings finds what a search for each one finds") {
  const std::string text = "abcdefghijklmnopqrstuvwxyzabcdefgh-abcdefghi";
  std::vector<std::string> needles = {
      "abcdefgh",   "abcdefghi", "abcdefgh-",   "abcdefghj",          "uvwxyzab",
      "-abcdefghi", "12345678",  "-abcdefghij", "abcdefgh-abcdefghi", "abcdefgh"};
  std::size_t one_by_one = 0;
  for (const std::string& n : needles) one_by_one += text.find(n) != text.npos ? 1 : 0;
  CHECK(tessera::test::found_in(text, needles) == one_by_one);
  CHECK(one_by_one == 7);
  CHECK(tessera::test::found_in("short", needles) == 0);
}
