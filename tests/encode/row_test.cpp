#include "engine/encode/row.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <set>

#include <doctest/doctest.h>

#include "engine/core/bytes.h"
#include "engine/core/random.h"
#include "tests/reference/filter_plain.h"
#include "tests/reference/people.h"

using namespace tessera;
using encode::RowPlan;
using reference::Person;
using schema::Holds;

namespace {

using Key = std::array<std::uint8_t, 32>;

Key draw_key(Splitmix& random) {
  Key out;
  for (auto& b : out) b = static_cast<std::uint8_t>(random.next() >> 56);
  return out;
}

// A schema of one given name whose filter has the width and weight.
schema::Schema one_name(std::uint32_t bits, std::uint32_t weight) {
  schema::Schema s;
  schema::Field f;
  f.name = "first";
  s.fields.push_back(f);
  schema::Pass p;
  p.compare = {0};
  s.passes.push_back(p);
  s.encoding.name_bits = bits;
  s.encoding.name_weight = weight;
  return s;
}

std::string random_name(Splitmix& random, std::size_t letters) {
  std::string out;
  for (std::size_t i = 0; i < letters; ++i) out += static_cast<char>('A' + random.below(26));
  return out;
}

std::vector<std::uint8_t> write(const schema::Schema& s, const record::Fields& f, const Key& key,
                                std::string_view noise = "noise", std::size_t pass = 0) {
  const schema::Layout l = schema::layout(s, pass);
  const RowPlan plan = encode::RowPlanner(s, l).row(f, {}, noise, "");
  encode::Prf prf;
  prf.rekey(key);
  std::vector<std::uint8_t> row(l.stride, 0xff);
  encode::RowWriter().write(l, plan, prf, row);
  return row;
}

int popcount(std::span<const std::uint8_t> bytes) {
  int n = 0;
  for (const std::uint8_t b : bytes) n += std::popcount(b);
  return n;
}

int shared(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) {
  int n = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    n += std::popcount(static_cast<std::uint8_t>(a[i] & b[i]));
  return n;
}

record::Fields named(const schema::Schema& s, const std::string& name) {
  Person p;
  p.first = name;
  return reference::fields_of(s, p);
}

}  // namespace

TEST_CASE("filters: exact weight and the plain filling, for every width and 1 to 40 tokens") {
  Splitmix random(2);
  encode::Prf prf;
  for (std::uint32_t bits = 64; bits <= 4096; bits *= 2)
    for (const std::uint32_t weight : {8U, bits * 3 / 8, std::min(bits * 3 / 4, 2048U)}) {
      const schema::Schema s = one_name(bits, weight);
      for (std::size_t letters = 1; letters <= 39; letters += (bits > 512 ? 13 : 1)) {
        const std::string name = random_name(random, letters);
        const Key key = draw_key(random);
        const auto row = write(s, named(s, name), key);
        const auto found = std::span(row).first(bits / 8);
        CHECK(popcount(found) == static_cast<int>(weight));
        std::vector<encode::Block> tokens;
        append_bigrams(encode::Domain::name, name, tokens);
        CHECK(tokens.size() == letters + 1);
        CHECK(std::ranges::equal(found, reference::filter(tokens, bits, weight, key)));
      }
    }
}

TEST_CASE("equal names give equal filters under one key, and unrelated ones under two") {
  Splitmix random(3);
  const schema::Schema s = one_name(256, 96);
  const Key a = draw_key(random);
  const Key b = draw_key(random);
  const auto first = write(s, named(s, "MARIA"), a, "noise one");
  CHECK(std::ranges::equal(std::span(first).first(34),
                           ByteView(write(s, named(s, "MARIA"), a, "other")).first(34)));
  // By chance two filters share weight^2 / bits = 36 bits; the standard deviation is about 3.8.
  CHECK(shared(std::span(first).first(32), ByteView(write(s, named(s, "MARIA"), b)).first(32)) <
        60);
}

TEST_CASE("shared bits follow the shared bigrams over the longer name") {
  Splitmix random(4);
  const schema::Schema s = one_name(256, 96);
  struct Pair {
    const char *a, *b;
    double share;  // of bigrams, over the longer
  };
  for (const Pair& p : {Pair{"MARIA", "MARIAH", 5.0 / 7}, Pair{"CATHERINE", "KATHERINE", 8.0 / 10},
                        Pair{"JOHNSON", "JOHNSTON", 7.0 / 9}, Pair{"ANNA", "OLIVER", 0},
                        Pair{"SMITH", "SMYTHE", 3.0 / 7}}) {
    CAPTURE(p.a);
    double sum = 0;
    constexpr int kKeys = 300;
    for (int i = 0; i < kKeys; ++i) {
      const Key key = draw_key(random);
      const auto x = write(s, named(s, p.a), key);
      const auto y = write(s, named(s, p.b), key);
      sum += shared(std::span(x).first(32), std::span(y).first(32));
    }
    const double fill = 96.0 / 256;
    const double estimate = (sum / kKeys / 96 - fill) / (1 - fill);
    CHECK(std::abs(estimate - p.share) < 0.12);
  }
}

TEST_CASE("over many values every bit is set as often as every other, whatever the length") {
  Splitmix random(5);
  const schema::Schema s = one_name(256, 96);
  std::vector<int> set(256, 0);
  constexpr int kRows = 20000;
  for (int i = 0; i < kRows; ++i) {
    const auto row =
        write(s, named(s, random_name(random, 2 + random.below(12))), draw_key(random));
    CHECK_MESSAGE(popcount(std::span(row).first(32)) == 96, "a row of another weight");
    for (std::size_t b = 0; b < 256; ++b) set[b] += (row[b / 8] >> (b % 8)) & 1;
  }
  double chi = 0;
  const double expected = kRows * 96.0 / 256;
  for (const int n : set) chi += (n - expected) * (n - expected) / (expected * (1 - 96.0 / 256));
  CHECK(chi < 350);  // 255 degrees of freedom, chance of more: 7e-5
  CHECK(chi > 170);
}

TEST_CASE("codes: eight of sixteen bits, all words alike, another key another word") {
  Splitmix random(6);
  const schema::Schema s = one_name(64, 24);
  const schema::Layout layout = schema::layout(s, 0);
  const auto* slot = layout.find(0, Holds::part1);
  REQUIRE(slot != nullptr);
  const std::uint32_t at = slot->offset;
  std::map<std::uint16_t, int> seen;
  std::array<int, 16> bit{};
  constexpr int kRows = 40000;
  for (int i = 0; i < kRows; ++i) {
    const auto row = write(s, named(s, "MARIA"), draw_key(random));
    const auto code = load_le<std::uint16_t>(row.data() + at);
    CHECK_MESSAGE(std::popcount(code) == 8, "a code of another weight");
    ++seen[code];
    for (std::size_t b = 0; b < 16; ++b) bit[b] += (code >> b) & 1;
  }
  // 12,870 words drawn 40,000 times: 95.5 % of them are seen, none much too often.
  CHECK(seen.size() > 12000);
  CHECK(seen.size() < 12500);
  for (const auto& [word, n] : seen) CHECK(n < 20);
  for (const int n : bit) CHECK(std::abs(n - kRows / 2) < 500);
}

TEST_CASE("a missing value and the second part of a single name are noise of right weight") {
  const auto loaded = schema::load("default");
  REQUIRE(loaded);
  const schema::Schema& s = *loaded;
  const schema::Layout l = schema::layout(s, 0);
  Splitmix random(7);
  const Person empty{};
  const Key key = draw_key(random);
  const RowPlan plan = encode::RowPlanner(s, l).row(reference::fields_of(s, empty), {}, "one", "");
  CHECK(plan.presence == 0);
  const auto a = write(s, reference::fields_of(s, empty), key, "one");
  const auto b = write(s, reference::fields_of(s, empty), key, "two");
  for (const schema::Slot& slot : l.slots) {
    CHECK(popcount(std::span(a).subspan(slot.offset, slot.bits / 8)) ==
          static_cast<int>(slot.weight));
    CHECK(!std::ranges::equal(std::span(a).subspan(slot.offset, slot.bits / 8),
                              std::span(b).subspan(slot.offset, slot.bits / 8)));
  }
  CHECK(a == write(s, reference::fields_of(s, empty), key, "one"));  // stable for one record
  // Two single names agree in their part and, by noise, not in a second one.
  const Person maria{"", "MARIA", "", "GARCIA", "", "", "", ""};
  const auto x = write(s, reference::fields_of(s, maria), key, "one");
  const auto y = write(s, reference::fields_of(s, maria), key, "two");
  for (const std::size_t f : {std::size_t{0}, std::size_t{2}}) {
    const std::uint32_t one = l.find(f, Holds::part1)->offset;
    const std::uint32_t two = l.find(f, Holds::part2)->offset;
    CHECK(load_le<std::uint16_t>(x.data() + one) == load_le<std::uint16_t>(y.data() + one));
    CHECK(load_le<std::uint16_t>(x.data() + two) != load_le<std::uint16_t>(y.data() + two));
  }
}

TEST_CASE("a noise row has the weight of every slot and the presence it is told") {
  const auto s = schema::load("default");
  REQUIRE(s);
  const schema::Layout l = schema::layout(*s, 0);
  encode::RowPlanner planner(*s, l);
  const RowPlan& plan = planner.dummy(0x5a, "record");
  CHECK(plan.presence == 0x5a);
  Splitmix random(8);
  encode::Prf prf;
  prf.rekey(draw_key(random));
  std::vector<std::uint8_t> row(l.stride, 0xff);
  encode::RowWriter().write(l, plan, prf, row);
  for (const schema::Slot& slot : l.slots)
    CHECK(popcount(std::span(row).subspan(slot.offset, slot.bits / 8)) ==
          static_cast<int>(slot.weight));
}
