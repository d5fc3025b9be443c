// The front of a sealed file: what anybody may read, and its owner has signed.
// docs/format/sealed-v1.md has the tables.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "engine/core/bytes.h"
#include "engine/core/digest.h"
#include "engine/core/result.h"
#include "engine/encoded/envelope.h"
#include "engine/encoded/format.h"
#include "engine/encoded/sections.h"
#include "engine/seal/signature.h"
#include "engine/seal/stream.h"

namespace tessera::encoded {

inline constexpr std::array<std::uint8_t, 8> kSealedMagic{'T', 'E', 'S', 'S', 'E', 'A', 'L', 1};
inline constexpr std::uint32_t kSealedVersion = 1;
inline constexpr std::size_t kSealedSlotBytes = 152;
inline constexpr std::string_view kSealedContext = "tessera sealed file 1";

// One sealed section. `plain`: its offset is that of the sealed bytes, its length that of the plain
// ones, its checksum unused.
struct SealedSection {
  Section plain;
  Sha256 digest{};  // of the sealed bytes
  seal::KeyBox box{};
};

struct SealedFront {
  Header header;
  Envelope envelope;
  std::string text;  // the JSON of both
  std::vector<SealedSection> sections;
  Bytes bytes;  // all that is signed: fixed header, header JSON, directory
  seal::Signature signature{};
  Sha256 digest() const { return sha256(bytes); }  // names the submission
};

bool is_sealed(ByteView file);
// Lays the sections out behind a front with this header: offsets, from rows and record count.
// Gives the length of the file.
std::uint64_t lay_out(std::string_view text, std::vector<SealedSection>& sections,
                      std::uint64_t records);
// The signed bytes.
Bytes encode_front(std::string_view text, const std::vector<SealedSection>& sections,
                   std::uint64_t file_length);
// Reads and checks everything but signature, digests and boxes: sizes, canonical header, the
// planned sections one after another, counts that agree, zero padding.
Result<SealedFront> decode_front(ByteView file);
// Whether the owner's key of the header signed the front.
bool signature_holds(const SealedFront& front);
// What each chunk of a section is bound to: the header and the section's place.
Bytes bound_to(std::string_view text, const Section& section);

}  // namespace tessera::encoded
