// What the plain deployment asks of the registry too (intake/describe.h).
#include "engine/registrar/standing.h"

#include <algorithm>

#include "engine/core/bytes.h"
#include "engine/intake/describe.h"
#include "engine/registry/epoch.h"

namespace tessera::registrar {

Result<std::vector<intake::EpochRecords>> by_epoch(const registry::Registry& registry,
                                                   std::span<const SlipSet> sets) {
  std::vector<std::vector<intake::Arrival>> arrivals;
  for (const SlipSet& set : sets) {
    std::vector<intake::Arrival>& of_set = arrivals.emplace_back();
    for (const slips::SlipFile& f : set.files())
      of_set.push_back({f.header(), f.digest(), f.path(), true, f.records()});
  }
  return intake::order_epochs(registry, std::move(arrivals), intake::Taker::assign);
}

Result<Roll> Roll::call(registry::Registry& registry, std::span<const SlipSet> sets) {
  Roll out;
  TESSERA_TRY(const std::vector<intake::EpochRecords> ordered, by_epoch(registry, sets));
  for (const intake::EpochRecords& e : ordered) {
    const SlipSet& slips = sets[e.set];
    std::vector<intake::BatchFile> files;
    for (std::size_t f = 0; f < slips.files().size(); ++f) {
      const slips::SlipFile& file = slips.files()[f];
      files.push_back({&file.header(), file.digest(), file.path(), slips.shown(f),
                       slips.payloads(f), file.bare_payloads()});
    }
    TESSERA_CHECK(&e == &ordered.front() ? intake::describe(registry, *e.epoch, files, out.weighed)
                                         : intake::describe_older(registry, e, files, out.weighed));
  }
  auto attendance = intake::attendance_by_epoch(out.weighed.batch, ordered);
  for (std::size_t e = 0; e < ordered.size(); ++e)
    out.epochs.push_back({ordered[e], &sets[ordered[e].set], std::move(attendance[e])});
  return out;
}

Result<intake::Crowd> EpochSlips::crowd(registry::Registry& registry) const {
  std::vector<intake::Crowd::File> files;
  for (std::size_t f = 0; f < slips->files().size(); ++f)
    files.push_back({slips->files()[f].header().owner, slips->first()[f]});
  std::vector<intake::Crowd::Member> members;
  for (const intake::Attendance& a : attendance) members.push_back(a.member);
  return intake::Crowd::open(registry, *epoch, files, std::move(members));
}

Result<Sha256> moment_of(registry::Registry& registry) {
  TESSERA_TRY(const ledger::Head head, ledger::read_head(registry.database()));
  return head.hash;
}

Result<Sha256> last_batch_of(registry::Registry& registry, const registry::Epoch& epoch) {
  TESSERA_TRY(const std::vector<Sha256> files, registry.last_files(epoch));
  return files.empty() ? Sha256{} : batch_of(files);
}

registry::RegistryName store_name(const registry::Registry& registry,
                                  const registry::Epoch& epoch) {
  if (epoch.number == 1) return registry.name();
  Sha256Stream all;
  all.update_sized(registry.name());
  all.update_sized(epoch.digest);
  const Sha256 digest = all.finish();
  registry::RegistryName out{};
  std::copy_n(digest.begin(), out.size(), out.begin());
  return out;
}

}  // namespace tessera::registrar
