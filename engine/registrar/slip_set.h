// Owners' files of slips as the records of one run, numbered as the plain deployment numbers them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/encoded/handle_index.h"
#include "engine/encoded/record_numbers.h"
#include "engine/slips/slip_file.h"

namespace tessera::registrar {

// Files of one project that were sealed to one comparer. Holds them open; movable. Thread safe for
// reading.
class SlipSet {
 public:
  // Opens and validates the join sections, and refuses mixed schemas, project keys, protections or
  // keys for entries, a file named twice, and a handle in two files. Files are ordered by owner,
  // population and digest, records by file, then record key, as link::FileSet does.
  static Result<SlipSet> open(const std::vector<std::string>& paths,
                              const encoded::Opening& opening);

  // The same, but files of different schemas, and so of different epochs, make sets of their own;
  // ordered by digest.
  static Result<std::vector<SlipSet>> open_apart(const std::vector<std::string>& paths,
                                                 const encoded::Opening& opening);

  const std::vector<slips::SlipFile>& files() const { return files_; }
  const schema::Schema& schema() const { return files_.front().header().schema; }
  std::uint32_t records() const { return numbers_.records(); }
  // Of each file its first record, and the total.
  const std::vector<std::uint32_t>& first() const { return numbers_.first(); }
  std::uint32_t file_of(std::uint32_t record) const { return numbers_.file_of(record); }
  const encoded::JoinRecord& record(std::uint32_t record) const;
  // Of each record its file.
  std::vector<std::uint32_t> groups() const { return numbers_.files(); }

  static constexpr std::uint32_t kNobody = UINT32_MAX;
  // The record that a handle belongs to, or kNobody.
  std::uint32_t record_of(encoded::Handle handle) const;
  // From here on a file shows nothing that comes from an SSN, as link::FileSet::strip_ssn has it.
  void strip_ssn(std::size_t file) { stripped_[file] = 1; }
  bool stripped(std::size_t file) const { return stripped_[file] != 0; }
  bool any_stripped() const;
  // Of a file, as strip_ssn leaves them: its records, and what the entries of each come to.
  std::vector<encoded::JoinRecord> shown(std::size_t file) const;
  const std::vector<Checksum>& payloads(std::size_t file) const;
  bool stays(std::size_t file, std::size_t pass) const;  // whether slips of the pass stay
  // Names just these files: SHA-256 over their digests.
  Sha256 batch() const;

 private:
  static Result<SlipSet> of(std::vector<slips::SlipFile> files);
  Result<void> index_handles();
  std::vector<slips::SlipFile> files_;
  encoded::RecordNumbers numbers_;
  std::vector<encoded::JoinHandle> handles_;  // of all files, `record` as numbered here
  encoded::HandleIndex index_;
  std::vector<std::uint8_t> stripped_;  // per file
};

// The name of a batch of these files, which stand as in a SlipSet.
Sha256 batch_of(std::span<const Sha256> files);

}  // namespace tessera::registrar
