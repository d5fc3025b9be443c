// Filters side by side: rows of 64-bit words, and the number of bits set in each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/core/bytes.h"

namespace tessera::bits {

// `rows` filters of `bits` bits, row-major, 64-byte aligned, unused bits zero. Which bit of a word
// stands for which bit of a filter is all one to Dice: bytes are kept in file order, little-endian.
// Moves; thread safe for reading.
class Matrix {
 public:
  Matrix() = default;
  Matrix(std::size_t rows, std::size_t bits);

  std::size_t rows() const { return rows_; }
  std::size_t bits() const { return bits_; }
  std::size_t words() const { return words_; }  // per row: ceil(bits / 64)
  const std::uint64_t* row(std::size_t i) const { return data_.get() + i * words_; }
  std::uint64_t* row(std::size_t i) { return data_.get() + i * words_; }
  std::uint32_t count(std::size_t i) const { return counts_[i]; }

  // Copies ceil(bits / 8) bytes into row i. REQUIRES: i < rows(), the size. Distinct rows may be
  // set from different threads.
  void set_row(std::size_t i, ByteView bytes);
  // Counts row i again, after writing through row().
  void recount(std::size_t i);
  // The first `rows` rows only. REQUIRES: rows <= rows().
  void shrink(std::size_t rows) {
    rows_ = rows;
    counts_.resize(rows);
  }

 private:
  struct Free {
    void operator()(std::uint64_t* p) const { ::operator delete[](p, std::align_val_t{64}); }
  };
  std::size_t rows_ = 0;
  std::size_t bits_ = 0;
  std::size_t words_ = 0;
  std::unique_ptr<std::uint64_t[], Free> data_;
  std::vector<std::uint32_t> counts_;
};

// A matrix ordered by the number of set bits: filters that may match stand together, and the
// budget of a tile is nearly constant.
struct Sorted {
  Matrix matrix;
  std::vector<std::uint32_t> original;  // row of the input, per row; ties in input order
};
// The input is given up. REQUIRES: fewer than 2^32 rows.
Sorted sort_by_count(Matrix matrix);

// XOR of the words i, i + width, i + 2 width ... of a row, for i < width. Linear, so the bits in
// which two folds differ are at most the bits in which the filters differ: fold(a) ^ fold(b) =
// fold(a ^ b). REQUIRES: 0 < width <= words.
void fold(const std::uint64_t* row, std::size_t words, std::size_t width, std::uint64_t* out);

}  // namespace tessera::bits
