#include "engine/encode/draft.h"

#include <doctest/doctest.h>

#include "engine/core/parallel.h"
#include "engine/encode/encoder.h"
#include "engine/encoded/section_bytes.h"
#include "engine/schema/variants.h"
#include "tests/reference/people.h"

using namespace tessera;
using encode::Draft;
using encode::Encoded;

namespace {

keys::ProjectKey fixed_key() {
  keys::ProjectKey key;
  for (auto& b : key.project.fill()) b = 7;
  for (auto& b : key.offline.fill()) b = 9;
  return key;
}

std::vector<record::Fields> crowd(const schema::Schema& s, int n) {
  Splitmix random(21);
  std::vector<reference::Person> people;
  for (int i = 0; i < n; ++i)
    people.push_back(reference::draw_person(random, "id" + std::to_string(i)));
  return reference::roster(s, people);
}

// The bytes of all sections in the order of a file.
std::vector<Bytes> sections_of(encoded::Source& source, const schema::Schema& s) {
  const auto sections = encoded::counted(source, s, s.ssn);
  REQUIRE(sections);
  std::vector<Bytes> out;
  for (const encoded::Section& section : *sections) {
    Bytes& bytes = out.emplace_back();
    source.put(section,
               [&](ByteView piece) { bytes.insert(bytes.end(), piece.begin(), piece.end()); });
    CHECK(bytes.size() == section.length);
  }
  return out;
}

}  // namespace

TEST_CASE("a draft gives, section by section, the bytes of the columns that are held whole") {
  const schema::Schema plain = *schema::load("high-recall");
  for (const schema::Schema& s : {plain, *schema::with_ssn(*schema::load("default"))}) {
    const auto records = crowd(s, 1100);  // three chunks
    const keys::ProjectKey key = fixed_key();
    Silent silent;
    const auto random = seeded_random(3);
    const Encoded whole =
        encode::encode(s, records, key, "north", encoded::Population::student, *random, silent);
    encoded::HeldColumns held(whole.passes, whole.records, whole.handles);
    REQUIRE(held.check(s));
    const auto expected = sections_of(held, s);
    for (const std::size_t threads : {1U, 3U}) {
      set_threads(threads);
      auto spent = records;
      const auto again = seeded_random(3);
      Draft draft =
          encode::draft(s, spent, key, "north", encoded::Population::student, *again, silent);
      CHECK(draft.records() == whole.records.size());
      CHECK(draft.without_evidence() == whole.without_evidence);
      for (std::size_t p = 0; p < s.passes.size(); ++p) {
        CHECK(draft.rows(p) == whole.passes[p].tags.size());
        CHECK(draft.real_entries(p) == whole.real_entries[p]);
      }
      CHECK(sections_of(draft, s) == expected);
      for (std::size_t n = 0; n < whole.map.size(); ++n) {
        CHECK(draft.key(n) == whole.map[n].first);
        CHECK(draft.local_id(n) == whole.map[n].second);
      }
    }
    set_threads(0);
  }
}

TEST_CASE("of spent records only the local IDs are left; others stay as they are") {
  const schema::Schema s = *schema::load("default");
  auto records = crowd(s, 20);
  const keys::ProjectKey key = fixed_key();
  Silent silent;
  const auto random = seeded_random(3);
  encode::encode(s, records, key, "north", encoded::Population::student, *random, silent);
  for (const record::Fields& f : records) CHECK(f.values.size() == s.fields.size());
  encode::draft(s, records, key, "north", encoded::Population::student, *random, silent);
  for (std::size_t i = 0; i < records.size(); ++i) {
    CHECK(records[i].values.empty());
    CHECK(records[i].values.capacity() == 0);
    CHECK(records[i].local_id == "id" + std::to_string(i));
  }
}

TEST_CASE("a roster of nobody is a draft of nothing") {
  const schema::Schema s = *schema::load("default");
  Silent silent;
  const auto random = seeded_random(3);
  Draft draft =
      encode::draft(s, {}, fixed_key(), "north", encoded::Population::student, *random, silent);
  CHECK(draft.records() == 0);
  for (const Bytes& section : sections_of(draft, s)) CHECK(section.size() <= 8);
}
