// The index of handles against a map: random handles, crowded buckets, and handles not there.
#include "engine/encoded/handle_index.h"

#include <map>

#include <doctest/doctest.h>

#include "engine/core/random.h"

using namespace tessera;
using encoded::HandleIndex;

namespace {

void check_against_map(const std::map<encoded::Handle, std::uint32_t>& known) {
  std::vector<encoded::JoinHandle> sorted;
  for (const auto& [handle, record] : known) sorted.push_back({handle, record});
  const HandleIndex index(sorted);
  for (std::size_t i = 0; i < sorted.size(); ++i)
    if (index.find(sorted[i].handle) != i) FAIL("handle " << i << " is not found");
  for (const auto& [handle, record] : known)
    for (const encoded::Handle near : {handle - 1, handle + 1, ~handle})
      if (!known.contains(near) && index.find(near) != HandleIndex::kNone) FAIL("found a stranger");
  for (const encoded::Handle edge : {encoded::Handle{0}, ~encoded::Handle{0}})
    CHECK((index.find(edge) != HandleIndex::kNone) == known.contains(edge));
}

}  // namespace

TEST_CASE("random handles") {
  for (const std::size_t n : {0, 1, 2, 3, 4, 7, 8, 100, 5000}) {
    Splitmix random(n);
    std::map<encoded::Handle, std::uint32_t> known;
    for (std::size_t i = 0; i < n; ++i) known[random.next()] = static_cast<std::uint32_t>(i);
    check_against_map(known);
  }
}

TEST_CASE("handles that crowd one bucket, or stand at the ends") {
  std::map<encoded::Handle, std::uint32_t> known;
  for (std::uint32_t i = 0; i < 3000; ++i) known[i * 2] = i;
  check_against_map(known);
  std::map<encoded::Handle, std::uint32_t> high;
  for (std::uint32_t i = 0; i < 3000; ++i) high[~encoded::Handle{i}] = i;
  check_against_map(high);
  check_against_map({{0, 0}, {~encoded::Handle{0}, 1}});
  CHECK(HandleIndex().find(1) == HandleIndex::kNone);
}
