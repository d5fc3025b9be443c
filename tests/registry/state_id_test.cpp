#include "engine/registry/state_id.h"

#include <array>
#include <set>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace tessera;
using namespace tessera::registry;

TEST_CASE("every wrong digit and every swap of neighbours is noticed") {
  const auto random = seeded_random(5);
  for (int n = 0; n < 300; ++n) {
    const std::string id = to_text(draw_state_id(*random));
    REQUIRE(parse_state_id(id));
    for (std::size_t i = 0; i < id.size(); ++i)
      for (char d = '0'; d <= '9'; ++d) {
        std::string wrong = id;
        wrong[i] = d;
        CHECK(parse_state_id(wrong).has_value() == (wrong == id));
      }
    for (std::size_t i = 0; i + 1 < id.size(); ++i) {
      std::string wrong = id;
      std::swap(wrong[i], wrong[i + 1]);
      CHECK(parse_state_id(wrong).has_value() == (wrong == id));
    }
  }
}

TEST_CASE("R4: an ID has ten digits, no leading zero, and no meaning in any place") {
  const auto random = seeded_random(9);
  std::array<std::array<int, 10>, 10> counts{};
  std::set<StateId> seen;
  constexpr int kDraws = 20'000;
  for (int n = 0; n < kDraws; ++n) {
    const std::string id = to_text(draw_state_id(*random));
    REQUIRE(id.size() == 10);
    REQUIRE(id[0] != '0');
    seen.insert(*parse_state_id(id));
    for (std::size_t i = 0; i < 10; ++i) ++counts[i][static_cast<std::size_t>(id[i] - '0')];
  }
  CHECK(seen.size() > kDraws - 5);  // about one pair in 4.5 expected by chance
  for (std::size_t i = 0; i < 10; ++i) {
    const std::size_t first = i == 0 ? 1 : 0;
    const double expected = kDraws / (10.0 - static_cast<double>(first));
    double chi = 0;
    for (std::size_t d = first; d < 10; ++d)
      chi += (counts[i][d] - expected) * (counts[i][d] - expected) / expected;
    CHECK(chi < 40);  // 9 degrees of freedom: one chance in 100,000
  }
}

TEST_CASE("what people type is read, and what is wrong is said without repeating it") {
  const std::string id = to_text(draw_state_id(*seeded_random(3)));
  CHECK(*parse_state_id(id.substr(0, 3) + "-" + id.substr(3, 3) + " " + id.substr(6)) ==
        *parse_state_id(id));
  for (const std::string& bad :
       {std::string("12345"), std::string("12345abcde"), "0" + id.substr(1), id + "1"}) {
    const auto parsed = parse_state_id(bad);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == ErrorCode::usage);
    CHECK(parsed.error().what.find(bad) == std::string::npos);
  }
}
