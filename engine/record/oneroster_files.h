// The three tables of a OneRoster set that name people, out of a folder or a zip.
#pragma once

#include <optional>
#include <string>

#include "engine/core/bytes.h"
#include "engine/core/result.h"

namespace tessera::record {

struct OneRosterFiles {
  std::string users;                        // CSV text
  std::optional<std::string> demographics;  // nullopt: there is no such file
  std::optional<std::string> roles;         // 1.2 only
};

// Files are found by name, whatever its case, in the folder itself or anywhere in the zip. Errors:
// io; format (no users.csv, one name twice, a damaged or encrypted zip); limit (over 2 GiB).
Result<OneRosterFiles> open_oneroster_folder(const std::string& folder);
// `bytes` must outlive the call only.
Result<OneRosterFiles> open_oneroster_zip(ByteView bytes, const std::string& name);

}  // namespace tessera::record
