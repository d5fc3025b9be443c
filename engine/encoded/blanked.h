// Entries as they would be had a field been missing: what the stop switch leaves of one.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/encoded/format.h"
#include "engine/schema/layout.h"

namespace tessera::encoded {

// Of one pass. The presence bits of the fields are cleared, and their slots overwritten with noise
// of each slot's exact weight, as an owner fills the slots of a missing value. Hidden presence is
// overwritten likewise, and that of two entries agrees by chance alone, once in 12,870. Nothing of
// what was there is left, and the noise depends on nothing of it: it is drawn with SHA-256 from the
// name of the record (owner, population and record key), the pass and the tag. So the same record
// sent again has the same entries. Thread safe.
class Blanked {
 public:
  // Fields that the pass does not compare have nothing to blank.
  Blanked(const schema::Schema& schema, std::size_t pass, const std::vector<std::size_t>& fields);
  bool nothing() const { return slots_.empty(); }
  // Makes `row` and `presence` those of an entry without the fields. REQUIRES: row is a row of the
  // pass.
  void blank(const Header& of, const RecordKey& record, const Tag& tag, std::uint16_t& presence,
             std::uint8_t* row) const;

 private:
  std::size_t pass_;
  std::vector<schema::Slot> slots_;
  std::uint16_t cleared_ = 0;  // presence bits
};

}  // namespace tessera::encoded
