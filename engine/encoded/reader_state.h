// What an opened file holds; only the sources of the reader include this.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/file.h"
#include "engine/core/secret.h"
#include "engine/encoded/reader.h"
#include "engine/encoded/sealed_front.h"
#include "engine/encoded/validate.h"

namespace tessera::encoded {

// The plain bytes of a sealed section while they are needed: aligned like a mapped file's, wiped
// when they go.
class PlainBytes {
 public:
  PlainBytes() = default;
  explicit PlainBytes(std::size_t size) : words_((size + 7) / 8), size_(size) {}
  PlainBytes(PlainBytes&& other) noexcept = default;
  PlainBytes& operator=(PlainBytes&& other) noexcept {
    clear();
    words_ = std::move(other.words_);
    size_ = other.size_;
    return *this;
  }
  ~PlainBytes() { clear(); }
  std::span<std::uint8_t> bytes() {
    return {reinterpret_cast<std::uint8_t*>(words_.data()), words_.empty() ? 0 : size_};
  }
  void clear() {
    wipe(bytes());
    words_ = {};
  }
  bool empty() const { return words_.empty(); }

 private:
  std::vector<std::uint64_t> words_;
  std::size_t size_ = 0;
};

struct File::State {
  std::string path;
  std::optional<MappedFile> mapped;
  std::vector<std::uint64_t> aligned;  // a copy, only of bytes in memory that were not aligned
  ByteView bytes;
  Header header;
  std::optional<Envelope> envelope;  // of a sealed file
  Sha256 digest{};
  std::vector<Section> sections;
  std::vector<schema::Layout> layouts;
  std::vector<PassView> passes;
  std::vector<JoinRecord> records;
  std::vector<JoinHandle> handles;
  HandleIndex index;

  // Sealed files only: parallel to `sections`.
  std::string header_text;
  std::vector<Secret<32>> keys;
  std::vector<PlainBytes> plain;

  bool sealed() const { return envelope.has_value(); }
  std::size_t section_of(SectionKind kind, std::size_t pass) const;  // sections.size(): none

  Result<void> load(const Opening& opening);
  Result<void> load_open();
  Result<void> load_header(const Preamble& preamble);
  Result<void> check_sums() const;
  // `p`: the section's plain bytes.
  Result<void> view_section(const Section& s, const std::uint8_t* p);
  Result<void> validate_all();

  // The sealed half, in sealed_reader.cpp.
  Result<void> load_sealed(const Opening& opening);
  Result<void> open_boxes(const SealedFront& front, const Opening& opening);
  Result<void> unseal(std::size_t section);
  Result<void> unseal_pass(std::size_t pass);
  void drop_pass(std::size_t pass);
};

}  // namespace tessera::encoded
