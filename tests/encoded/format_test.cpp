// The order of a pass, and names of what is persisted.
#include "engine/encoded/format.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <vector>

#include <doctest/doctest.h>

#include "engine/core/parallel.h"
#include "engine/core/random.h"

using namespace tessera;
using namespace tessera::encoded;

namespace {

using Row = std::tuple<Tag, Handle, std::uint16_t, std::vector<std::uint8_t>, std::uint16_t>;

std::vector<Row> rows_of(const PassColumns& c) {
  std::vector<Row> out;
  for (std::size_t i = 0; i < c.tags.size(); ++i)
    out.emplace_back(
        c.tags[i], c.handles[i], c.presence[i],
        std::vector<std::uint8_t>(c.bits.begin() + static_cast<std::ptrdiff_t>(i * c.stride),
                                  c.bits.begin() + static_cast<std::ptrdiff_t>((i + 1) * c.stride)),
        c.ssn_tokens.empty() ? std::uint16_t{0} : c.ssn_tokens[i]);
  return out;
}

PassColumns draw(std::size_t n, bool tokens, std::uint64_t seed) {
  Splitmix random(seed);
  PassColumns c;
  c.stride = 16;
  for (std::size_t i = 0; i < n; ++i) {
    Tag tag{};  // few values at either end: ties, and differences in each half
    tag[0] = static_cast<std::uint8_t>(random.below(3) * 100);
    tag[7] = static_cast<std::uint8_t>(random.below(2));
    tag[8] = static_cast<std::uint8_t>(random.below(2) * 200);
    tag[15] = static_cast<std::uint8_t>(random.below(3));
    c.tags.push_back(tag);
    c.handles.push_back(random.next());
    c.presence.push_back(static_cast<std::uint16_t>(random.next()));
    for (std::size_t b = 0; b < c.stride; ++b)
      c.bits.push_back(static_cast<std::uint8_t>(random.next()));
    if (tokens) c.ssn_tokens.push_back(static_cast<std::uint16_t>(random.next()));
  }
  return c;
}

}  // namespace

TEST_CASE("sort() orders whole rows by tag and handle, for any number of threads") {
  for (const std::size_t n : {0, 1, 2, 500, 70000})
    for (const bool tokens : {false, true}) {
      const PassColumns drawn = draw(n, tokens, n);
      std::vector<Row> expected = rows_of(drawn);
      std::sort(expected.begin(), expected.end());
      for (const std::size_t threads : {1, 3}) {
        set_threads(threads);
        PassColumns c = drawn;
        c.sort();
        CHECK(rows_of(c) == expected);
      }
    }
  set_threads(0);
}

TEST_CASE("names of populations, states and protections are for ever") {
  CHECK(name_of(Population::student) == "student");
  CHECK(name_of(Population::staff) == "staff");
  CHECK(name_of(Population::college) == "college");
  CHECK(name_of(Population::wage) == "wage");
  for (const Population p :
       {Population::student, Population::staff, Population::college, Population::wage})
    CHECK(population_named(name_of(p)) == p);
  CHECK(!population_named("Student"));
  CHECK(!population_named(""));
  for (const Protection p : {Protection::trial, Protection::oprf})
    CHECK(protection_named(name_of(p)) == p);
  CHECK(!protection_named("none"));
  CHECK(name_of(SsnState::provided) == "provided");
  CHECK(name_of(SsnState::declined) == "declined");
  CHECK(name_of(SsnState::not_asked) == "not asked");
  CHECK(name_of(SsnState::not_available) == "not available");
  CHECK(name_of(SsnState::purged) == "purged");
}
