// A slab: a few hundred entries of one pass, neighbours by tag, as one value of the entry store.
#pragma once

#include <cstdint>

#include "engine/core/bytes.h"
#include "engine/core/result.h"
#include "engine/encoded/format.h"

namespace tessera::registry {

// Rows of a full slab: two slabs fill a page of 64 KiB. Entries beside each other are read and
// written at the speed of memory; one by one they cost SQLite a microsecond each.
std::uint32_t slab_rows(std::uint32_t stride);

// Columns of `rows` entries one after the other: tags (16 bytes each), handles (u64 LE), presence
// (u16 LE), bits (stride each). SSN tokens are kept apart: see EntryStore.
Bytes pack_slab(const encoded::PassView& rows);

// A slab opened in place; views live as long as its bytes.
class SlabView {
 public:
  // Error `format` if the size is not what `rows` and `stride` ask for. `tokens` is empty or
  // 2 bytes for each row.
  static Result<SlabView> open(ByteView body, ByteView tokens, std::uint32_t rows,
                               std::uint32_t stride);
  std::uint32_t rows() const { return rows_; }
  encoded::Tag tag(std::uint32_t row) const;
  encoded::Handle handle(std::uint32_t row) const;
  // Row at which tags >= `tag` begin, not before `from`.
  std::uint32_t lower_bound(const encoded::Tag& tag, std::uint32_t from) const;
  // Appends rows [begin, end) to columns of the same stride; a row without a token appends none.
  void append(std::uint32_t begin, std::uint32_t end, encoded::PassColumns& out) const;

 private:
  SlabView() = default;
  ByteView tags_, handles_, presence_, bits_, tokens_;
  std::uint32_t rows_ = 0;
  std::uint32_t stride_ = 0;
};

}  // namespace tessera::registry
