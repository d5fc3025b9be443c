// A sealed box and libsodium's secret stream, put together.
#include "engine/seal/stream.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include <sodium.h>

#include "engine/seal/box.h"

namespace tessera::seal {

static_assert(kBoxBytes == kBoxExtra + crypto_secretstream_xchacha20poly1305_KEYBYTES);
static_assert(kStreamHead == crypto_secretstream_xchacha20poly1305_HEADERBYTES);
static_assert(kChunkExtra == crypto_secretstream_xchacha20poly1305_ABYTES);

namespace {

// A generator or cipher that fails must stop us: what follows would not be sealed.
void must(bool ok) {
  if (!ok) std::abort();
}

using StreamState = crypto_secretstream_xchacha20poly1305_state;

void wipe_state(StreamState& state) {
  wipe({reinterpret_cast<std::uint8_t*>(&state), sizeof state});
}

}  // namespace

struct SectionSealer::State {
  StreamState stream{};
  Bytes bound;
  Sink sink;
  Bytes plain;  // of the chunk that fills up
  Bytes sealed;
  std::uint64_t left = 0;  // plain bytes to come
  bool closed = false;
  ~State() {
    wipe_state(stream);
    wipe(plain);
  }
};

SectionSealer::SectionSealer(const PublicBytes& to, Bytes bound, std::uint64_t length, Sink sink)
    : state_(std::make_unique<State>()) {
  must(sodium_init() >= 0);
  Secret<32> key;
  crypto_secretstream_xchacha20poly1305_keygen(key.fill().data());
  seal_box(to, key.reveal(), box_);
  begin(key, std::move(bound), length, std::move(sink));
}

SectionSealer::SectionSealer(const Secret<32>& key, Bytes bound, std::uint64_t length, Sink sink)
    : state_(std::make_unique<State>()) {
  must(sodium_init() >= 0);
  begin(key, std::move(bound), length, std::move(sink));
}

void SectionSealer::begin(const Secret<32>& key, Bytes bound, std::uint64_t length, Sink sink) {
  State& s = *state_;
  s.bound = std::move(bound);
  s.sink = std::move(sink);
  s.left = length;
  s.plain.reserve(kChunk);
  std::array<std::uint8_t, kStreamHead> head{};
  must(crypto_secretstream_xchacha20poly1305_init_push(&s.stream, head.data(),
                                                       key.reveal().data()) == 0);
  s.sink(head);
}

SectionSealer::~SectionSealer() = default;

void SectionSealer::put(bool last) {
  State& s = *state_;
  s.sealed.resize(s.plain.size() + kChunkExtra);
  must(crypto_secretstream_xchacha20poly1305_push(
           &s.stream, s.sealed.data(), nullptr, s.plain.data(), s.plain.size(), s.bound.data(),
           s.bound.size(), last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0) == 0);
  s.sink(s.sealed);
  s.plain.clear();
  s.closed = last;
}

void SectionSealer::add(ByteView bytes) {
  State& s = *state_;
  must(bytes.size() <= s.left);
  while (!bytes.empty()) {
    const std::size_t n = std::min(bytes.size(), kChunk - s.plain.size());
    s.plain.insert(s.plain.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n));
    bytes = bytes.subspan(n);
    s.left -= n;
    if (s.plain.size() == kChunk || s.left == 0) put(s.left == 0);
  }
}

void SectionSealer::finish() {
  State& s = *state_;
  must(s.left == 0);
  if (!s.closed) put(true);  // an empty section
}

std::optional<Secret<32>> open_box(const KeyBox& box, const KeyPair& pair) {
  Secret<32> key;
  if (!open_box(box, pair, key.fill())) return std::nullopt;
  return key;
}

bool open_section(const Secret<32>& key, ByteView bound, ByteView sealed,
                  std::span<std::uint8_t> out) {
  if (sealed.size() != sealed_length(out.size())) return false;
  StreamState stream{};
  bool good = crypto_secretstream_xchacha20poly1305_init_pull(&stream, sealed.data(),
                                                              key.reveal().data()) == 0;
  sealed = sealed.subspan(kStreamHead);
  while (good && !sealed.empty()) {
    const std::size_t n = std::min(sealed.size(), kChunk + kChunkExtra);
    const bool last = n == sealed.size();
    unsigned char tag = 0;
    good = crypto_secretstream_xchacha20poly1305_pull(&stream, out.data(), nullptr, &tag,
                                                      sealed.data(), n, bound.data(),
                                                      bound.size()) == 0 &&
           tag == (last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0);
    out = out.subspan(n - kChunkExtra);
    sealed = sealed.subspan(n);
  }
  wipe_state(stream);
  return good;
}

}  // namespace tessera::seal
