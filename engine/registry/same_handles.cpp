#include "engine/registry/same_handles.h"

#include <algorithm>
#include <functional>

#include "engine/registry/registry_state.h"
#include "engine/schema/ssn_pass.h"

namespace tessera::registry {
namespace {

// A purge takes the entries of SSN passes first, in one transaction; the next one ends it.
Result<bool> may_be_cut_short(Registry& registry, const Epoch& epoch) {
  for (std::size_t p = 0; p < epoch.schema.passes.size(); ++p)
    if (schema::keyed_by_ssn(epoch.schema, p) && registry.entries().rows(epoch.first_pass + p) > 0)
      return false;
  TESSERA_TRY(const std::int64_t left,
              registry.database().integer("SELECT EXISTS(SELECT 1 FROM record WHERE ssn = 1)"));
  return epoch.schema.ssn && left > 0;
}

// What the handles of both sides are compared by, without holding them: their number and two sums
// that do not depend on their order. Two different multisets agree with a chance of 2^-128; whoever
// forges one file could as well forge both.
struct Tally {
  std::uint64_t handles = 0;
  std::uint64_t first = 0, second = 0;
  void add(encoded::Handle handle) {
    std::array<std::uint8_t, sizeof(handle)> bytes{};
    store_le(bytes.data(), handle);
    const Checksum sum = checksum(bytes);
    first += load_le<std::uint64_t>(sum.data());
    second += load_le<std::uint64_t>(sum.data() + 8);
    ++handles;
  }
  bool operator==(const Tally&) const = default;
};

Result<void> each_stored(EntryStore& entries, const Epoch& epoch,
                         const std::function<void(encoded::Handle)>& take) {
  for (std::size_t p = 0; p < epoch.schema.passes.size(); ++p)
    TESSERA_CHECK(
        entries.each_live(epoch.first_pass + p, [&](const encoded::PassView& rows) -> Result<void> {
          std::ranges::for_each(rows.handles, take);
          return {};
        }));
  return {};
}

// That every stored entry has a handle in the map. Holds both lists: 16 bytes an entry.
Result<bool> all_mapped(Registry& registry, HandleMap& map, const Epoch& epoch) {
  std::vector<encoded::Handle> mapped, held;
  TESSERA_CHECK(each_live_handle(registry.database(), map, epoch,
                                 [&](encoded::Handle h) { mapped.push_back(h); }));
  TESSERA_CHECK(
      each_stored(registry.entries(), epoch, [&](encoded::Handle h) { held.push_back(h); }));
  std::ranges::sort(mapped);
  std::ranges::sort(held);
  return std::ranges::includes(mapped, held);
}

// By number and sums alone.
Result<bool> same_tally(Registry& registry, HandleMap& map, const Epoch& epoch) {
  Tally mapped, held;
  TESSERA_CHECK(each_live_handle(registry.database(), map, epoch,
                                 [&mapped](encoded::Handle h) { mapped.add(h); }));
  TESSERA_CHECK(
      each_stored(registry.entries(), epoch, [&held](encoded::Handle h) { held.add(h); }));
  return mapped == held;
}

}  // namespace

Result<void> require_same_handles(Registry& registry, HandleMap& map, const Epoch& epoch) {
  if (registry.split()) return {};  // its entries are with a comparer, which is told the handles
  TESSERA_TRY(const bool same, same_tally(registry, map, epoch));
  if (same) return {};
  TESSERA_TRY(const bool cut_short, may_be_cut_short(registry, epoch));
  if (cut_short) {
    TESSERA_TRY(const bool all, all_mapped(registry, map, epoch));
    if (all) return {};
  }
  return Error{ErrorCode::format,
               "the stored entries are not those that the registry's handles name; restore both "
               "files from a backup",
               registry.path()};
}

Result<void> require_no_cut_purge(Registry& registry, HandleMap& map, const Epoch& epoch) {
  if (registry.split()) return {};
  TESSERA_TRY(const bool may_be, may_be_cut_short(registry, epoch));
  if (!may_be) return {};
  TESSERA_TRY(const bool same, same_tally(registry, map, epoch));
  if (same) return {};
  return Error{ErrorCode::conflict,
               "a purge of SSNs was cut short; finish it with 'tessera ssn purge' before SSNs are "
               "taken again",
               registry.path()};
}

}  // namespace tessera::registry
