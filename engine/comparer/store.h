// The comparer's own store: every entry that a registry's mixes brought and that is still live.
#pragma once

#include <string>
#include <vector>

#include "engine/comparer/opened_mix.h"
#include "engine/core/progress.h"
#include "engine/core/result.h"
#include "engine/registry/entry_store.h"
#include "engine/slips/mix_file.h"

namespace tessera::comparer {

// Entries have no name but their handles. Which of them are live every mix says anew, so whatever a
// registrar takes back (a batch, a purged or destroyed record) is out of every comparison with the
// next mix, and out of the file some time after take_in(), at once with shred(). For one process at
// a time; not thread safe.
class Store {
 public:
  // As the mix finds it. Made new for a registry that has nothing stored yet, if there is no file.
  // Errors (conflict): another registry's store; live entries that it lacks; or a mix before this
  // one whose entries the registry neither took in nor forgot, unless `anew` says that it never
  // will. REQUIRES: mix.header().standing.
  static Result<Store> open(const std::string& path, const slips::MixFile& mix, bool anew,
                            Progress& progress);
  // Live entries of these tags, sorted by (tag, handle). REQUIRES: tags sorted, unique.
  Result<encoded::PassColumns> matching(std::size_t pass, std::span<const encoded::Tag> tags) const;
  // Stores the mix's entries and takes out what is not live. The next mix says which of them the
  // registry took in.
  Result<void> take_in(const OpenedMix& entries, Progress& progress);
  // Writes the whole file anew: of what take_in took out no byte is left in it or its log. Error
  // `conflict` if another process reads it just now; cut short or refused, call it again.
  Result<void> shred(Progress& progress);

 private:
  Store(registry::EntryStore store, ledger::Head head, const slips::MixFile& mix)
      : store_(std::move(store)), head_(head), batch_(mix.header().batch), mix_(&mix) {}
  Result<void> read_dead(Progress& progress);
  bool live(encoded::Handle handle) const;

  registry::EntryStore store_;
  ledger::Head head_;  // seq: of the mix taken in last; hash: its MixHeader::batch
  Sha256 batch_;
  const slips::MixFile* mix_;
  std::vector<encoded::Handle> dead_;  // stored, and not live
};

// The file itself, to be written: a registry's, under the schema of its mixes, else error conflict.
// Every batch is live.
Result<registry::EntryStore> open_store(const std::string& path, const registry::RegistryName& name,
                                        const schema::Schema& schema);

}  // namespace tessera::comparer
