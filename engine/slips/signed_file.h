// What the files of a split linkage unit have in common: a header that anybody may read, a body,
// and a signature over both.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "engine/core/digest.h"
#include "engine/core/file.h"
#include "engine/core/result.h"
#include "engine/encoded/magic.h"
#include "engine/seal/signature.h"

namespace tessera::slips {

// One sort of file. `context` is signed with it, so that a signature for one sort serves no other.
struct Sort {
  encoded::Magic magic;
  std::string_view name;  // "a file of slips"
  std::string_view context;
};
inline constexpr Sort kSlipFile{encoded::kSlipMagic, "a file of slips", "tessera slips 1"};
inline constexpr Sort kMixFile{encoded::kMixMagic, "a mix of slips", "tessera mix 1"};
inline constexpr Sort kScoreFile{encoded::kScoreMagic, "a file of scores", "tessera scores 1"};
inline constexpr Sort kPurgeOrder{encoded::kOrderMagic, "an order to purge",
                                  "tessera purge order 1"};
inline constexpr Sort kPurgeReceipt{encoded::kReceiptMagic, "a receipt for a purge",
                                    "tessera purge receipt 1"};

// Writes one: create, write the body, commit. Not thread safe.
class SignedWriter {
 public:
  static Result<SignedWriter> create(const std::string& path, const Sort& sort,
                                     std::string_view header, AtomicFile::Options options);
  void write(ByteView bytes);
  // Zero bytes up to the next multiple of eight.
  void pad();
  // Signs and names the file. REQUIRES: seal::signs(signer.open.use).
  Result<void> commit(const seal::KeyPair& signer);

 private:
  SignedWriter(AtomicFile file, std::string_view context)
      : file_(std::move(file)), context_(context) {}
  AtomicFile file_;
  Sha256Stream digest_;
  std::string_view context_;
};

// A file's parts as it says them; who signed is checked by verify(). The view lives as long as the
// object. Thread safe for reading.
class SignedFile {
 public:
  // Error `format` unless it is of this sort and its header fits.
  static Result<SignedFile> open(const std::string& path, const Sort& sort);
  const std::string& path() const { return path_; }
  std::string_view header() const { return header_; }
  ByteView body() const { return body_; }
  // SHA-256 of all before the signature: names the file.
  const Sha256& digest() const { return digest_; }
  // Error `crypto` unless `key` signed just this.
  Result<void> verify(const seal::PublicBytes& key) const;

 private:
  explicit SignedFile(MappedFile file) : file_(std::move(file)) {}
  MappedFile file_;
  std::string path_;
  std::string header_;
  ByteView body_;
  Sha256 digest_{};
  seal::Signature signature_{};
  std::string_view context_;
};

}  // namespace tessera::slips
