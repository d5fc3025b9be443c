#include "engine/registrar/purging.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/registrar/standing.h"

namespace tessera::registrar {

Result<std::vector<EpochOrder>> order_purge(registry::Registry& registry) {
  if (!registry.split())
    return Error{ErrorCode::conflict,
                 "holds its entries itself: 'tessera ssn purge' needs no order for it",
                 registry.path()};
  std::vector<EpochOrder> out;
  for (auto e = registry.epochs().rbegin(); e != registry.epochs().rend(); ++e) {
    if (!e->live()) continue;
    EpochOrder one{e->name, {}};
    one.order.schema = e->schema;
    one.order.registry = store_name(registry, *e);
    TESSERA_TRY(one.order.follows, last_batch_of(registry, *e));
    TESSERA_TRY(one.order.live, registry.all_handles(*e));
    out.push_back(std::move(one));
  }
  const auto took_none = [](const EpochOrder& o) { return o.order.follows == Sha256{}; };
  if (!std::ranges::all_of(out, took_none)) std::erase_if(out, took_none);
  return out;
}

namespace {

bool of_store(const EpochOrder& order, const Receipt& receipt) {
  return order.order.registry == receipt.file.registry;
}

// One receipt for each order, and each for its own.
Result<void> check_receipts(const std::vector<EpochOrder>& orders,
                            const std::vector<Receipt>& receipts) {
  for (const Receipt& r : receipts) {
    const auto order =
        std::ranges::find_if(orders, [&](const EpochOrder& o) { return of_store(o, r); });
    if (order == orders.end())
      return Error{ErrorCode::conflict,
                   "is for a purge of another registry, or of an epoch that is not live", r.where};
    if (r.file.follows != order->order.follows)
      return Error{ErrorCode::conflict,
                   "answers an order from before the newest batch; order the purge anew", r.where};
  }
  for (const EpochOrder& o : orders)
    if (std::ranges::count_if(receipts, [&](const Receipt& r) { return of_store(o, r); }) != 1)
      return Error{ErrorCode::conflict,
                   fmt::format("epoch {} wants one receipt: every live epoch's store has to be "
                               "purged, and then all are taken in together",
                               o.epoch),
                   receipts.empty() ? "" : receipts.front().where};
  return {};
}

}  // namespace

Result<registry::PurgeCount> take_receipts(registry::Registry& registry,
                                           const std::vector<Receipt>& receipts, Random& random,
                                           Progress& progress) {
  TESSERA_TRY(const std::vector<EpochOrder> orders, order_purge(registry));
  TESSERA_CHECK(check_receipts(orders, receipts));
  registry::PurgedElsewhere all;
  for (const Receipt& r : receipts) {
    all.tokens += r.file.tokens;
    all.entries += r.file.entries;
    all.gone.insert(all.gone.end(), r.file.gone.begin(), r.file.gone.end());
  }
  std::ranges::sort(all.gone);
  return registry::forget_ssn(registry, all, random, progress);
}

slips::PurgeOrder order_end(const registry::Registry& registry, const registry::Epoch& epoch,
                            const registry::EpochEnd& end) {
  slips::PurgeOrder out;
  out.schema = epoch.schema;
  out.registry = store_name(registry, epoch);
  out.follows = end.head.head.hash;
  out.ended = true;
  return out;
}

Result<void> check_ended(const registry::Registry& registry, const registry::Epoch& epoch,
                         const registry::EpochEnd& end, const Receipt& receipt) {
  if (receipt.file.registry == store_name(registry, epoch) &&
      receipt.file.follows == end.head.head.hash)
    return {};
  return Error{ErrorCode::conflict,
               fmt::format("is no receipt for the end of epoch {} here", epoch.name),
               receipt.where};
}

}  // namespace tessera::registrar
