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

TEST_CASE("rows taken piece by piece are the rows of the whole") {
  Splitmix random(6);
  std::vector<PassColumns> parts;
  for (const std::size_t rows : {30U, 0U, 500U}) parts.push_back(draw(rows, true, random));
  std::vector<const PassColumns*> views;
  for (const PassColumns& p : parts) views.push_back(&p);
  const PassColumns whole = sorted_whole(views);
  const SortedRows rows(views);
  REQUIRE(rows.size() == 530);
  for (const std::size_t piece : {1U, 7U, 529U, 530U}) {
    PassColumns met;
    for (std::size_t begin = 0; begin < rows.size(); begin += piece) {
      const std::size_t n = std::min(piece, rows.size() - begin);
      met.tags.resize(begin + n);
      met.handles.resize(begin + n);
      met.presence.resize(begin + n);
      met.ssn_tokens.resize(begin + n);
      met.bits.resize((begin + n) * rows.stride());
      rows.tags(begin, std::span(met.tags).subspan(begin));
      rows.handles(begin, std::span(met.handles).subspan(begin));
      rows.presence(begin, std::span(met.presence).subspan(begin));
      rows.ssn_tokens(begin, std::span(met.ssn_tokens).subspan(begin));
      rows.bits(begin, std::span(met.bits).subspan(begin * rows.stride()));
    }
    CHECK(met.tags == whole.tags);
    CHECK(met.handles == whole.handles);
    CHECK(met.presence == whole.presence);
    CHECK(met.ssn_tokens == whole.ssn_tokens);
    CHECK(met.bits == whole.bits);
  }
}

TEST_CASE("first halves compare as the bytes do") {
  Splitmix random(7);
  for (int i = 0; i < 200; ++i) {
    Tag a{}, b{};
    for (Tag* t : {&a, &b}) (*t)[random.below(9)] = static_cast<std::uint8_t>(random.below(3));
    const bool less =
        std::lexicographical_compare(a.begin(), a.begin() + 8, b.begin(), b.begin() + 8);
    CHECK((first_half(a) < first_half(b)) == less);
  }
}

TEST_CASE("no parts, no rows") { CHECK(sorted_whole({}).tags.empty()); }
