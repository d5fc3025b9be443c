// A section sealed to a public key: a key of its own in a sealed box, its bytes in a secret stream.
// Released artefacts use the stream alone, under a key that their book keeps.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>

#include "engine/core/bytes.h"
#include "engine/core/secret.h"
#include "engine/seal/key_pair.h"

namespace tessera::seal {

inline constexpr std::size_t kBoxBytes = 80;    // crypto_box_seal of a section key
inline constexpr std::size_t kStreamHead = 24;  // before the first chunk
inline constexpr std::size_t kChunk = 1 << 16;  // plain bytes of every chunk but the last
inline constexpr std::size_t kChunkExtra = 17;  // what sealing adds to a chunk

using KeyBox = std::array<std::uint8_t, kBoxBytes>;

// Bytes of a sealed section that holds `plain` bytes. An empty one has one chunk too.
constexpr std::uint64_t sealed_length(std::uint64_t plain) {
  const std::uint64_t chunks = plain == 0 ? 1 : (plain + kChunk - 1) / kChunk;
  return kStreamHead + plain + chunks * kChunkExtra;
}

// The other way; nullopt if no section has this length.
constexpr std::optional<std::uint64_t> plain_length(std::uint64_t sealed) {
  if (sealed < sealed_length(0)) return std::nullopt;
  const std::uint64_t body = sealed - kStreamHead;
  const std::uint64_t chunks = (body + kChunk + kChunkExtra - 1) / (kChunk + kChunkExtra);
  if (body < chunks * kChunkExtra) return std::nullopt;
  const std::uint64_t plain = body - chunks * kChunkExtra;
  return sealed_length(plain) == sealed ? std::optional(plain) : std::nullopt;
}

// Seals one section: crypto_box_seal for the key, crypto_secretstream_xchacha20poly1305 for the
// bytes. `bound` is authenticated with every chunk: it names the section, so that no chunk opens in
// another's place. Draws from libsodium's own generator. Not thread safe.
class SectionSealer {
 public:
  using Sink = std::function<void(ByteView)>;
  // `length`: the plain bytes that will come.
  SectionSealer(const PublicBytes& to, Bytes bound, std::uint64_t length, Sink sink);
  // The same under a key that the caller keeps, used for this stream alone: box() holds nothing.
  SectionSealer(const Secret<32>& key, Bytes bound, std::uint64_t length, Sink sink);
  ~SectionSealer();
  SectionSealer(const SectionSealer&) = delete;
  SectionSealer& operator=(const SectionSealer&) = delete;
  const KeyBox& box() const { return box_; }
  // In pieces of any size. REQUIRES: `length` bytes in all, then finish().
  void add(ByteView plain);
  void finish();

 private:
  void begin(const Secret<32>& key, Bytes bound, std::uint64_t length, Sink sink);
  void put(bool last);
  struct State;
  std::unique_ptr<State> state_;
  KeyBox box_{};
};

// Opens a key box. nullopt: it was sealed to somebody else, or is damaged.
std::optional<Secret<32>> open_box(const KeyBox& box, const KeyPair& pair);
// Opens a whole section into `out`. False unless every chunk is whole, in order, and bound to this
// section, and nothing follows. REQUIRES: sealed.size() == sealed_length(out.size()).
bool open_section(const Secret<32>& key, ByteView bound, ByteView sealed,
                  std::span<std::uint8_t> out);

}  // namespace tessera::seal
