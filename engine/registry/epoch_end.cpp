// The end of an epoch: the event first, then every byte that came from its keys, in both files.
#include <algorithm>

#include <fmt/format.h>

#include "engine/registry/epoch_keeper.h"
#include "engine/registry/removals.h"

namespace tessera::registry {

using ledger::Transaction;

Result<void> EpochKeeper::writable() const {
  if (s_.access == Access::write && s_.transaction) return {};
  return Error{ErrorCode::usage, "a registry takes one change each time it is opened for writing",
               s_.db.path()};
}

// From here on the epoch has ended. Rows without digests stay to say whom it showed.
Result<void> EpochKeeper::tell(const Epoch& epoch, const Author& author) {
  TESSERA_TRY(const EpochCount n, count_epoch(registry_, epoch));
  TESSERA_CHECK(s_.db.exec("PRAGMA secure_delete=ON"));
  TESSERA_CHECK(s_.db.exec(
      fmt::format("UPDATE payload SET versions = x'', stored = 0 WHERE epoch = {0};"
                  "DELETE FROM pass_share WHERE pass >= {1} AND pass < {2};",
                  epoch.number, epoch.first_pass, epoch.first_pass + epoch.schema.passes.size())));
  TESSERA_CHECK(s_.handles_of(epoch).clear());
  TESSERA_TRY(const ledger::SignedHead head,
              s_.happen(EpochEnded{epoch.number, n.records, static_cast<std::int64_t>(n.entries),
                                   n.only_here, author.who, author.why}));
  (void)head;
  return {};
}

Result<void> EpochKeeper::shred(const Epoch& epoch, Progress& progress) {
  {
    // Under the lock, so that no batch stages entries meanwhile.
    TESSERA_TRY(Transaction lock, Transaction::begin(s_.db, Transaction::Kind::write));
    if (!registry_.split())
      TESSERA_CHECK(s_.entries->drop_passes(epoch.first_pass, epoch.schema.passes.size()));
  }
  return s_.rewrite(progress);
}

Result<EpochEnd> EpochKeeper::read_back(std::int64_t number) {
  TESSERA_TRY(const auto removals, removals_after(s_.db, 0));
  for (const Removal& r : removals)
    if (const auto* e = std::get_if<EpochEnded>(&r.what); e != nullptr && e->epoch == number)
      return EpochEnd{e->records, e->entries, e->not_found, e->who, e->why, r.head};
  return Error{ErrorCode::format, "the event that ended this epoch is not there", s_.db.path()};
}

Result<EpochEnd> EpochKeeper::end(std::int64_t number, const Author& author, Progress& progress) {
  TESSERA_CHECK(writable());
  if (number < 1 || number > static_cast<std::int64_t>(s_.epochs.size()))
    return Error{ErrorCode::usage, "has no such epoch", s_.db.path()};
  TESSERA_CHECK(s_.require_whole_pages());
  Epoch& epoch = s_.epochs[static_cast<std::size_t>(number) - 1];
  if (epoch.live()) {
    TESSERA_CHECK(check_author(author));
    if (std::ranges::count_if(s_.epochs, &Epoch::live) == 1)
      return Error{ErrorCode::conflict,
                   fmt::format("{} is the only live epoch; open the next one and have it filled "
                               "first",
                               epoch.name),
                   s_.db.path()};
    TESSERA_CHECK(tell(epoch, author));
    TESSERA_TRY(epoch.ended, s_.db.integer("SELECT max(ended) FROM epoch"));
  } else {
    s_.transaction.reset();
  }
  TESSERA_CHECK(shred(epoch, progress));
  return read_back(number);
}

Result<EpochEnd> end_epoch(Registry& registry, std::int64_t number, const Author& author,
                           Progress& progress) {
  return EpochKeeper(registry).end(number, author, progress);
}

}  // namespace tessera::registry
