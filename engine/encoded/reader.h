// Reads an encoded-v1 file and validates all of it before giving anything.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/encoded/format.h"
#include "engine/encoded/opening.h"
#include "engine/encoded/sealed_front.h"
#include "engine/encoded/sections.h"

namespace tessera::encoded {

// An opened, validated file. Views point into mapped memory and live as long as the File.
// Thread safe for reading; load and release are not.
//
// A sealed file (docs/format/sealed-v1.md) is opened pass by pass: nothing plain goes to disk, and
// no more than the passes loaded is held. Its passes are there between load and release only.
class File {
 public:
  // Checked: sizes, directory, checksums, canonical schema and its digest, sorted tags, each handle
  // once in the passes and once in the join section, exact slot weights, known presence bits only,
  // zero padding, sorted unique record keys, exactly the entries that the schema promises
  // (between `least` and `most` per record and pass). Every refusal is ErrorCode::format with the
  // path, the section and the rule broken; never bytes of the file.
  // Of a sealed file also: its owner's signature, check_trust, counts; ErrorCode::crypto where
  // bytes or keys are not the ones signed or sealed to.
  static Result<File> open(const std::string& path, const Opening& opening = {});
  // The same over bytes in memory (fuzzing, golden tests). `bytes` must outlive the File.
  static Result<File> parse(ByteView bytes, const std::string& name, const Opening& opening = {});
  File(File&&) noexcept;
  File& operator=(File&&) noexcept;
  ~File();

  const Header& header() const;
  const std::string& path() const;
  Sha256 digest() const;  // SHA-256 of the section directory and header: names the submission
  bool sealed() const;
  const Envelope* envelope() const;  // of a sealed file, else nullptr
  std::size_t passes() const;
  std::uint64_t rows(std::size_t p) const;  // entries of a pass, loaded or not
  bool tokens() const;                      // it has SSN tokens
  // Opens a pass of a sealed file again; of another file, just gives it.
  Result<PassView> load(std::size_t p) const;
  PassView pass(std::size_t p) const;  // REQUIRES: not sealed, or loaded
  const schema::Layout& layout(std::size_t p) const;
  std::span<const JoinRecord> records() const;   // sorted by key
  std::span<const JoinHandle> handles() const;   // sorted by handle
  std::uint32_t record_of(Handle handle) const;  // REQUIRES: a handle of this file
  std::span<const Section> sections() const;     // in file order; to describe the file
  // Lets the pages of a pass go, or wipes what was opened, once it has been used.
  void release(std::size_t p) const;

 private:
  File();
  struct State;
  std::unique_ptr<State> state_;
};

// The front of a sealed file, without opening it: structure, signature and digests are checked,
// whoever signed. Needs no key.
Result<SealedFront> look_at_sealed(ByteView file);

}  // namespace tessera::encoded
