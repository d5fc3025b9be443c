// Key files: made once, mode 0600, read only from files or descriptors.
#pragma once

#include <array>
#include <string>

#include "engine/core/file.h"
#include "engine/core/random.h"
#include "engine/core/result.h"
#include "engine/core/secret.h"

namespace tessera::keys {

// A trial project key. Everyone who encodes for the project holds it; the linkage unit never does.
// `project` goes into every tag and field key; `offline` stands in for the key service.
struct ProjectKey {
  std::string name;  // of the project, for people
  Secret<32> project;
  Secret<32> offline;
};

// Four bytes of HMAC(project, "check"): public, finds a wrong key at the first file.
std::array<std::uint8_t, 4> key_check(const ProjectKey& key);

ProjectKey new_project_key(std::string name, Random& random);
// Format: docs/format/key-file.md. Writes mode 0600; refuses to overwrite without options.force.
Result<void> write_key(const std::string& path, const ProjectKey& key, AtomicFile::Options options);
// ErrorCode::crypto if others may read the file or it is damaged. Never quotes the file.
Result<ProjectKey> read_key(const std::string& path);

}  // namespace tessera::keys
