#include "tests/link/submissions.h"

#include <cstdlib>

#include "engine/encoded/writer.h"

namespace tessera::test {

keys::ProjectKey fixed_key(std::uint8_t seed) {
  keys::ProjectKey key;
  key.name = "test";
  std::uint8_t n = seed;
  for (auto& b : key.project.fill()) b = n = static_cast<std::uint8_t>(n * 5 + 3);
  for (auto& b : key.offline.fill()) b = n = static_cast<std::uint8_t>(n * 5 + 3);
  return key;
}

encode::Encoded encode_people(const schema::Schema& schema,
                              const std::vector<reference::Person>& people,
                              const std::string& owner, std::uint64_t handle_seed,
                              std::uint8_t key_seed, encoded::Population population) {
  const auto random = seeded_random(handle_seed);
  Silent silent;
  return encode::encode(schema, reference::roster(schema, people), fixed_key(key_seed), owner,
                        population, *random, silent);
}

std::string submit(const std::string& path, const schema::Schema& schema,
                   const std::vector<reference::Person>& people, const std::string& owner,
                   encoded::Population population, std::uint64_t handle_seed,
                   std::uint8_t key_seed) {
  const encode::Encoded e = encode_people(schema, people, owner, handle_seed, key_seed, population);
  encoded::Header h;
  h.schema = schema;
  h.schema_digest = schema::digest(schema);
  h.owner = owner;
  h.population = population;
  h.key_check = keys::key_check(fixed_key(key_seed));
  h.created = "2026-08-15";
  if (!encoded::write(path, h, e.passes, e.records, e.handles, {.force = true})) std::abort();
  return path;
}

}  // namespace tessera::test
