#include "engine/registrar/purging.h"

#include "engine/registrar/standing.h"
#include "engine/registry/epoch.h"

namespace tessera::registrar {

Result<slips::PurgeOrder> order_purge(registry::Registry& registry) {
  if (!registry.split())
    return Error{ErrorCode::conflict,
                 "holds its entries itself: 'tessera ssn purge' needs no order for it",
                 registry.path()};
  slips::PurgeOrder out;
  out.schema = registry.schema();
  out.registry = registry.name();
  TESSERA_TRY(out.follows, last_batch_of(registry));
  TESSERA_TRY(out.live, registry.all_handles(registry.current()));
  return out;
}

Result<registry::PurgeCount> take_receipt(registry::Registry& registry,
                                          const slips::PurgeReceipt& receipt,
                                          const std::string& where, Random& random,
                                          Progress& progress) {
  if (receipt.registry != registry.name())
    return Error{ErrorCode::conflict, "is for a purge of another registry", where};
  TESSERA_TRY(const Sha256 last, last_batch_of(registry));
  if (receipt.follows != last)
    return Error{ErrorCode::conflict,
                 "answers an order from before the newest batch; order the purge anew", where};
  return registry::forget_ssn(registry, {receipt.tokens, receipt.entries, receipt.gone}, random,
                              progress);
}

}  // namespace tessera::registrar
