// The files' records in the registry's light, and a mix of those that it does not know yet as they
// are.
#include "engine/registrar/assigning.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/intake/crowd.h"
#include "engine/intake/describe.h"
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

Result<intake::Enforced> obey_stops(registry::Registry& registry, std::span<SlipSet> sets,
                                    std::string_view day) {
  TESSERA_TRY(const auto rules, registry::collection_rules(registry));
  TESSERA_TRY(const std::vector<intake::EpochRecords> epochs, by_epoch(registry, sets));
  std::vector<intake::Enforced> found;
  for (const intake::EpochRecords& e : epochs) {
    SlipSet& files = sets[e.set];
    std::vector<intake::SentFile> sent;
    for (const slips::SlipFile& f : files.files())
      sent.push_back({f.header().owner, f.path(), f.records()});
    TESSERA_TRY(intake::Enforced of_epoch, intake::find_stopped(rules, files.schema(), sent, day));
    for (std::size_t f = 0; f < sent.size(); ++f)
      if (!of_epoch.stopped[f].empty()) files.strip_ssn(f);  // no other field is stopped in slips
    found.push_back(std::move(of_epoch));
  }
  return intake::join(std::move(found));
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

Result<void> admit(registry::Registry& registry, std::span<const SlipSet> sets, bool again) {
  if (!registry.split())
    return Error{ErrorCode::conflict,
                 "holds entries of its own; a registrar's registry is made with --split",
                 registry.path()};
  TESSERA_TRY(const std::vector<intake::EpochRecords> batch, by_epoch(registry, sets));
  return intake::admit(registry, batch, again);
}

namespace {

std::uint32_t active_of(const EpochSlips& e) {
  return static_cast<std::uint32_t>(
      std::ranges::count_if(e.attendance, &intake::Attendance::active));
}

// What a comparer is told of the registry beside the handles.
Result<slips::Standing> standing_of(registry::Registry& registry, const EpochSlips& e) {
  slips::Standing out;
  TESSERA_TRY(const intake::Crowd crowd, e.crowd(registry));
  for (std::size_t p = 0; p < e.slips->schema().passes.size(); ++p)
    out.harmless.push_back(crowd.harmless(p));
  out.registry = store_name(registry, *e.epoch);
  TESSERA_TRY(out.moment, moment_of(registry));
  TESSERA_TRY(out.follows, last_batch_of(registry, *e.epoch));
  return out;
}

Result<void> write(registry::Registry& registry, const EpochSlips& e, const std::string& path,
                   const seal::KeyPair& signer, Random& random, AtomicFile::Options options) {
  const SlipSet& files = *e.slips;
  slips::MixHeader header;
  header.schema = files.schema();
  header.batch = files.batch();
  header.records = active_of(e);
  header.possible_matches = link::possible_among(header.records);
  header.entries_key = files.files().front().envelope().entries_key;
  std::vector<std::vector<ByteView>> parts(header.schema.passes.size());
  for (std::size_t p = 0; p < parts.size(); ++p) {
    const std::size_t size = slips::sealed_slip_bytes(schema::layout(header.schema, p).stride);
    std::uint64_t& rows = header.rows.emplace_back(0);
    for (std::size_t f = 0; f < files.files().size(); ++f)
      take_active(files.files()[f], p, files.first()[f], e.attendance, size, parts[p], rows);
  }
  TESSERA_TRY(header.standing, standing_of(registry, e));
  slips::Standing& standing = *header.standing;
  slips::StoredHandles handles;
  TESSERA_TRY(handles.live, registry.all_handles(*e.epoch));
  std::vector<registry::RecordId> own;
  for (const intake::Attendance& a : e.attendance)
    if (a.active && a.member.own != 0) own.push_back(a.member.own);
  TESSERA_TRY(handles.own, registry.handles_of(*e.epoch, own));
  std::ranges::sort(handles.own);
  standing.stored = handles.live.size();
  standing.own = handles.own.size();
  if (const auto stopped = stopped_handles(files, e.attendance)) {
    handles.stopped = *stopped;
    standing.stopped = stopped->size();
  }
  return slips::write_mix(path, header, parts, handles, signer, random, std::move(options));
}

// One mix for each epoch, and none where another has too few.
Result<void> require_paths(const std::vector<EpochSlips>& epochs,
                           const std::vector<std::string>& paths, std::uint64_t least) {
  std::string names;
  for (const EpochSlips& e : epochs) names += (names.empty() ? "" : ", ") + e.epoch->name;
  if (paths.size() != epochs.size())
    return Error{ErrorCode::usage,
                 fmt::format("files of {} epoch{} ({}) make as many mixes: give -o for each, the "
                             "newest epoch's first",
                             epochs.size(), epochs.size() == 1 ? "" : "s", names),
                 ""};
  for (std::size_t e = 0; e < epochs.size(); ++e) {
    auto enough = require_enough(active_of(epochs[e]), least);
    if (enough) continue;
    if (epochs.size() == 1) return enough;
    return Error{enough.error().code,
                 fmt::format("epoch {}: {}", epochs[e].epoch->name, enough.error().what), ""};
  }
  return {};
}

}  // namespace

Result<std::vector<Mixed>> mix_changed(registry::Registry& registry, std::span<const SlipSet> sets,
                                       const std::vector<std::string>& paths,
                                       const seal::KeyPair& signer, Random& random,
                                       const AtomicFile::Options& options, std::uint64_t least) {
  TESSERA_TRY(const Roll roll, Roll::call(registry, sets));
  TESSERA_CHECK(require_paths(roll.epochs, paths, least));
  std::vector<Mixed> out;
  for (std::size_t e = 0; e < roll.epochs.size(); ++e) {
    const EpochSlips& of_epoch = roll.epochs[e];
    TESSERA_CHECK(write(registry, of_epoch, paths[e], signer, random, options));
    out.push_back({paths[e], of_epoch.epoch->name, active_of(of_epoch), of_epoch.slips->records()});
  }
  return out;
}

Result<registry::Receipt> commit(registry::Registry& registry, std::span<const SlipSet> sets,
                                 const std::vector<Scores>& scores, const intake::Weighed& weighed,
                                 Random& random, Progress& progress) {
  registry::Batch batch = weighed.batch;
  TESSERA_TRY(const std::vector<intake::EpochRecords> epochs, by_epoch(registry, sets));
  const auto known = intake::payloads_by_epoch(batch, epochs);
  for (std::size_t e = 0; e < epochs.size(); ++e) {
    const SlipSet& files = sets[epochs[e].set];
    TESSERA_TRY(const Scores* const answer, scores_of(files, scores));
    const auto& dropped = answer->file.dropped;
    for (std::size_t f = 0; f < files.files().size(); ++f)
      for (const encoded::JoinHandle& h : files.files()[f].handles()) {
        const std::uint32_t r = files.first()[f] + h.record;
        const std::uint32_t record = epochs[e].record[r];
        if (registry::stores_entries(known[e][r]) &&
            !registry::is_held(weighed.decisions[record].reason) &&
            !std::ranges::binary_search(dropped, h.handle))
          batch.handles.push_back({h.handle, record, epochs[e].epoch->number});
      }
  }
  return registry.commit(batch, weighed.decisions, random, progress);
}

}  // namespace tessera::registrar
