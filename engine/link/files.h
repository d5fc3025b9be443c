// Encoded files as the records of one run: numbered alike whatever the order they were named in.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/encoded/reader.h"
#include "engine/encoded/record_numbers.h"
#include "engine/link/pipeline.h"

namespace tessera::link {

// Files of one project, ready to be linked. Holds the files open (mapped); movable.
class FileSet {
 public:
  // Opens and validates all files and refuses mixed schemas, keys or protections, and a file named
  // twice. Files are ordered by owner, population and digest; records by file, then record key.
  // `opening`: for sealed files.
  static Result<FileSet> open(const std::vector<std::string>& paths,
                              const encoded::Opening& opening = {});
  // The same, but files of different schemas, and so of different epochs, make sets of their own;
  // ordered by digest.
  static Result<std::vector<FileSet>> open_apart(const std::vector<std::string>& paths,
                                                 const encoded::Opening& opening = {});

  const std::vector<encoded::File>& files() const { return files_; }
  const schema::Schema& schema() const { return files_.front().header().schema; }
  std::uint32_t records() const { return numbers_.records(); }
  std::uint32_t first_record(std::size_t file) const { return numbers_.first()[file]; }
  std::uint32_t file_of(std::uint32_t record) const { return numbers_.file_of(record); }
  const encoded::JoinRecord& record(std::uint32_t record) const;
  bool tokens() const;  // every file carries SSN tokens

  // From here on a file shows nothing of a field: its entries are those of missing values. Of the
  // SSN: no token, no entry of a pass keyed by it; a record whose SSN was given counts as `purged`,
  // with one usable pass less. REQUIRES: schema::can_strip.
  void strip(std::size_t file, std::size_t field);
  encoded::JoinRecord shown(std::uint32_t record) const;  // record(), as strip leaves it

  // Entries of a pass in all files. Lets go of the pages of the pass asked for before.
  Result<std::vector<block::Source>> sources(std::size_t pass);
  // The records as a run with one group per file. The FileSet must outlive it and stay in place.
  Run run(PairRule rule);

 private:
  static Result<FileSet> of(std::vector<encoded::File> files);
  bool without_ssn(std::size_t file) const;
  // What a file shows of a pass, its fields stripped; `records` are its rows'.
  block::Source as_stripped(std::size_t file, std::size_t pass, const encoded::PassView& view,
                            std::span<const std::uint32_t> records);
  std::vector<encoded::File> files_;
  encoded::RecordNumbers numbers_;
  std::vector<std::vector<std::size_t>> stripped_;  // per file, its fields
  std::vector<encoded::PassColumns> blanked_;       // per file: of the pass asked for last
  std::vector<std::vector<std::vector<std::uint32_t>>>
      record_of_row_;  // per pass and file, once asked
  std::size_t last_pass_ = SIZE_MAX;
};

}  // namespace tessera::link
