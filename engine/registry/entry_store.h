// The entry store: every encoded entry that the registry compares with, in a file of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/core/progress.h"
#include "engine/core/result.h"
#include "engine/encoded/format.h"
#include "engine/ledger/database.h"
#include "engine/ledger/event_log.h"
#include "engine/registry/registry_name.h"
#include "engine/registry/tombstones.h"

namespace tessera::registry {

// Beside R.db as R.db.entries. Knows passes, tags, handles and bits; no record, owner or person.
// The passes of all epochs stand in one row of numbers (Epoch::first_pass).
//
// Entries are staged under a batch number, in as many transactions as it takes, and are live once
// the registry's own commit has made that number its last batch: there is one moment of truth, and
// it is not here. A number above the registry's last batch is what a crash left; begin() drops it.
//
// Every change of the registry, of whatever kind, is announced here by the head it will have, then
// committed there, then settled here. So the registry's head always stands among the one or two
// kept here, and a copy of either file of another moment is told. decisions/0050 goes through it.
//
// Inside: each batch makes one sorted generation per pass, cut into slabs; a read joins the tags
// asked for with the slabs whose range meets them. tidy() merges small generations, and leaves out
// dropped entries, when they come to a tenth of the whole. docs/format/registry-v1.md has the
// tables.
//
// Not thread safe. With Access::read the object keeps one snapshot for as long as it lives.
class EntryStore {
 public:
  // How long another process's lock is waited for; a caller may ask for less.
  static constexpr std::uint32_t kLongestWait = 5000;  // ms
  // strides[p]: bytes of a row of pass p (schema::layout). Error `conflict` if the file exists.
  // `head`: the registry's.
  static Result<EntryStore> create(const std::string& path, const RegistryName& name,
                                   const std::vector<std::uint32_t>& strides,
                                   const ledger::Head& head);
  // Error `conflict` if the file belongs to another registry, `format` if it is damaged.
  static Result<EntryStore> open(const std::string& path, const RegistryName& name, Access access,
                                 std::uint32_t wait_ms = kLongestWait);
  EntryStore(EntryStore&&) noexcept;
  EntryStore& operator=(EntryStore&&) noexcept;
  ~EntryStore();

  // Sets the last live batch. `now` is the head of the registry, `registry` its path, for messages.
  // Error `conflict`, and nothing is touched, if the two files are of different moments. With
  // Access::write the caller holds the registry's write lock, and what a crash left above `live`
  // and `now` is deleted.
  Result<void> begin(std::int64_t live, const ledger::Head& now, const std::string& registry);
  // The newest head kept here: the registry's, or the one it was about to have.
  Result<ledger::Head> newest_head() const;
  // The registry is about to commit: `next` will be its head. REQUIRES: Access::write.
  Result<void> announce(const ledger::Head& next);
  // The registry has committed, and no older copy of it goes with this store from now on.
  Result<void> settle(const ledger::Head& now);
  // After the registry's commit: batch `live` may be read from now on.
  Result<void> make_live(std::int64_t live);

  // Makes room for the passes of another epoch: numbers from `first` on. What a crash left there,
  // which holds nothing, is made anew. REQUIRES: Access::write; no entries from `first` on.
  Result<void> set_passes(std::size_t first, const std::vector<std::uint32_t>& strides);
  std::size_t passes() const;  // of all epochs, ended ones among them
  std::uint32_t stride(std::size_t pass) const;
  std::uint64_t rows(
      std::size_t pass) const;  // live rows, dropped but not yet merged away included

  // All live entries of a pass whose tag is in `tags`, sorted by (tag, handle). Tokens are given
  // only if every row has one. REQUIRES: tags sorted, unique; pass < passes().
  Result<encoded::PassColumns> read_matching(std::size_t pass,
                                             std::span<const encoded::Tag> tags) const;
  // Every live entry of a pass: for a first model, or a link against the whole registry.
  Result<encoded::PassColumns> read_all(std::size_t pass) const;

  // Rows of one file and pass; keep[i] != 0: store row i. An empty mask keeps all.
  struct Source {
    encoded::PassView rows;
    std::span<const std::uint8_t> keep;
  };
  // Stages the kept rows of all sources as one generation. Best called once per pass and batch with
  // all files of the batch. REQUIRES: Access::write; batch above the live one; rows sorted by (tag,
  // handle); stride as created. Gives the number of rows stored.
  Result<std::uint64_t> add_pass(std::int64_t batch, std::size_t pass,
                                 std::span<const Source> sources);
  // Where an entry lies: kept for records that a person is asked about, so that the entry can be
  // found by its handle.
  struct Place {
    encoded::Handle handle = 0;
    std::size_t pass = 0;
    encoded::Tag tag{};
  };
  // Stages places; any order. REQUIRES: Access::write; batch above the live one.
  Result<void> note_asked(std::int64_t batch, std::span<const Place> places);
  // The places of those handles that have one.
  Result<std::vector<Place>> asked(std::span<const encoded::Handle> handles) const;
  // Stages the removal of entries stored before `batch`, in whatever passes they are.
  Result<void> drop_handles(std::int64_t batch, std::span<const encoded::Handle> handles);

  // Merges where it pays (see above). Call after make_live; safe to be killed in.
  Result<void> tidy(Progress& progress);
  // Merges every pass into one generation whatever its size: dropped entries leave the file.
  Result<void> compact(Progress& progress);
  // Takes out all entries of passes [first, first + count). Free pages and the log may hold them
  // until rewrite(). REQUIRES: Access::write.
  Result<void> drop_passes(std::size_t first, std::size_t count);
  // Takes out all SSN tokens, and all entries of the passes named. As above.
  struct Purged {
    std::uint64_t tokens = 0, entries = 0;
  };
  Result<Purged> purge_ssn(const std::vector<std::size_t>& ssn_passes);
  // Writes the file anew without its free pages, and empties its log. Error `conflict` if another
  // process reads it just now.
  Result<void> rewrite();
  // The live rows of a pass, some hundred at a time, in no order across calls.
  Result<void> each_live(std::size_t pass,
                         const std::function<Result<void>(const encoded::PassView&)>& body) const;
  // That every page of the file fits its sum (ledger::Database).
  Result<void> check_pages();
  // Schema text, SQLite's own check, and the checksum of every slab.
  Result<void> verify(Progress& progress);

 private:
  EntryStore();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tessera::registry
