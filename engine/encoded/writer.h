// Writes an encoded-v1 file from sorted columns: whole or not at all.
#pragma once

#include <string>
#include <vector>

#include "engine/core/file.h"
#include "engine/core/result.h"
#include "engine/encoded/format.h"

namespace tessera::encoded {

// REQUIRES: one PassColumns per pass of header.schema, each sorted(); records sorted by key;
// join handles sorted by handle. The same input gives the same bytes.
Result<void> write(const std::string& path, const Header& header,
                   const std::vector<PassColumns>& passes, const std::vector<JoinRecord>& records,
                   const std::vector<JoinHandle>& handles, AtomicFile::Options options);

}  // namespace tessera::encoded
