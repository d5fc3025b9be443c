#include "engine/attack/pattern.h"

#include "engine/attack/weak.h"
#include "tests/attack/attack_fixture.h"

namespace tessera::attack {
namespace {

const std::vector<std::string> kNames{"ANNA",  "MARIA", "JOSE",   "BOB",   "CARLOS",
                                      "KEVIN", "DORA",  "HELENA", "STEVE", "MARTIN"};

std::vector<std::string> people(std::size_t n) {
  Splitmix rng(3);
  std::vector<std::string> out;
  for (std::size_t i = 0; i < n; ++i) out.push_back(kNames[std::min(rng.below(10), rng.below(10))]);
  return out;
}

// Ten positions per bigram, drawn from the bigram and the row: every filter has a key of its own.
bits::Matrix salted_filters(const std::vector<std::string>& values) {
  bits::Matrix out(values.size(), 1024);
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (const std::string& g : bigrams(values[i])) {
      Splitmix rng(static_cast<unsigned char>(g[0]) * 256U + static_cast<unsigned char>(g[1]),
                   i + 1);
      for (int k = 0; k < 10; ++k) {
        const std::uint64_t b = rng.below(1024);
        out.row(i)[b / 64] |= std::uint64_t{1} << (b % 64);
      }
    }
    out.recount(i);
  }
  return out;
}

TEST_CASE("filters under one key give their bigrams and names away") {
  std::vector<std::string> values;
  for (const record::Fields& p : test::draw(5000)) values.push_back(plain_value(p, 0));
  const bits::Matrix rows = *value_filters(values, 1);
  const Mined mined = mine_patterns(rows, values, {});
  const PatternScore s = judge(mined, rows, values, values);
  CHECK(mined.grams.size() >= 20);
  CHECK(s.bits >= 30);
  CHECK(static_cast<double>(s.bits_right) >= 0.95 * static_cast<double>(s.bits));
  CHECK(s.exact > s.rows / 5);
  CHECK(s.exact_wrong < s.rows / 20);
}

TEST_CASE("filters under a key each give nothing") {
  const auto values = people(2000);
  const bits::Matrix rows = salted_filters(values);
  const Mined mined = mine_patterns(rows, values, {});
  CHECK(mined.grams.empty());
  const PatternScore s = judge(mined, rows, values, values);
  CHECK(s.bits == 0);
  CHECK(s.exact == 0);
}

TEST_CASE("bigrams are padded and each stands once") {
  CHECK(bigrams("ANNA") == std::vector<std::string>{" A", "A ", "AN", "NA", "NN"});
  CHECK(bigrams("AAA") == std::vector<std::string>{" A", "A ", "AA"});
  CHECK(bigrams("").empty());
}

}  // namespace
}  // namespace tessera::attack
