// Handles in a body: back as they went, or refused.
#include "engine/slips/handle_list.h"

#include <doctest/doctest.h>

namespace handle_list_test {

using namespace tessera;

TEST_CASE("handles come back, and what follows them is left") {
  Bytes bytes;
  slips::append_handles({1, 7, UINT64_MAX}, bytes);
  slips::append_handles({5}, bytes);
  CHECK(bytes.size() == 32);
  ByteView left(bytes);
  CHECK(*slips::take_handles(left, 3) == std::vector<encoded::Handle>{1, 7, UINT64_MAX});
  CHECK(left.size() == 8);
  CHECK(slips::take_handles(left, 0)->empty());
  CHECK(*slips::take_handles(left, 1) == std::vector<encoded::Handle>{5});
  CHECK(left.empty());
}

TEST_CASE("too few, unsorted and repeated handles are refused") {
  for (const std::vector<encoded::Handle>& bad :
       {std::vector<encoded::Handle>{2, 1}, {2, 2}, {1}}) {
    Bytes bytes;
    slips::append_handles(bad, bytes);
    ByteView left(bytes);
    CHECK(slips::take_handles(left, 2).error().code == ErrorCode::format);
  }
  ByteView none;
  CHECK_FALSE(slips::take_handles(none, UINT64_MAX / 8 + 1));
}

}  // namespace handle_list_test
