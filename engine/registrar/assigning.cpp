// The files' records in the registry's light, and a mix of those that it does not know yet as they
// are.
#include "engine/registrar/assigning.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/intake/admit_file.h"
#include "engine/intake/crowd.h"
#include "engine/registrar/mixing.h"
#include "engine/registrar/standing.h"
#include "engine/registry/collection.h"
#include "engine/registry/epoch.h"
#include "engine/schema/layout.h"
#include "engine/slips/mix_file.h"
#include "engine/slips/slip.h"

namespace tessera::registrar {
namespace {

// The slips of a file that are of active records, in as few runs as they stand in.
void take_active(const slips::SlipFile& file, std::size_t pass, std::uint32_t first,
                 const std::vector<intake::Attendance>& attendance, std::size_t size,
                 std::vector<ByteView>& out, std::uint64_t& rows) {
  const auto of = file.records_of(pass);
  const auto active = [&](std::size_t i) { return attendance[first + of[i]].active; };
  for (std::size_t i = 0; i < of.size();) {
    const std::size_t begin = i;
    while (i < of.size() && active(i)) ++i;
    if (i > begin) out.push_back(file.slips(pass).subspan(begin * size, (i - begin) * size));
    rows += i - begin;
    while (i < of.size() && !active(i)) ++i;
  }
}

}  // namespace

Result<intake::Enforced> obey_stops(registry::Registry& registry, SlipSet& files,
                                    std::string_view day) {
  TESSERA_TRY(const auto rules, registry::collection_rules(registry));
  std::vector<intake::SentFile> sent;
  for (const slips::SlipFile& f : files.files())
    sent.push_back({f.header().owner, f.path(), f.records()});
  TESSERA_TRY(intake::Enforced out, intake::find_stopped(rules, files.schema(), sent, day));
  for (std::size_t f = 0; f < sent.size(); ++f)
    if (!out.stopped[f].empty()) files.strip_ssn(f);  // no other field is stopped in slips
  return out;
}

std::optional<std::vector<encoded::Handle>> stopped_handles(
    const SlipSet& files, const std::vector<intake::Attendance>& attendance) {
  if (!files.any_stripped()) return std::nullopt;
  std::vector<encoded::Handle> out;
  for (std::size_t f = 0; f < files.files().size(); ++f)
    if (files.stripped(f))
      for (const encoded::JoinHandle& h : files.files()[f].handles())
        if (attendance[files.first()[f] + h.record].active) out.push_back(h.handle);
  std::ranges::sort(out);
  return out;
}

Result<void> admit(registry::Registry& registry, const SlipSet& files, bool again) {
  if (!registry.split())
    return Error{ErrorCode::conflict,
                 "holds entries of its own; a registrar's registry is made with --split",
                 registry.path()};
  for (const slips::SlipFile& f : files.files()) {
    TESSERA_CHECK(registry.accepts(f.header(), f.path()));
    TESSERA_CHECK(intake::admit_file(registry, registry.current(),
                                     {f.header(), f.digest(), f.path(), true}, again));
  }
  return {};
}

Result<std::uint32_t> mix_changed(registry::Registry& registry, const SlipSet& files,
                                  const std::string& path, const seal::KeyPair& signer,
                                  Random& random, AtomicFile::Options options,
                                  std::uint64_t least) {
  const registry::Epoch& epoch = registry.current();
  TESSERA_TRY(const Roll roll, Roll::call(registry, files));
  TESSERA_TRY(const intake::Crowd crowd, roll.crowd(registry));
  const auto active = static_cast<std::uint32_t>(
      std::ranges::count_if(roll.attendance, &intake::Attendance::active));
  TESSERA_CHECK(require_enough(active, least));

  slips::MixHeader header;
  header.schema = files.schema();
  header.batch = files.batch();
  header.records = active;
  header.possible_matches = link::possible_among(active);
  header.entries_key = files.files().front().envelope().entries_key;
  std::vector<std::vector<ByteView>> parts(header.schema.passes.size());
  slips::Standing& standing = header.standing.emplace();
  for (std::size_t p = 0; p < parts.size(); ++p) {
    const std::size_t size = slips::sealed_slip_bytes(schema::layout(header.schema, p).stride);
    std::uint64_t& rows = header.rows.emplace_back(0);
    for (std::size_t f = 0; f < files.files().size(); ++f)
      take_active(files.files()[f], p, files.first()[f], roll.attendance, size, parts[p], rows);
    standing.harmless.push_back(crowd.harmless(p));
  }
  slips::StoredHandles handles;
  TESSERA_TRY(handles.live, registry.all_handles(epoch));
  std::vector<registry::RecordId> own;
  for (const intake::Attendance& a : roll.attendance)
    if (a.active && a.member.own != 0) own.push_back(a.member.own);
  TESSERA_TRY(handles.own, registry.handles_of(epoch, own));
  std::ranges::sort(handles.own);
  standing.registry = registry.name();
  TESSERA_TRY(standing.moment, moment_of(registry));
  TESSERA_TRY(standing.follows, last_batch_of(registry));
  standing.stored = handles.live.size();
  standing.own = handles.own.size();
  if (const auto stopped = stopped_handles(files, roll.attendance)) {
    handles.stopped = *stopped;
    standing.stopped = stopped->size();
  }
  TESSERA_CHECK(slips::write_mix(path, header, parts, handles, signer, random, std::move(options)));
  return active;
}

Result<registry::Receipt> commit(registry::Registry& registry, const SlipSet& files,
                                 const slips::ScoreFile& scores, const intake::Weighed& weighed,
                                 Random& random, Progress& progress) {
  registry::Batch batch = weighed.batch;
  for (std::size_t f = 0; f < files.files().size(); ++f)
    for (const encoded::JoinHandle& h : files.files()[f].handles()) {
      const std::uint32_t r = files.first()[f] + h.record;
      if (registry::stores_entries(batch.records[r].known) &&
          !registry::is_held(weighed.decisions[r].reason) &&
          !std::ranges::binary_search(scores.dropped, h.handle))
        batch.handles.push_back({h.handle, r, registry.current().number});
    }
  return registry.commit(batch, weighed.decisions, random, progress);
}

}  // namespace tessera::registrar
