#include "engine/encode/encoder.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <set>

#include <doctest/doctest.h>

#include "engine/core/parallel.h"
#include "engine/encoded/row_rule.h"
#include "engine/schema/variants.h"
#include "tests/reference/people.h"

using namespace tessera;
using encode::Encoded;
using encoded::PassColumns;
using reference::Person;

namespace {

const schema::Schema& with_ssn() {
  static const schema::Schema s = *schema::with_ssn(*schema::load("default"));
  return s;
}

Encoded encode_people(const std::vector<Person>& people, const std::string& owner = "north",
                      std::uint64_t handles = 1, std::uint8_t key_byte = 7,
                      encoded::Population population = encoded::Population::student) {
  keys::ProjectKey key;
  for (auto& b : key.project.fill()) b = key_byte;
  for (auto& b : key.offline.fill()) b = 9;
  const auto random = seeded_random(handles);
  Silent silent;
  return encode::encode(with_ssn(), reference::roster(with_ssn(), people), key, owner, population,
                        *random, silent);
}

std::vector<Person> crowd(int n, std::uint64_t seed) {
  Splitmix random(seed);
  std::vector<Person> out;
  for (int i = 0; i < n; ++i)
    out.push_back(reference::draw_person(random, "id" + std::to_string(i)));
  return out;
}

// Everything of a row but its handle.
using Content = std::tuple<encoded::Tag, std::uint16_t, std::vector<std::uint8_t>, std::uint16_t>;
std::vector<Content> contents(const PassColumns& c) {
  std::vector<Content> out;
  for (std::size_t i = 0; i < c.tags.size(); ++i) {
    const auto row = c.view().bits.subspan(i * c.stride, c.stride);
    out.emplace_back(c.tags[i], c.presence[i], std::vector<std::uint8_t>(row.begin(), row.end()),
                     c.ssn_tokens[i]);
  }
  std::ranges::sort(out);
  return out;
}

const Person kMaria{"1", "MARIA", "ROSE", "GARCIA", "2010-03-07", "F", "123456789", ""};

}  // namespace

TEST_CASE("the same columns for any number of threads") {
  const auto people = crowd(1300, 1);
  std::vector<Encoded> runs;
  for (const std::size_t n : {1U, 2U, 4U}) {
    set_threads(n);
    runs.push_back(encode_people(people));
  }
  set_threads(0);
  for (const Encoded& e : runs)
    for (std::size_t p = 0; p < e.passes.size(); ++p) {
      CHECK(e.passes[p].tags == runs[0].passes[p].tags);
      CHECK(e.passes[p].handles == runs[0].passes[p].handles);
      CHECK(e.passes[p].bits == runs[0].passes[p].bits);
      CHECK(e.passes[p].ssn_tokens == runs[0].passes[p].ssn_tokens);
    }
}

TEST_CASE("encoding again changes handles and nothing else; dummies stay too") {
  auto people = crowd(200, 2);
  const Encoded a = encode_people(people, "north", 1);
  std::ranges::reverse(people);  // nor does the order of the roster
  const Encoded b = encode_people(people, "north", 2);
  for (std::size_t p = 0; p < a.passes.size(); ++p) {
    CHECK(contents(a.passes[p]) == contents(b.passes[p]));
    CHECK(a.passes[p].handles != b.passes[p].handles);
  }
  CHECK(a.map == b.map);
  CHECK(std::ranges::is_sorted(a.map));
}

TEST_CASE("one person in two owners' rosters has equal tags and rows, and other record keys") {
  Person there = kMaria;
  there.id = "777";
  const Encoded a = encode_people({kMaria}, "north");
  const Encoded b = encode_people({there}, "south");
  CHECK(a.records[0].key != b.records[0].key);
  for (std::size_t p = 0; p < a.passes.size(); ++p) {
    const auto x = contents(a.passes[p]);
    const auto y = contents(b.passes[p]);
    std::size_t met = 0;
    for (const Content& r : x)
      for (const Content& q : y)
        if (std::get<0>(r) == std::get<0>(q)) {
          ++met;
          CHECK(std::get<1>(r) == std::get<1>(q));
          CHECK(std::get<3>(r) == std::get<3>(q));  // the SSN token
          // Second parts of single names are noise of each record: four bytes may differ.
          int differ = 0;
          for (std::size_t i = 0; i < std::get<2>(r).size(); ++i)
            differ += std::get<2>(r)[i] != std::get<2>(q)[i];
          CHECK(differ <= 4);
        }
    CHECK(met == 1);  // the dummies of two owners never meet
  }
}

TEST_CASE("another project key, another world") {
  const Encoded a = encode_people({kMaria}, "north", 1, 7);
  const Encoded b = encode_people({kMaria}, "north", 1, 8);
  CHECK(a.records[0].key == b.records[0].key);  // from the owner's secret, not the project's
  for (std::size_t p = 0; p < a.passes.size(); ++p) {
    std::set<encoded::Tag> tags(a.passes[p].tags.begin(), a.passes[p].tags.end());
    int met = 0;
    for (const auto& t : b.passes[p].tags) met += static_cast<int>(tags.count(t));
    CHECK(met <= static_cast<int>(with_ssn().passes[p].least) - 1);  // dummies are the owner's own
  }
}

TEST_CASE("every row keeps the weights, every record its entries") {
  const auto people = crowd(400, 3);
  const Encoded e = encode_people(people);
  std::map<encoded::Handle, std::uint32_t> record;
  for (const auto& h : e.handles) CHECK(record.emplace(h.handle, h.record).second);
  std::size_t rows = 0;
  for (std::size_t p = 0; p < e.passes.size(); ++p) {
    const encoded::RowRule rule(schema::layout(with_ssn(), p));
    std::map<std::uint32_t, std::uint32_t> entries;
    const PassColumns& c = e.passes[p];
    rows += c.tags.size();
    std::uint64_t word[64];
    for (std::size_t i = 0; i < c.tags.size(); ++i) {
      std::memcpy(word, c.bits.data() + i * c.stride, c.stride);
      CHECK(rule.broken(reinterpret_cast<const std::uint8_t*>(word)) == encoded::RowRule::kFine);
      ++entries[record.at(c.handles[i])];
    }
    CHECK(entries.size() == people.size());
    for (const auto& [r, n] : entries) {
      CHECK(n >= with_ssn().passes[p].least);
      CHECK(n <= with_ssn().passes[p].most);
    }
    CHECK(e.real_entries[p] <= c.tags.size());
  }
  CHECK(rows == e.handles.size());
}

TEST_CASE("a dummy's presence is its record's, so nothing but the key tells it apart") {
  Person p = kMaria;
  p.middle = "";
  const Encoded e = encode_people({p});
  for (std::size_t pass = 0; pass < 4; ++pass) {
    const PassColumns& c = e.passes[pass];
    CHECK(c.tags.size() == 2);
    CHECK(e.real_entries[pass] == 1);
    CHECK(c.presence[0] == c.presence[1]);
    CHECK(c.tags[0] != c.tags[1]);
  }
}

TEST_CASE("hidden presence: a code in common for those who know, and nothing in the clear") {
  const schema::Schema& s = with_ssn();
  const schema::Layout layout = schema::layout(s, 0);
  const std::uint32_t initial = layout.find(1, schema::Holds::initial)->known;
  const std::uint32_t whole = layout.find(1, schema::Holds::filter)->known;
  // The two real entries of pass 0, which share a tag.
  const auto met = [&](const char* one, const char* two) {
    Person a = kMaria, b = kMaria;
    a.middle = one;
    b.middle = two;
    b.id = "2";
    const Encoded e = encode_people({a, b});
    const PassColumns& c = e.passes[0];
    std::pair<std::vector<std::uint8_t>, std::vector<std::uint8_t>> rows;
    for (std::size_t i = 0; i < c.tags.size(); ++i) {
      CHECK(c.presence[i] == c.presence[0]);  // middle name or none: the word is the same
      const auto bits = c.view().bits.subspan(i * c.stride, c.stride);
      for (std::size_t j = 0; j < i; ++j)
        if (c.tags[i] == c.tags[j])
          rows = {{bits.begin(), bits.end()},
                  {c.bits.begin() + static_cast<std::ptrdiff_t>(j * c.stride),
                   c.bits.begin() + static_cast<std::ptrdiff_t>((j + 1) * c.stride)}};
    }
    return rows;
  };
  const auto same = [&](const char* one, const char* two, std::uint32_t at) {
    const auto [x, y] = met(one, two);
    REQUIRE(x.size() > at + 1);
    return x[at] == y[at] && x[at + 1] == y[at + 1];
  };
  CHECK(same("ROSE", "ANN", initial));
  CHECK(same("ROSE", "ANN", whole));
  CHECK(same("ROSE", "R", initial));
  CHECK_FALSE(same("ROSE", "R", whole));
  CHECK_FALSE(same("ROSE", "", initial));
  CHECK_FALSE(same("", "", initial));  // two who do not know it have nothing in common either
  const auto [x, y] = met("ROSE", "ROSE");
  CHECK((x[initial] != x[whole] || x[initial + 1] != x[whole + 1]));
}

TEST_CASE(
    "SSN tokens: equal in a block for one SSN, there for those without, unequal between them") {
  auto tokens = [](const std::string& x, const std::string& y) {
    Person a = kMaria, b = kMaria;
    a.ssn = x;
    b.ssn = y;
    b.id = "2";
    const Encoded e = encode_people({a, b});
    std::map<encoded::Tag, std::vector<std::uint16_t>> of;
    for (std::size_t i = 0; i < e.passes[0].tags.size(); ++i)
      of[e.passes[0].tags[i]].push_back(e.passes[0].ssn_tokens[i]);
    for (const auto& [tag, t] : of)
      if (t.size() == 2) return std::pair(t[0], t[1]);
    return std::pair<std::uint16_t, std::uint16_t>(0, 0);
  };
  const auto same = tokens("123456789", "123456789");
  CHECK(same.first == same.second);
  const auto other = tokens("123456789", "123456780");
  CHECK(other.first != other.second);
  const auto one = tokens("123456789", "");
  CHECK(one.first != one.second);
  const auto none = tokens("", "");
  CHECK(none.first != none.second);
  // Another block, another token.
  const Encoded e = encode_people({kMaria});
  CHECK(std::set<std::uint16_t>(e.passes[0].ssn_tokens.begin(), e.passes[0].ssn_tokens.end())
            .size() == 2);
}

TEST_CASE("record keys are the owner's: one for each local ID, and other ones elsewhere") {
  const auto people = crowd(100, 4);
  std::set<encoded::RecordKey> keys;
  for (const char* owner : {"north", "south", "northx"})
    for (const auto& r : encode_people(people, owner).records) keys.insert(r.key);
  CHECK(keys.size() == 300);
  Person renamed = kMaria;
  renamed.last = "OKAFOR";
  CHECK(encode_people({kMaria}).records[0].key == encode_people({renamed}).records[0].key);
}

TEST_CASE("a student and a teacher of one local ID have keys, dummies and noise of their own") {
  Person p = kMaria;
  p.middle = "";  // a missing value is filled with the record's noise
  const Encoded student = encode_people({p});
  const Encoded teacher = encode_people({p}, "north", 1, 7, encoded::Population::staff);
  CHECK(student.records[0].key != teacher.records[0].key);
  std::set<encoded::Tag> tags;
  for (const auto& t : student.passes[0].tags) tags.insert(t);
  std::size_t shared = 0;
  for (const auto& t : teacher.passes[0].tags) shared += tags.contains(t) ? 1 : 0;
  CHECK(shared == 1);  // the real entry meets; the dummies do not
  const auto a = contents(student.passes[0]);
  const auto b = contents(teacher.passes[0]);
  for (const Content& row : a) CHECK(std::ranges::find(b, row) == b.end());
}

TEST_CASE("the join section counts usable passes and says whether the mandatory ones are there") {
  auto join = [](const Person& p) { return encode_people({p}).records[0]; };
  CHECK(join(kMaria).usable_passes == 6);
  CHECK(join(kMaria).mandatory == 1);
  CHECK(join(kMaria).ssn_state == encoded::SsnState::provided);
  Person p = kMaria;
  p.ssn = "";
  CHECK(join(p).usable_passes == 5);
  CHECK(join(p).mandatory == 1);
  CHECK(join(p).ssn_state == encoded::SsnState::declined);
  p.first = "";
  CHECK(join(p).usable_passes == 1);
  CHECK(join(p).mandatory == 0);
  Person none;
  none.id = "x";
  CHECK(join(none).usable_passes == 0);
  CHECK(encode_people({none}).without_evidence == 1);
  CHECK(encode_people({none}).passes[0].tags.size() == 2);  // dummies all the same
}

TEST_CASE("an empty roster is an empty encoding") {
  const Encoded e = encode_people({});
  CHECK(e.records.empty());
  CHECK(e.passes.size() == with_ssn().passes.size());
  for (const auto& p : e.passes) CHECK(p.tags.empty());
}
