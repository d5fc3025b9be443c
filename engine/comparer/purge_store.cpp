// What is gone is whatever is live and not stored any more, so that a repetition finds it too.
#include "engine/comparer/purge_store.h"

#include <algorithm>

#include "engine/comparer/store.h"
#include "engine/schema/ssn_pass.h"

namespace tessera::comparer {
namespace {

using registry::EntryStore;

struct Stored {
  std::vector<encoded::Handle> live;  // in passes that stay; sorted
  std::uint64_t on_ssn = 0;           // live ones in passes that go
  bool tokens = false;                // some entry has one
};

Result<Stored> read(const EntryStore& store, const slips::PurgeOrder& order, Progress& progress) {
  Stored out;
  progress.begin("reading handles", store.passes(), "passes");
  for (std::size_t p = 0; p < store.passes(); ++p) {
    const bool goes = schema::keyed_by_ssn(order.schema, p);
    TESSERA_CHECK(store.each_live(p, [&](const encoded::PassView& rows) -> Result<void> {
      if (!rows.ssn_tokens.empty()) out.tokens = true;
      for (const encoded::Handle h : rows.handles) {
        if (!std::ranges::binary_search(order.live, h)) continue;
        if (goes)
          ++out.on_ssn;
        else
          out.live.push_back(h);
      }
      return {};
    }));
    progress.advance(1);
  }
  std::ranges::sort(out.live);
  return out;
}

slips::PurgeReceipt receipt_for(const slips::PurgeOrder& order) {
  slips::PurgeReceipt out;
  out.registry = order.registry;
  out.follows = order.follows;
  out.order = order.digest;
  return out;
}

// Every entry, those of a mix that was never assigned too.
Result<slips::PurgeReceipt> shred(EntryStore& store, const slips::PurgeOrder& order) {
  slips::PurgeReceipt out = receipt_for(order);
  for (std::size_t p = 0; p < store.passes(); ++p) out.entries += store.rows(p);
  TESSERA_CHECK(store.drop_passes(0, store.passes()));
  TESSERA_CHECK(store.rewrite());
  return out;
}

}  // namespace

Result<slips::PurgeReceipt> purge_store(const std::string& path, const slips::PurgeOrder& order,
                                        const std::string& where, Progress& progress) {
  TESSERA_TRY(EntryStore store, open_store(path, order.registry, order.schema));
  if (order.ended) {
    TESSERA_CHECK(store.check_pages());
    return shred(store, order);
  }
  TESSERA_TRY(const ledger::Head head, store.newest_head());
  if (head.hash != order.follows)
    return Error{ErrorCode::conflict,
                 "the store has taken in another mix than the registry's newest batch: an order "
                 "from before it, or a mix that was not yet assigned; have it assigned, and the "
                 "purge ordered anew",
                 where};
  TESSERA_CHECK(store.check_pages());
  TESSERA_TRY(const Stored stored, read(store, order, progress));
  slips::PurgeReceipt out = receipt_for(order);
  std::ranges::set_difference(order.live, stored.live, std::back_inserter(out.gone));
  // Where nothing on SSNs is left this order was carried out before; else all that is live is here.
  if (out.gone.size() != stored.on_ssn && (stored.on_ssn > 0 || stored.tokens))
    return Error{ErrorCode::conflict,
                 "the store lacks entries that the registry has; restore it from a backup of the "
                 "same day",
                 path};
  std::vector<std::size_t> passes;
  for (std::size_t p = 0; p < order.schema.passes.size(); ++p)
    if (schema::keyed_by_ssn(order.schema, p)) passes.push_back(p);
  TESSERA_TRY(const EntryStore::Purged purged, store.purge_ssn(passes));
  TESSERA_CHECK(store.rewrite());
  out.tokens = purged.tokens;
  out.entries = purged.entries;
  return out;
}

}  // namespace tessera::comparer
