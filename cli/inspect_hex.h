// An encoded-v1 file as annotated bytes: what the tables of docs/format/encoded-v1.md describe.
#pragma once

#include <string>

#include "engine/core/bytes.h"
#include "engine/encoded/reader.h"

namespace tessera::cli {

// The fixed header, the header JSON's ends, the directory, and the first bytes of each section.
// REQUIRES: `bytes` are those of `file`.
std::string annotated_hex(ByteView bytes, const encoded::File& file);

}  // namespace tessera::cli
