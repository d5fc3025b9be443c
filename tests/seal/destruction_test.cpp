#include "engine/seal/destruction.h"

#include <doctest/doctest.h>

#include "engine/core/bytes.h"

using namespace tessera;
using namespace tessera::seal;

namespace {

std::string with(std::string text, std::string_view from, std::string_view to) {
  return text.replace(text.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("a statement of destruction comes back, and no changed one does") {
  const auto random = system_random();
  const KeyPair north = new_key_pair(Use::owner, "north", *random);
  const KeyPair thief = new_key_pair(Use::owner, "north", *random);
  const std::string text = destruction_text(north, "21663cd3", "2031-01-07");
  const auto read = destruction_from_text(text, "f");
  REQUIRE(read);
  CHECK(read->owner == north.open);
  CHECK(read->check == "21663cd3");
  CHECK(read->day == "2031-01-07");
  for (const auto& [from, to] : {std::pair<std::string, std::string>{"21663cd3", "21663cd4"},
                                 {"21663cd3", "21663CD3"},
                                 {"2031-01-07", "2031-01-08"},
                                 {"2031-01-07", "2031-13-07"},
                                 {"name: north", "name: south"},
                                 {to_base64(north.open.bytes), to_base64(thief.open.bytes)},
                                 {"day: ", "Day: "}})
    CHECK_FALSE(destruction_from_text(with(text, from, to), "f"));
  for (std::size_t n = 0; n < text.size(); ++n)
    CHECK_FALSE(destruction_from_text(text.substr(0, n), "f"));
  CHECK_FALSE(destruction_from_text(text + "\n", "f"));
}
