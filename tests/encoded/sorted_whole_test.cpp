#include "engine/encoded/sorted_whole.h"

#include <algorithm>
#include <tuple>

#include <doctest/doctest.h>

#include "engine/core/parallel.h"
#include "engine/core/random.h"

using namespace tessera;
using namespace tessera::encoded;

namespace {

using Row = std::tuple<Tag, Handle, std::uint16_t, std::vector<std::uint8_t>, std::uint16_t>;

void append_rows(const PassColumns& c, std::vector<Row>& out) {
  for (std::size_t i = 0; i < c.tags.size(); ++i) {
    const auto row = c.view().bits.subspan(i * c.stride, c.stride);
    out.emplace_back(c.tags[i], c.handles[i], c.presence[i],
                     std::vector<std::uint8_t>(row.begin(), row.end()),
                     c.ssn_tokens.empty() ? std::uint16_t{0} : c.ssn_tokens[i]);
  }
}

PassColumns draw(std::size_t rows, bool tokens, Splitmix& random) {
  PassColumns c;
  c.stride = 8;
  for (std::size_t i = 0; i < rows; ++i) {
    Tag tag{};
    tag[0] = static_cast<std::uint8_t>(random.below(256));
    tag[15] = static_cast<std::uint8_t>(random.below(3));
    c.tags.push_back(tag);
    c.handles.push_back(random.next());
    c.presence.push_back(static_cast<std::uint16_t>(random.next()));
    for (int b = 0; b < 8; ++b) c.bits.push_back(static_cast<std::uint8_t>(random.next() >> 9));
    if (tokens) c.ssn_tokens.push_back(static_cast<std::uint16_t>(random.next()));
  }
  return c;
}

}  // namespace

TEST_CASE("parts become the rows of all of them in order, for any number of threads") {
  Splitmix random(4);
  for (const bool tokens : {false, true}) {
    std::vector<PassColumns> parts;
    for (const std::size_t rows : {700U, 0U, 1U, 40000U})
      parts.push_back(draw(rows, tokens, random));
    std::vector<const PassColumns*> views;
    std::vector<Row> expected;
    for (const PassColumns& p : parts) {
      views.push_back(&p);
      append_rows(p, expected);
    }
    std::ranges::sort(expected);  // (tag, handle) first
    for (const std::size_t n : {1U, 4U}) {
      set_threads(n);
      const PassColumns whole = sorted_whole(views);
      std::vector<Row> rows;
      append_rows(whole, rows);
      CHECK(whole.stride == 8);
      CHECK(whole.ssn_tokens.size() == (tokens ? expected.size() : 0));
      CHECK(rows == expected);
    }
  }
  set_threads(0);
}

TEST_CASE("no parts, no rows") { CHECK(sorted_whole({}).tags.empty()); }
