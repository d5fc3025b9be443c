// What the plain deployment asks of the registry too (intake/describe.h).
#include "engine/registrar/standing.h"

#include "engine/intake/describe.h"
#include "engine/registry/epoch.h"

namespace tessera::registrar {

Result<Roll> Roll::call(registry::Registry& registry, const SlipSet& files) {
  Roll out;
  std::vector<intake::BatchFile> batch;
  for (std::size_t f = 0; f < files.files().size(); ++f) {
    const slips::SlipFile& file = files.files()[f];
    batch.push_back({&file.header(), file.digest(), file.path(), files.shown(f), files.payloads(f),
                     file.bare_payloads()});
    out.files.push_back({file.header().owner, files.first()[f]});
  }
  TESSERA_CHECK(intake::describe(registry, registry.current(), batch, out.weighed));
  for (const registry::Incoming& r : out.weighed.batch.records)
    out.attendance.push_back(
        intake::attendance_of(r, r.known.payload, registry::stores_entries(r.known)));
  return out;
}

Result<intake::Crowd> Roll::crowd(registry::Registry& registry) const {
  std::vector<intake::Crowd::Member> members;
  for (const intake::Attendance& a : attendance) members.push_back(a.member);
  return intake::Crowd::open(registry, registry.current(), files, std::move(members));
}

Result<Sha256> moment_of(registry::Registry& registry) {
  TESSERA_TRY(const ledger::Head head, ledger::read_head(registry.database()));
  return head.hash;
}

Result<Sha256> last_batch_of(registry::Registry& registry) {
  TESSERA_TRY(const std::vector<Sha256> files, registry.last_files());
  return files.empty() ? Sha256{} : batch_of(files);
}

}  // namespace tessera::registrar
