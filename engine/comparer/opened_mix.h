// A mix with its slips opened: entries in blocks, and whose they are is not known.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/progress.h"
#include "engine/core/result.h"
#include "engine/link/pipeline.h"
#include "engine/slips/mix_file.h"

namespace tessera::comparer {

// Every entry counts as a record of its own, every mark as a group of its own: inside a block that
// is all that comparing across files needs. Holds all entries; movable.
class OpenedMix {
 public:
  // Checked: every pass has as many slips as its records have; every slip opens, stands in its own
  // pass, and keeps the rules of an entry (encoded/row_rule.h); no handle occurs twice. Errors:
  // crypto for a key that is not the one, or a slip that does not open; format; conflict. On all
  // threads. Slips whose SSN is stopped lose their token here, and those of passes on the SSN are
  // not held at all.
  static Result<OpenedMix> open(const slips::MixFile& mix, const seal::KeyPair& entries,
                                Progress& progress);
  // As link::FileSet::run(across). The OpenedMix must outlive it and stay in place.
  link::Run run() const;
  // Of the entry that the run numbers so.
  encoded::Handle handle(std::uint32_t number) const { return handles_[number]; }

  const schema::Schema& schema() const { return schema_; }
  const link::RunSize& size() const { return size_; }
  std::uint32_t entries() const { return static_cast<std::uint32_t>(handles_.size()); }
  // The rows of a pass, by tag, and the numbers of their entries.
  block::Source source(std::size_t pass) const { return {passes_[pass].view(), numbers_[pass]}; }
  // The rows of a pass that keep(row) is true of, sorted: those that came with tokens, and those
  // whose SSNs are stopped.
  struct Apart {
    encoded::PassColumns whole, bare;
  };
  template <class Keep>
  Apart apart(std::size_t pass, const Keep& keep) const {
    const encoded::PassView all = passes_[pass].view();
    encoded::PassView bare = all;
    bare.ssn_tokens = {};
    const std::vector<std::uint8_t>& is_bare = bare_[pass];
    Apart out{encoded::PassColumns::rows_of(
                  all, [&](std::size_t i) { return is_bare[i] == 0 && keep(i); }),
              encoded::PassColumns::rows_of(
                  bare, [&](std::size_t i) { return is_bare[i] != 0 && keep(i); })};
    out.whole.sort();
    out.bare.sort();
    return out;
  }
  // Whether tokens are compared: every entry has one, and nobody's SSN is stopped.
  bool tokens() const { return tokens_; }
  // Entries of passes on the SSN that are not held, sorted.
  const std::vector<encoded::Handle>& dropped() const { return dropped_; }
  // Entries of one tag and one file have the same.
  std::uint32_t group(std::uint32_t number) const { return group_[number]; }

 private:
  Result<void> open_pass(const slips::MixFile& mix, std::size_t pass, const seal::KeyPair& entries);
  void take(std::size_t pass, ByteView plain, const std::vector<encoded::Handle>& stopped);
  Result<void> check_handles() const;
  schema::Schema schema_;
  link::RunSize size_;
  std::vector<encoded::PassColumns> passes_;         // rows by (tag, mark, handle)
  std::vector<std::vector<std::uint32_t>> numbers_;  // per pass and row
  std::vector<std::uint32_t> group_;                 // per number
  std::vector<encoded::Handle> handles_;             // per number
  std::vector<std::vector<std::uint8_t>> bare_;  // per pass and row: 1 if its token was taken out
  std::vector<encoded::Handle> dropped_;
  bool tokens_ = false;
};

}  // namespace tessera::comparer
