// Bytes in and out of numbers and text: little-endian fields, hexadecimal, base64.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tessera {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Little-endian, whatever the host. REQUIRES: at least sizeof(T) bytes at `p`.
template <class T>
T load_le(const std::uint8_t* p) {
  static_assert(std::is_unsigned_v<T>);
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) value = static_cast<T>(value | (T{p[i]} << (8 * i)));
  return value;
}
template <class T>
void store_le(std::uint8_t* p, T value) {
  static_assert(std::is_unsigned_v<T>);
  for (std::size_t i = 0; i < sizeof(T); ++i) p[i] = static_cast<std::uint8_t>(value >> (8 * i));
}
template <class T>
void append_le(Bytes& out, T value) {
  const std::size_t at = out.size();
  out.resize(at + sizeof(T));
  store_le(out.data() + at, value);
}

// Copies all of `from` if `to` is of its size; else copies nothing and returns false.
inline bool copy_whole(ByteView from, std::span<std::uint8_t> to) {
  if (from.size() != to.size()) return false;
  std::copy(from.begin(), from.end(), to.begin());
  return true;
}

std::string to_hex(ByteView bytes);                       // lower case
std::optional<Bytes> from_hex(std::string_view text);     // either case; nullopt: not hex
std::string to_base64(ByteView bytes);                    // standard alphabet, padded, one line
std::optional<Bytes> from_base64(std::string_view text);  // strict alphabet; white space skipped

}  // namespace tessera
