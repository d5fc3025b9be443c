// A digest of all that a record brings: equal payloads need no new entries.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/core/digest.h"
#include "engine/encoded/format.h"

namespace tessera::encoded {

// Adds modulo 2^128; sums are little-endian.
void add_to(Checksum& total, const Checksum& sum);

// The sum, modulo 2^128, of the XXH3-128 of each entry of the record (pass, tag, presence, bits,
// token): the same whatever the order of rows, and blind to handles, which differ at each
// submission. Finds what has changed; it is no defence, and need not be: a record key's owner could
// only fool itself. Not thread safe.
class PayloadDigests {
 public:
  explicit PayloadDigests(std::size_t records) : sums_(records) {}
  // record_of[i]: index of the record that row i belongs to.
  void add_pass(std::uint8_t pass, const PassView& rows, std::span<const std::uint32_t> record_of);
  const std::vector<Checksum>& finish() const { return sums_; }

 private:
  std::vector<Checksum> sums_;
};

}  // namespace tessera::encoded
