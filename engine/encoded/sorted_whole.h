// The rows of several columns as one pass, in the order of the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/encoded/format.h"

namespace tessera::encoded {

// The first half of a tag or a record key as a number: numbers compare as the bytes do.
std::uint64_t first_half(std::span<const std::uint8_t, 16> id);

// Where each row of the parts belongs, sorted by (tag, handle); the rows stay where they are and
// are copied a piece at a time. Every part has the stride of the first, and tokens if any part has.
// Any thread count gives the same.
class SortedRows {
 public:
  // The columns, but not the array of their addresses, must outlive it.
  explicit SortedRows(std::span<const PassColumns* const> parts);

  std::size_t size() const { return places_.size(); }
  std::uint32_t stride() const { return stride_; }
  bool has_tokens() const { return tokens_; }
  // Copy a column's rows from `begin` on. REQUIRES: begin + out.size() <= size() (bits: of
  // out.size() / stride() rows).
  void tags(std::size_t begin, std::span<Tag> out) const;
  void handles(std::size_t begin, std::span<Handle> out) const;
  void presence(std::size_t begin, std::span<std::uint16_t> out) const;
  void ssn_tokens(std::size_t begin, std::span<std::uint16_t> out) const;
  void bits(std::size_t begin, std::span<std::uint8_t> out) const;

 private:
  // Small enough to sort in place of the row itself.
  struct Place {
    std::uint64_t high;  // first half of the tag
    std::uint32_t part, row;
  };
  bool before(const Place& a, const Place& b) const;
  template <class T>
  void copy(std::vector<T> PassColumns::*column, std::size_t begin, std::span<T> out) const;

  std::vector<const PassColumns*> parts_;
  std::vector<Place> places_;
  std::uint32_t stride_ = 0;
  bool tokens_ = false;
};

// All rows of all parts at once. Parts are left as they are.
PassColumns sorted_whole(std::span<const PassColumns* const> parts);

}  // namespace tessera::encoded
