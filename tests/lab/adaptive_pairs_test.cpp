#include "engine/lab/adaptive_pairs.h"

#include <doctest/doctest.h>

#include "engine/schema/adaptive.h"
#include "engine/schema/key_part.h"

namespace tessera::lab {

TEST_CASE("a pair of columns is common where the schema says it of their codes") {
  schema::Schema s = *schema::load("default");
  schema::Pass pass;
  pass.key = {*schema::parse_key_part("phonetic(first&last)", s)};
  pass.adaptive = {*schema::parse_key_part("month(dob)", s), "month(dob)", 1000};
  const std::size_t first = pass.key[0].fields[0], last = pass.key[0].fields[1];
  s.common_names = {
      {500'000, {{first, {{"A100", 90000}, {"B200", 20000}}}, {last, {{"C300", 30000}}}}},
      {500'000, {{first, {{"C300", 50000}}}, {last, {{"B200", 60000}, {"C300", 1}}}}}};
  const std::vector<std::string> codes{"A100", "B200", "C300", "D400"};
  const AdaptivePairs pairs(s, pass, codes);
  int common = 0;
  for (std::size_t x = 0; x < codes.size(); ++x)
    for (std::size_t y = 0; y < codes.size(); ++y) {
      CHECK(pairs.common(x, y) ==
            schema::is_common(*pass.adaptive,
                              schema::share_of_pair(s, pass.key[0], codes[x], codes[y])));
      common += pairs.common(x, y);
    }
  CHECK(common == 4);  // A100 and C300, B200 and C300, in either order
  CHECK_FALSE(AdaptivePairs().common(0, 1));
}

}  // namespace tessera::lab
