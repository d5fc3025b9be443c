#include "tests/comparer/split_people.h"

#include <cstdlib>

#include "engine/encoded/writer.h"
#include "engine/slips/slip_file.h"

namespace tessera::test {
namespace {

// A third of an owner's people are copies of those of the owner before.
std::vector<reference::Person> next_roster(const std::vector<reference::Person>& before,
                                           std::size_t n, Splitmix& random) {
  std::vector<reference::Person> out;
  for (std::size_t i = 0; i < n; ++i) {
    const std::string id = std::to_string(i);
    if (i % 3 == 0 && i < before.size())
      out.push_back(reference::copy_of(before[i], random, id));
    else if (i % 7 == 1 && !out.empty()) {  // a twin
      out.push_back(out.back());
      out.back().id = id;
      out.back().first = reference::draw_person(random, id).first;
    } else {
      out.push_back(reference::draw_person(random, id));
    }
  }
  return out;
}

}  // namespace

SplitPeople::SplitPeople(const std::string& folder, const schema::Schema& schema,
                         std::size_t owners, std::size_t each, std::uint64_t seed) {
  Splitmix draws(seed);
  std::vector<reference::Person> people;
  trust_.today = "2026-10-01";
  for (std::size_t o = 0; o < owners; ++o) {
    people = next_roster(people, each, draws);
    const std::string name = "owner-" + std::to_string(o);
    const encode::Encoded e = encode_people(schema, people, name, seed * 100 + o);
    encoded::Header h;
    h.schema = schema;
    h.schema_digest = schema::digest(schema);
    h.owner = name;
    h.created = "2026-08-15";
    seal::KeyPair owner = samples::fixed_pair(seal::Use::owner, static_cast<std::uint8_t>(o + 1));
    owner.open.name = name;
    trust_.keys.push_back({name, owner.open.bytes, ""});
    const encoded::Sealing sealing{&owner, entries_.open, join_.open, "fall-2026", "2026-12-31"};
    const auto random = seeded_random(seed * 1000 + o);
    plain_.push_back(folder + "/" + name + ".tess");
    slips_.push_back(folder + "/" + name + ".slips");
    if (!encoded::write(plain_.back(), h, e.passes, e.records, e.handles, {}) ||
        !slips::write_slips(slips_.back(), h, e.passes, e.records, e.handles, sealing, *random, {}))
      std::abort();
  }
}

}  // namespace tessera::test
