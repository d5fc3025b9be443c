// Reads an encoded-v1 file and validates all of it before giving anything.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/encoded/format.h"
#include "engine/encoded/sections.h"

namespace tessera::encoded {

// An opened, validated file. Views point into mapped memory and live as long as the File.
// Thread safe for reading.
class File {
 public:
  // Checked: sizes, directory, checksums, canonical schema and its digest, sorted tags, each handle
  // once in the passes and once in the join section, exact slot weights, known presence bits only,
  // zero padding, sorted unique record keys, exactly the entries that the schema promises
  // (between `least` and `most` per record and pass). Every refusal is ErrorCode::format with the
  // path, the section and the rule broken; never bytes of the file.
  static Result<File> open(const std::string& path);
  // The same over bytes in memory (fuzzing, golden tests). `bytes` must outlive the File.
  static Result<File> parse(ByteView bytes, const std::string& name);
  File(File&&) noexcept;
  File& operator=(File&&) noexcept;
  ~File();

  const Header& header() const;
  const std::string& path() const;
  Sha256 digest() const;  // SHA-256 of the section directory and header: names the submission
  std::size_t passes() const;
  PassView pass(std::size_t p) const;
  const schema::Layout& layout(std::size_t p) const;
  std::span<const JoinRecord> records() const;   // sorted by key
  std::span<const JoinHandle> handles() const;   // sorted by handle
  std::uint32_t record_of(Handle handle) const;  // REQUIRES: a handle of this file
  std::span<const Section> sections() const;     // in file order; to describe the file
  // Lets the pages of a pass go, once it has been used.
  void release(std::size_t p) const;

 private:
  File();
  struct State;
  std::unique_ptr<State> state_;
};

// Error (conflict) unless all files share schema digest, protection and key check, and so the
// epoch. The message names the two files and what differs.
Result<void> require_same_project(const std::vector<const File*>& files);

}  // namespace tessera::encoded
