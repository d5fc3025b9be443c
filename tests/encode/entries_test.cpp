#include "engine/encode/entries.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "engine/encode/key_inputs.h"
#include "engine/schema/variants.h"
#include "tests/reference/block_keys_plain.h"
#include "tests/reference/people.h"

using namespace tessera;
using encode::BlockKey;
using encode::Entries;

namespace {

struct Office {
  keys::ProjectKey key;
  Secret<32> owner;
  Office() {
    for (auto& b : key.project.fill()) b = 7;
    for (auto& b : key.offline.fill()) b = 9;
    for (auto& b : owner.fill()) b = 11;
  }
};

struct Entry {
  encoded::Tag tag{};
  std::vector<std::uint8_t> row;
  std::uint16_t presence = 0;
  std::uint16_t token = 0;
  bool operator==(const Entry&) const = default;
};

// An entry from its message, everything made anew.
Entry plain_entry(const Secret<32>& secret, const Bytes& message, const schema::Layout& layout,
                  const encode::RowPlan& plan) {
  const auto key = keys::Expander(secret.reveal())(message);
  encode::Prf prf;
  prf.rekey(std::span<const std::uint8_t, 32>(key.data() + 16, 32));
  Entry out;
  std::copy_n(key.begin(), out.tag.size(), out.tag.begin());
  out.row.resize(layout.stride);
  out.token = encode::RowWriter().write(layout, plan, prf, out.row);
  out.presence = plan.presence;
  return out;
}

// The entries of a record in each pass, as docs/decisions and the headers tell them.
std::vector<std::vector<Entry>> plain_entries(const schema::Schema& s, const Office& office,
                                              const record::Fields& f,
                                              const encoded::RecordKey& key) {
  const encode::OfflineSeeds seeds(s, office.key);
  const auto reader = seeds.reader();
  const std::string noise(reinterpret_cast<const char*>(key.data()), 12);
  std::string ssn;
  if (const auto field = s.field(schema::Kind::ssn); field && !f.values[*field].text.empty()) {
    const keys::Mac x = reader->ssn(f.values[*field].text);
    ssn.assign(reinterpret_cast<const char*>(x.data()), 12);
  }
  std::vector<std::vector<BlockKey>> keys;
  for (const schema::Pass& pass : s.passes) keys.push_back(reference::block_keys(s, pass, f));
  reference::cap_keys(s, keys);
  std::vector<std::vector<Entry>> out(s.passes.size());
  for (std::size_t p = 0; p < s.passes.size(); ++p) {
    const schema::Layout layout = schema::layout(s, p);
    encode::RowPlanner planner(s, layout);
    for (const BlockKey& k : keys[p]) {
      const keys::Mac seed = reader->block(p, k.value);
      Bytes message(seed.begin(), seed.end());
      encode::append_sized(message, "tessera entry 1");
      out[p].push_back(
          plain_entry(office.key.project, message, layout, planner.row(f, k.shows, noise, ssn)));
    }
    const std::uint16_t presence = planner.row(f, {}, noise, ssn).presence;
    for (std::size_t i = out[p].size(); i < s.passes[p].least; ++i) {
      Bytes message;
      encode::append_sized(message, "tessera dummy 1");
      encode::append_sized(message, s.epoch);
      encode::append_sized(message, s.passes[p].name);
      message.insert(message.end(), key.begin(), key.end());
      append_le<std::uint32_t>(message, static_cast<std::uint32_t>(i));
      out[p].push_back(plain_entry(office.owner, message, layout, planner.dummy(presence, noise)));
    }
  }
  return out;
}

std::vector<Entry> last_entries(const encoded::PassColumns& c, std::size_t from) {
  std::vector<Entry> out;
  for (std::size_t i = from; i < c.tags.size(); ++i) {
    const auto row = c.view().bits.subspan(i * c.stride, c.stride);
    out.push_back({c.tags[i],
                   {row.begin(), row.end()},
                   c.presence[i],
                   c.ssn_tokens.empty() ? std::uint16_t{0} : c.ssn_tokens[i]});
  }
  return out;
}

}  // namespace

TEST_CASE("entries are what the plain way makes of each record alone") {
  Splitmix random(31);
  const Office office;
  for (schema::Schema s :
       {*schema::load("default"), *schema::load("high-recall"), *schema::load("high-privacy"),
        *schema::with_ssn(*schema::load("default"))}) {
    CAPTURE(s.name);
    std::vector<schema::Layout> layouts;
    for (std::size_t p = 0; p < s.passes.size(); ++p) layouts.push_back(schema::layout(s, p));
    const encode::OfflineSeeds seeds(s, office.key);
    encode::EntryMaker maker(s, layouts, {office.key.project, office.owner, seeds});
    Entries made(s, layouts, 1);  // grows
    std::vector<std::uint64_t> real(s.passes.size());
    for (std::uint32_t i = 0; i < 60; ++i) {
      reference::Person person = reference::draw_person(random, "x");
      if (i % 4 == 0) person.former = "OKAFOR SMITH";
      if (i % 5 == 0) person.last.clear();
      if (i % 7 == 0) person.dob.clear();
      const record::Fields f = reference::fields_of(s, person);
      encoded::RecordKey key{};
      for (auto& b : key) b = static_cast<std::uint8_t>(random.next() >> 56);
      const auto plain = plain_entries(s, office, f, key);
      std::vector<std::size_t> before;
      for (const auto& c : made.passes) before.push_back(c.tags.size());
      encoded::JoinRecord join;
      maker.add(f, i, key, join, made);
      CHECK(join.key == key);
      for (std::size_t p = 0; p < s.passes.size(); ++p) {
        const auto fast = last_entries(made.passes[p], before[p]);
        REQUIRE(fast.size() == plain[p].size());
        for (std::size_t k = 0; k < fast.size(); ++k) {
          CHECK(fast[k].tag == plain[p][k].tag);
          CHECK(fast[k].row == plain[p][k].row);
          CHECK(fast[k].presence == plain[p][k].presence);
          if (s.ssn) CHECK(fast[k].token == plain[p][k].token);
        }
        CHECK(made.record[p].size() == made.passes[p].tags.size());
        CHECK(made.record[p].back() == i);
      }
    }
    made.fit();
    for (const auto& c : made.passes) CHECK(c.bits.capacity() == c.bits.size());
  }
}
