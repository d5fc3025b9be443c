// Encoded files made from plain people, for tests of the linkage half.
#pragma once

#include <string>
#include <vector>

#include "engine/encode/encoder.h"
#include "engine/encoded/format.h"
#include "tests/reference/people.h"

namespace tessera::test {

// The same key every time: tests of a project's files must meet.
keys::ProjectKey fixed_key(std::uint8_t seed = 1);
encode::Encoded encode_people(const schema::Schema& schema,
                              const std::vector<reference::Person>& people,
                              const std::string& owner, std::uint64_t handle_seed = 1,
                              std::uint8_t key_seed = 1,
                              encoded::Population population = encoded::Population::student);
// Writes an encoded file; gives its path.
std::string submit(const std::string& path, const schema::Schema& schema,
                   const std::vector<reference::Person>& people, const std::string& owner,
                   encoded::Population population = encoded::Population::student,
                   std::uint64_t handle_seed = 1, std::uint8_t key_seed = 1);

}  // namespace tessera::test
