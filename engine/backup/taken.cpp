#include "engine/backup/taken.h"

#include <algorithm>

#include "engine/backup/purged.h"
#include "engine/registry/epoch.h"
#include "engine/registry/removals.h"
#include "engine/registry/retention.h"

namespace tessera::backup {
namespace {

using registry::Access;
using registry::Registry;

Result<Registry> open_to_change(const std::string& path) {
  return Registry::open(path, Access::write);
}

bool has_live(const Registry& r, std::int64_t epoch) {
  return std::ranges::any_of(
      r.epochs(), [&](const registry::Epoch& e) { return e.number == epoch && e.live(); });
}

Result<bool> has_payload(Registry& r, const registry::Destroyed& people) {
  TESSERA_TRY(auto s, r.database().prepare("SELECT 1 FROM payload WHERE record = ?1"));
  for (const std::uint64_t record : people.records) {
    TESSERA_TRY(const bool found, s.bind(1, static_cast<std::int64_t>(record)).step());
    if (found) return true;
    s.reset();
  }
  return false;
}

}  // namespace

Result<Taken> taken_since(const Manifest& manifest, const std::string& later) {
  TESSERA_TRY(const bool ours, belongs_to(manifest, later));
  if (!ours) return Error{ErrorCode::conflict, "does not contain this backup's history", later};
  TESSERA_TRY(ledger::Database chain, registry::open_chain(later));
  TESSERA_TRY(const auto removals, registry::removals_after(chain, manifest.head.seq));
  Taken out;
  for (const registry::Removal& removal : removals) {
    if (const auto* e = std::get_if<registry::EpochEnded>(&removal.what)) out.epochs.push_back(*e);
    if (const auto* e = std::get_if<registry::Destroyed>(&removal.what)) out.people.push_back(*e);
    out.ssns = out.ssns || std::holds_alternative<registry::SsnPurged>(removal.what);
  }
  return out;
}

Result<bool> holds(const std::string& path, const Taken& taken) {
  TESSERA_TRY(const bool ssns, holds_ssn(path));
  if (taken.ssns && ssns) return true;
  TESSERA_TRY(Registry r, Registry::open(path, Access::read));
  for (const registry::EpochEnded& e : taken.epochs)
    if (has_live(r, e.epoch)) return true;
  for (const registry::Destroyed& people : taken.people) {
    TESSERA_TRY(const bool found, has_payload(r, people));
    if (found) return true;
  }
  return false;
}

Result<bool> may_hold(const std::string& path) {
  TESSERA_TRY(Registry r, Registry::open(path, Access::read));
  if (std::ranges::count_if(r.epochs(), &registry::Epoch::live) > 1) return true;
  TESSERA_TRY(const std::int64_t archived,
              r.database().integer("SELECT EXISTS(SELECT 1 FROM state_id i JOIN record r ON "
                                   "r.person = i.person JOIN payload p ON p.record = r.id WHERE "
                                   "i.state = 4)"));
  return archived != 0;
}

Result<TakenAgain> take_again(const std::string& path, const Taken& taken, const std::string& day,
                              Random& random, Progress& progress) {
  TakenAgain out;
  for (const registry::EpochEnded& e : taken.epochs) {
    TESSERA_TRY(Registry r, open_to_change(path));
    if (!has_live(r, e.epoch)) continue;
    TESSERA_TRY(const auto n, registry::end_epoch(r, e.epoch, {e.who, e.why}, progress));
    ++out.epochs;
    out.entries += n.entries;
  }
  for (const registry::Destroyed& people : taken.people) {
    TESSERA_TRY(Registry r, open_to_change(path));
    TESSERA_TRY(const auto n, registry::destroy_again(r, people, progress));
    out.people += static_cast<std::int64_t>(n.ids.size());
    out.entries += n.entries;
  }
  TESSERA_TRY(const bool ssns, holds_ssn(path));
  if (!taken.ssns || !ssns) return out;
  TESSERA_TRY(const auto n, purge_restored(path, day, random, progress));
  out.ssns = n.records;
  return out;
}

}  // namespace tessera::backup
