// Project keys in files: made once, mode 0600, read only from files or descriptors.
#pragma once

#include <array>
#include <string>

#include "engine/core/file.h"
#include "engine/core/random.h"
#include "engine/core/result.h"
#include "engine/core/secret.h"
#include "engine/core/secret_text.h"
#include "engine/seal/locked.h"

namespace tessera::keys {

// A project key. Everyone who encodes for the project holds it; the linkage unit never does.
// `project` goes into every tag and field key; `offline` stands in for the key service in a trial.
struct ProjectKey {
  std::string name;   // of the project, for people
  std::string epoch;  // of the schema it is for; empty in a trial: any
  Secret<32> project;
  Secret<32> offline;  // zeros in a project with a key service
  bool trial = true;
};

// Four bytes of HMAC(project, "check"): public, finds a wrong key at the first file.
std::array<std::uint8_t, 4> key_check(const ProjectKey& key);

ProjectKey new_project_key(std::string name, Random& random);
// For a project with a key service: nothing stands in for it, and the key is for one epoch.
ProjectKey new_service_project_key(std::string name, std::string epoch, Random& random);

// Format: docs/format/key-file.md.
SecretText to_text(const ProjectKey& key);
bool is_project_key(std::string_view text);
// ErrorCode::crypto if it is none or damaged. Never quotes the text.
Result<ProjectKey> project_key_from_text(std::string_view text, const std::string& where);

// Writes mode 0600; refuses to overwrite without options.force.
Result<void> write_key(const std::string& path, const ProjectKey& key, AtomicFile::Options options);
// ErrorCode::crypto if others may read the file or it is damaged; `ask` is called if it is locked.
Result<ProjectKey> read_key(const std::string& path, const seal::AskPassphrase& ask = {});

}  // namespace tessera::keys
