// Writes an encoded-v1 file from sorted columns: whole or not at all.
#pragma once

#include <string>
#include <vector>

#include "engine/core/file.h"
#include "engine/core/result.h"
#include "engine/encoded/format.h"
#include "engine/encoded/source.h"

namespace tessera::encoded {

// The same input gives the same bytes. Not to standard output: the directory stands in front and
// is known last. Errors: io; usage (a header that breaks the format's rules, too many rows, a
// source that gives other bytes than it counted).
Result<void> write(const std::string& path, const Header& header, Source& source,
                   AtomicFile::Options options);

// From columns held in memory. REQUIRES: one PassColumns per pass of header.schema, each sorted();
// records sorted by key; join handles sorted by handle. Columns that do not fit are an error
// (usage).
Result<void> write(const std::string& path, const Header& header,
                   const std::vector<PassColumns>& passes, const std::vector<JoinRecord>& records,
                   const std::vector<JoinHandle>& handles, AtomicFile::Options options);

}  // namespace tessera::encoded
