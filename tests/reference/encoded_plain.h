// encoded-v1 written the slow way, straight from the tables of docs/format/encoded-v1.md: one byte
// after another, no shared code with the writer. Tests compare the two and craft bad files with it.
#pragma once

#include <vector>

#include "engine/core/bytes.h"
#include "engine/encoded/format.h"
#include "engine/encoded/reader.h"

namespace tessera::reference {

// What a file holds. Nothing is checked: a wrong one gives a wrong file with right checksums.
struct Content {
  encoded::Header header;
  std::vector<encoded::PassColumns> passes;
  std::vector<encoded::JoinRecord> records;
  std::vector<encoded::JoinHandle> handles;
};

Bytes encode_plain(const Content& content);
// The content of an opened file, copied out through its public interface.
Content content_of(const encoded::File& file);
// Puts all checksums of a changed file right, as far as its directory can still be followed, so
// that whatever refuses it is not a checksum.
Bytes resealed(Bytes file);

}  // namespace tessera::reference
