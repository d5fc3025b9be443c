#include "engine/seal/box.h"

#include <doctest/doctest.h>

#include "tests/encoded/sealed_sample.h"

using namespace tessera;

TEST_CASE("a box opens for its key alone, whole") {
  const seal::KeyPair to = samples::fixed_pair(seal::Use::entries, 1);
  const seal::KeyPair other = samples::fixed_pair(seal::Use::entries, 2);
  for (const std::size_t size : {0U, 1U, 40U, 200U}) {
    const Bytes plain(size, 7);
    Bytes box(size + seal::kBoxExtra);
    Bytes again(size + seal::kBoxExtra);
    seal::seal_box(to.open.bytes, plain, box);
    seal::seal_box(to.open.bytes, plain, again);
    CHECK(box != again);
    Bytes out(size);
    REQUIRE(seal::open_box(box, to, out));
    CHECK(out == plain);
    CHECK_FALSE(seal::open_box(box, other, out));
    CHECK_FALSE(seal::open_box(ByteView(box).first(box.size() - 1), to, out));
    for (std::size_t i = 0; i < box.size(); ++i) {
      Bytes bent = box;
      bent[i] ^= 1;
      CHECK_FALSE(seal::open_box(bent, to, out));
    }
  }
}
