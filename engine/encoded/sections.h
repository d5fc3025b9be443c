// The bones of an encoded-v1 file: the fixed header and the directory of sections.
// docs/format/encoded-v1.md has the tables; the reader, the writer and `inspect --hex` share this.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/bytes.h"
#include "engine/core/digest.h"
#include "engine/core/result.h"
#include "engine/schema/schema.h"

namespace tessera::encoded {

inline constexpr std::uint32_t kVersion = 1;
inline constexpr std::size_t kPreambleBytes = 64;
inline constexpr std::size_t kSlotBytes = 48;  // of the directory
inline constexpr std::size_t kJoinRecordBytes = 24;
inline constexpr std::size_t kJoinHandleBytes = 12;
inline constexpr std::size_t kRowBytes = 16 + 8 + 2;  // tag, handle, presence
inline constexpr std::uint32_t kLongestHeader = 1U << 20;
// Rows of a section and records of a file: indices fit 32 bits and no product below overflows.
inline constexpr std::uint64_t kMostRows = UINT32_MAX;

// Bytes up to the next multiple of eight. REQUIRES: n <= 2^63.
constexpr std::uint64_t padded(std::uint64_t n) { return (n + 7) / 8 * 8; }
bool all_zero(ByteView bytes);

// Persisted; never renumber.
enum class SectionKind : std::uint16_t { entries = 1, ssn_tokens = 2, join = 3 };

struct Section {
  SectionKind kind = SectionKind::entries;
  std::uint16_t pass = 0;    // 0 for the join section
  std::uint32_t stride = 0;  // bytes: entries, a row of bits; tokens, 2; join, 0
  std::uint64_t offset = 0;  // from the start of the file, a multiple of 8
  std::uint64_t length = 0;  // bytes, without the zero bytes up to the next multiple of 8
  std::uint64_t rows = 0;    // entries and tokens: entries of the pass; join: handles
  Checksum checksum{};       // of the `length` bytes
};
// "entries of pass dob_last", "ssn tokens of pass dob_last", "join".
// REQUIRES: section.pass < schema.passes.size().
std::string name_of(const Section& section, const schema::Schema& schema);

struct Preamble {
  std::uint32_t header_length = 0;  // bytes of header JSON
  std::uint64_t file_length = 0;
  std::uint32_t sections = 0;
  Checksum header_checksum{};
  Checksum directory_checksum{};  // of all slots, used or not
};
std::array<std::uint8_t, kPreambleBytes> encode(const Preamble& preamble);
// Error unless magic, version, reserved bytes and file length are right and the header JSON fits.
Result<Preamble> decode_preamble(ByteView file);

// Sections in file order without offsets, rows, lengths: entries of each pass, join, then (if the
// schema has SSN) tokens of each pass: last, so that a purge of SSN data is a truncation.
std::vector<Section> planned(const schema::Schema& schema);
// Bytes of a section, given its rows; `records` counts for the join section only.
// REQUIRES: rows, records <= kMostRows.
std::uint64_t length_of(const Section& section, std::uint64_t records);

Bytes encode_directory(const std::vector<Section>& sections, std::size_t slots);
// Reads and checks the directory at its place in `file`: the planned sections, or those without
// the SSN tokens; each where the one before ends, padded with zeros; lengths fit rows; the last
// ends with the file. Checksums of the sections are not looked at.
Result<std::vector<Section>> decode_directory(ByteView file, const Preamble& preamble,
                                              const schema::Schema& schema);
// Where the directory begins.
inline std::uint64_t directory_offset(const Preamble& p) {
  return kPreambleBytes + padded(p.header_length);
}

}  // namespace tessera::encoded
