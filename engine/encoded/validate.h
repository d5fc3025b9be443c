// The promises an encoded-v1 file makes about its rows, checked.
#pragma once

#include <span>
#include <vector>

#include "engine/core/result.h"
#include "engine/encoded/format.h"
#include "engine/encoded/handle_index.h"

namespace tessera::encoded {

// Everything validate() looks at. Views; nothing is kept.
struct Content {
  const Header& header;
  std::span<const PassView> passes;
  std::span<const schema::Layout> layouts;  // one per pass
  std::span<const JoinRecord> records;
  std::span<const JoinHandle> handles;
};

// Record keys sorted and unique; states, counts and record numbers in range; handles sorted and
// unique. To be called before an index is built over the handles.
Result<void> validate_join(const Content& content);

// The passes, one after another in the schema's order: rows sorted by (tag, handle), presence bits
// known, weights exact, padding zero; handles of the entries and of the join section the same set,
// each once; each record with between `least` and `most` entries in each pass. The same fault is
// named whatever the threads. REQUIRES: validate_join passed; the index is over content.handles.
class PassValidator {
 public:
  PassValidator(const Content& content, const HandleIndex& index)
      : content_(content), index_(index), seen_(content.handles.size()) {}
  // Looks at content.passes[p], which may be gone afterwards.
  Result<void> check(std::size_t p);
  // After the last pass.
  Result<void> finish() const;

 private:
  const Content& content_;
  const HandleIndex& index_;
  std::vector<std::uint8_t> seen_;
  std::size_t entries_ = 0;
};

}  // namespace tessera::encoded
