// Rows of filters, sorted by weight, and their XOR-folds.
#include "engine/bits/matrix.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>

#include "engine/core/parallel.h"

namespace tessera::bits {

Matrix::Matrix(std::size_t rows, std::size_t bits)
    : rows_(rows),
      bits_(bits),
      words_((bits + 63) / 64),
      data_(static_cast<std::uint64_t*>(
          ::operator new[](std::max<std::size_t>(1, rows* words_) * 8, std::align_val_t{64}))),
      counts_(rows) {
  std::memset(data_.get(), 0, rows * words_ * 8);
}

void Matrix::set_row(std::size_t i, ByteView bytes) {
  std::uint64_t* to = row(i);
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(to, bytes.data(), bytes.size());
  } else {
    for (std::size_t k = 0; k < bytes.size(); ++k)
      to[k / 8] |= std::uint64_t{bytes[k]} << (8 * (k % 8));
  }
  recount(i);
}

void Matrix::recount(std::size_t i) {
  std::uint32_t n = 0;
  const std::uint64_t* from = row(i);
  for (std::size_t k = 0; k < words_; ++k) n += static_cast<std::uint32_t>(std::popcount(from[k]));
  counts_[i] = n;
}

Sorted sort_by_count(Matrix matrix) {
  const std::size_t n = matrix.rows();
  std::vector<std::uint32_t> start(matrix.words() * 64 + 2);
  for (std::size_t i = 0; i < n; ++i) ++start[matrix.count(i) + 1];
  for (std::size_t k = 1; k < start.size(); ++k) start[k] += start[k - 1];
  Sorted out{Matrix(n, matrix.bits()), std::vector<std::uint32_t>(n)};
  for (std::size_t i = 0; i < n; ++i)
    out.original[start[matrix.count(i)]++] = static_cast<std::uint32_t>(i);
  parallel_for(n, 4096, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      std::memcpy(out.matrix.row(i), matrix.row(out.original[i]), matrix.words() * 8);
      out.matrix.recount(i);
    }
  });
  return out;
}

void fold(const std::uint64_t* row, std::size_t words, std::size_t width, std::uint64_t* out) {
  std::memcpy(out, row, width * 8);
  std::size_t k = width;
  for (; k + width <= words; k += width)
    for (std::size_t i = 0; i < width; ++i) out[i] ^= row[k + i];
  for (std::size_t i = 0; k < words; ++i, ++k) out[i] ^= row[k];
}

}  // namespace tessera::bits
