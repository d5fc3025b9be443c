// A slab gives back the rows it was packed from, and nothing of another size opens as one.
#include "engine/registry/slab.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "engine/core/random.h"

using namespace tessera;
using namespace tessera::registry;

namespace {

// Sorted rows whose tags repeat, as blocks do.
encoded::PassColumns rows_of(std::uint32_t rows, std::uint32_t stride, bool tokens) {
  Splitmix numbers{rows * 1000 + stride};
  encoded::PassColumns out;
  out.stride = stride;
  for (std::uint32_t r = 0; r < rows; ++r) {
    encoded::Tag tag{};
    tag[0] = static_cast<std::uint8_t>(numbers.next() % 5 * 50);
    tag[15] = static_cast<std::uint8_t>(numbers.next() % 2);
    out.tags.push_back(tag);
    out.handles.push_back(numbers.next());
    out.presence.push_back(static_cast<std::uint16_t>(numbers.next()));
    for (std::uint32_t b = 0; b < stride; ++b)
      out.bits.push_back(static_cast<std::uint8_t>(numbers.next()));
    if (tokens) out.ssn_tokens.push_back(static_cast<std::uint16_t>(numbers.next()));
  }
  out.sort();
  return out;
}

ByteView bytes_of(const std::vector<std::uint16_t>& tokens) {
  return {reinterpret_cast<const std::uint8_t*>(tokens.data()), tokens.size() * 2};
}

}  // namespace

TEST_CASE("a slab gives back its rows, whole and in part") {
  for (const std::uint32_t rows : {1U, 2U, 17U, 300U})
    for (const std::uint32_t stride : {0U, 1U, 64U, 88U})
      for (const bool tokens : {false, true}) {
        CAPTURE(rows);
        CAPTURE(stride);
        const encoded::PassColumns in = rows_of(rows, stride, tokens);
        const Bytes body = pack_slab(in.view());
        const auto slab = SlabView::open(body, bytes_of(in.ssn_tokens), rows, stride);
        REQUIRE(slab.has_value());
        encoded::PassColumns out;
        out.stride = stride;
        slab->append(0, rows / 2, out);
        slab->append(rows / 2, rows, out);
        CHECK(out.tags == in.tags);
        CHECK(out.handles == in.handles);
        CHECK(out.presence == in.presence);
        CHECK(out.bits == in.bits);
        CHECK(out.ssn_tokens == in.ssn_tokens);
        CHECK(slab->tag(rows - 1) == in.tags.back());
        CHECK(slab->handle(rows - 1) == in.handles.back());
      }
}

TEST_CASE("the search for a tag is std::lower_bound's") {
  const encoded::PassColumns in = rows_of(200, 8, false);
  const Bytes body = pack_slab(in.view());
  const auto slab = SlabView::open(body, {}, 200, 8);
  REQUIRE(slab.has_value());
  for (int first = 0; first < 256; first += 5)
    for (const std::uint8_t last : {std::uint8_t{0}, std::uint8_t{1}, std::uint8_t{2}})
      for (const std::uint32_t from : {0U, 60U, 200U}) {
        encoded::Tag tag{};
        tag[0] = static_cast<std::uint8_t>(first);
        tag[15] = last;
        const auto expected =
            std::lower_bound(in.tags.begin() + from, in.tags.end(), tag) - in.tags.begin();
        CHECK(slab->lower_bound(tag, from) == expected);
      }
}

TEST_CASE("what is not of the size its rows ask for does not open") {
  const encoded::PassColumns in = rows_of(20, 8, true);
  const Bytes body = pack_slab(in.view());
  const ByteView tokens = bytes_of(in.ssn_tokens);
  CHECK(SlabView::open(body, tokens, 20, 8).has_value());
  CHECK(!SlabView::open(body, tokens, 0, 8).has_value());
  CHECK(!SlabView::open(body, tokens, 19, 8).has_value());
  CHECK(!SlabView::open(body, tokens, 20, 9).has_value());
  CHECK(!SlabView::open(ByteView(body).first(body.size() - 1), tokens, 20, 8).has_value());
  CHECK(!SlabView::open(body, tokens.first(tokens.size() - 2), 20, 8).has_value());
}

TEST_CASE("two full slabs fill a page, at any stride that a schema allows") {
  for (std::uint32_t stride = 16; stride <= 1024; stride += 16) {
    const std::uint32_t rows = slab_rows(stride);
    CHECK(rows >= 16);
    CHECK(rows <= 512);
    if (rows > 16) CHECK(2 * rows * (16 + 8 + 2 + stride) <= 65'536);
  }
}
