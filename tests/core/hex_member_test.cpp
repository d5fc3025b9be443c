#include "engine/core/hex_member.h"

#include <array>

#include <doctest/doctest.h>

namespace tessera {
namespace {

TEST_CASE("a member in hexadecimal fills its bytes, or leaves them as they are") {
  const auto value =
      json::parse(R"({"good":"0aFF","long":"0aff00","none":7,"odd":"0af","text":"zz00"})", "test");
  REQUIRE(value);
  std::array<std::uint8_t, 2> out{1, 2};
  for (const char* name : {"long", "none", "odd", "text", "absent"}) {
    CHECK_FALSE(hex_member(*value, name, out));
    CHECK(out == std::array<std::uint8_t, 2>{1, 2});
  }
  CHECK(hex_member(*value, "good", out));
  CHECK(out == std::array<std::uint8_t, 2>{0x0a, 0xff});
}

}  // namespace
}  // namespace tessera
