#include "engine/intake/intake.h"

#include <algorithm>

#include "engine/encoded/payload.h"
#include "engine/intake/describe.h"
#include "engine/intake/judge.h"
#include "engine/intake/meeting.h"
#include "engine/registry/entry_store.h"

namespace tessera::intake {
namespace {

using registry::Known;

Result<std::vector<Checksum>> payloads(link::FileSet& files) {
  encoded::PayloadDigests digests(files.records());
  for (std::size_t p = 0; p < files.schema().passes.size(); ++p) {
    TESSERA_TRY(const auto sources, files.sources(p));
    for (const block::Source& s : sources)
      digests.add_pass(static_cast<std::uint8_t>(p), s.view, s.records);
  }
  return digests.finish();
}

std::vector<BatchFile> batch_files(const link::FileSet& files,
                                   const std::vector<Checksum>& payloads) {
  std::vector<BatchFile> out;
  for (std::size_t f = 0; f < files.files().size(); ++f) {
    const encoded::File& file = files.files()[f];
    const std::uint32_t first = files.first_record(f);
    const std::size_t n = file.records().size();
    BatchFile& of = out.emplace_back();
    of = {
        &file.header(), file.digest(), file.path(), {}, std::span(payloads).subspan(first, n), {}};
    of.records.reserve(n);
    for (std::uint32_t i = 0; i < n; ++i) of.records.push_back(files.shown(first + i));
  }
  return out;
}

// Every record as if its key had never been seen; its own stored entries stay no candidates of it.
void forget_persons(Weighed& weighed) {
  for (std::size_t i = 0; i < weighed.batch.records.size(); ++i) {
    Known& known = weighed.batch.records[i].known;
    known = {known.record, 0, false, false, Known::Payload::same, known.ssn};
    weighed.question.records[i].known = known;
  }
  for (registry::Further& f : weighed.batch.further) f.state = Known::Payload::same;
}

// Whether a person may be asked about the record, and so want to see why.
bool asks(const registry::Decision& d) {
  return d.status == registry::Status::review || d.status == registry::Status::conflict ||
         d.also != 0;
}

}  // namespace

Result<Weighed> weigh(registry::Registry& registry, std::span<link::FileSet> sets,
                      const link::Matcher& matcher, Progress& progress, const WhatIf& what_if) {
  Weighed out;
  TESSERA_TRY(const std::vector<EpochFiles> batch, by_epoch(registry, sets));
  for (const EpochFiles& e : batch) {
    TESSERA_TRY(const std::vector<Checksum> sums, payloads(*e.files));
    const std::vector<BatchFile> files = batch_files(*e.files, sums);
    TESSERA_CHECK(&e == &batch.front() ? describe(registry, *e.epoch, files, out)
                                       : describe_older(registry, e, files, out));
  }
  if (what_if.as_new) forget_persons(out);
  TESSERA_TRY(Compared compared,
              compare(registry, batch, attendance_by_epoch(out.batch, records_of(batch)), matcher,
                      progress));
  registry::Thresholds& thresholds = out.question.thresholds;
  thresholds.automatic = what_if.automatic > 0 ? what_if.automatic : matcher.automatic();
  thresholds.review = what_if.review > 0 ? what_if.review : matcher.review();
  judge(std::move(compared), out);
  return out;
}

namespace {

// Stages what a batch brings under one epoch, and notes it in the batch. kept[r]: records of the
// files whose entries are stored; asks[r]: about which a person may be asked.
Result<void> stage(registry::Registry& registry, const EpochFiles& of_epoch,
                   const std::vector<std::uint8_t>& kept, const std::vector<std::uint8_t>& asks,
                   registry::Batch& batch, std::vector<registry::EntryStore::Place>& asked) {
  link::FileSet& files = *of_epoch.files;
  for (std::size_t p = 0; p < files.schema().passes.size(); ++p) {
    const std::size_t pass = of_epoch.epoch->first_pass + p;
    TESSERA_TRY(const auto sources, files.sources(p));
    std::vector<std::vector<std::uint8_t>> masks(sources.size());
    std::vector<registry::EntryStore::Source> rows;
    for (std::size_t s = 0; s < sources.size(); ++s) {
      for (std::size_t r = 0; r < sources[s].view.rows(); ++r) {
        const std::uint32_t record = sources[s].records[r];
        masks[s].push_back(kept[record]);
        if (kept[record] == 0) continue;
        batch.handles.push_back(
            {sources[s].view.handles[r], of_epoch.record[record], of_epoch.epoch->number});
        if (asks[record] != 0)
          asked.push_back({sources[s].view.handles[r], pass, sources[s].view.tags[r]});
      }
      rows.push_back({sources[s].view, masks[s]});
    }
    TESSERA_TRY(const std::uint64_t stored,
                registry.entries().add_pass(registry.next_batch(), pass, rows));
    (void)stored;
  }
  return {};
}

}  // namespace

Result<registry::Receipt> commit(registry::Registry& registry, std::span<link::FileSet> sets,
                                 const Weighed& weighed, Random& random, Progress& progress) {
  registry::Batch batch = weighed.batch;
  TESSERA_TRY(const std::vector<EpochFiles> epochs, by_epoch(registry, sets));
  std::vector<registry::EntryStore::Place> asked;
  const auto known = payloads_by_epoch(batch, records_of(epochs));
  for (std::size_t e = 0; e < epochs.size(); ++e) {
    std::vector<std::uint8_t> kept;
    std::vector<std::uint8_t> ask;
    for (std::size_t r = 0; r < known[e].size(); ++r) {
      const registry::Decision& d = weighed.decisions[epochs[e].record[r]];
      kept.push_back(registry::stores_entries(known[e][r]) && !registry::is_held(d.reason) ? 1 : 0);
      ask.push_back(asks(d) ? 1 : 0);
    }
    TESSERA_CHECK(stage(registry, epochs[e], kept, ask, batch, asked));
  }
  TESSERA_CHECK(registry.entries().note_asked(registry.next_batch(), asked));
  return registry.commit(batch, weighed.decisions, random, progress);
}

}  // namespace tessera::intake
