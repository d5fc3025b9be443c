// What a file is to hold, given section by section: whoever has the rows need not hold all of them
// until the last is written.
#pragma once

#include <cstdint>
#include <functional>

#include "engine/core/bytes.h"
#include "engine/encoded/sections.h"

namespace tessera::encoded {

using Sink = std::function<void(ByteView)>;

class Source {
 public:
  virtual ~Source() = default;
  virtual std::uint64_t records() const = 0;
  // Entries of a pass. Of all passes together there are as many as join handles.
  virtual std::uint64_t rows(std::size_t pass) const = 0;
  // False: no SSN tokens, though the schema has SSNs (they were purged).
  virtual bool tokens() const = 0;
  // Gives the bytes of a section without their padding, length_of() it. Asked once for each
  // section, in the order of the file; what was given is then no longer needed.
  virtual void put(const Section& section, const Sink& sink) = 0;
};

}  // namespace tessera::encoded
