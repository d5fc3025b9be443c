#include "engine/oprf/bundle.h"

#include <doctest/doctest.h>

using namespace tessera;
using namespace tessera::oprf;

namespace {

Bundle some() {
  Bundle b{Bundle::Kind::answers, {}, {Bytes{1, 2, 3}, Bytes{}, Bytes(300, 7)}};
  b.session.fill(4);
  return b;
}

}  // namespace

TEST_CASE("a bundle comes back whole") {
  const Bundle b = some();
  const auto back = read_bundle(to_bytes(b), Bundle::Kind::answers, Tail::strict);
  REQUIRE(back);
  CHECK(back->session == b.session);
  CHECK(back->messages == b.messages);
}

TEST_CASE("requests are not answers") {
  const Bytes bytes = to_bytes(some());
  CHECK_FALSE(read_bundle(bytes, Bundle::Kind::requests, Tail::strict));
}

TEST_CASE("cut short: refused, or taken up to the last whole message") {
  const Bundle b = some();
  const Bytes bytes = to_bytes(b);
  std::size_t at = bytes.size() - 1;
  for (; at > 40 + 7 + 4; --at) {
    CHECK_FALSE(read_bundle(ByteView(bytes).first(at), Bundle::Kind::answers, Tail::strict));
    const auto part =
        read_bundle(ByteView(bytes).first(at), Bundle::Kind::answers, Tail::broken_off);
    REQUIRE(part);
    CHECK(part->messages.size() == 2);
  }
  CHECK_FALSE(read_bundle(ByteView(bytes).first(39), Bundle::Kind::answers, Tail::broken_off));
}

TEST_CASE("a length that no message has is refused") {
  Bytes bytes = bundle_head(Bundle::Kind::requests, Session{});
  append_message(bytes, Bytes(4 << 20, 1));
  CHECK_FALSE(read_bundle(bytes, Bundle::Kind::requests, Tail::strict));
}
