// Files: read whole or mapped, written whole or not at all.
#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "engine/core/bytes.h"
#include "engine/core/result.h"

namespace tessera {

// The whole of a regular file, pipe or descriptor ("-" is standard input, "/dev/fd/N" works).
// Refuses more than `limit` bytes with ErrorCode::limit.
Result<std::string> read_file(const std::string& path, std::size_t limit = std::size_t{1} << 33);

// A file mapped read-only. The view lives as long as the object. Pages come in as they are read.
class MappedFile {
 public:
  static Result<MappedFile> open(const std::string& path);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();
  ByteView view() const { return {data_, size_}; }
  // Tells the system that [offset, offset + size) is not needed again, to keep memory bounded.
  void release(std::size_t offset, std::size_t size) const;

 private:
  MappedFile() = default;
  const std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

// Writes a file that has no name, and commit() syncs it and names it `path`: the file appears whole
// or not at all, and a program that is killed leaves nothing. (Where the file system has no
// nameless files it is written as `path`.part-XXXXXXXX, which a kill leaves behind.) Without
// `force` an existing file is refused, at open and again at commit; what is no regular file (a
// device, a folder) is refused always. A writer destroyed without commit leaves nothing. "-" writes
// to standard output. Not thread safe.
class AtomicFile {
 public:
  struct Options {
    bool force = false;
    unsigned mode = 0644;  // 0600 for whatever only its owner may read
    bool nameless = true;  // false: as on a file system that has no nameless files
    // Runs in commit(), when all is on disk and right before the name; its error leaves no file.
    std::function<Result<void>()> before_name = {};
  };
  static Result<AtomicFile> create(const std::string& path, Options options);
  AtomicFile(AtomicFile&&) noexcept;
  AtomicFile& operator=(AtomicFile&&) noexcept;
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  // Errors are remembered, so a run of writes may be checked once, at commit.
  void write(ByteView bytes);
  void write(std::string_view text) { write(as_bytes(text)); }
  // Overwrites earlier bytes (a header whose counts were not known). Not for standard output.
  void write_at(std::uint64_t offset, ByteView bytes);
  std::uint64_t size() const;  // bytes written so far
  Result<void> commit();

 private:
  AtomicFile() = default;
  struct State;
  std::unique_ptr<State> state_;
};

Result<void> write_file(const std::string& path, std::string_view text,
                        AtomicFile::Options options);

// Which file a name reaches: device and inode; nothing if it does not exist.
using FileIdentity = std::pair<std::uint64_t, std::uint64_t>;
std::optional<FileIdentity> file_identity(const std::string& path);
// True if both names reach the same file; false if either does not exist.
bool same_file(const std::string& a, const std::string& b);
bool file_exists(const std::string& path);
// Error if group or others may read the file: a key file that is not private is no key file.
Result<void> require_private(const std::string& path);

}  // namespace tessera
