#include "engine/intake/intake.h"

#include <algorithm>
#include <unordered_map>

#include "engine/core/parallel.h"
#include "engine/link/compete.h"
#include "engine/registry/payload.h"

namespace tessera::intake {
namespace {

using encoded::PassColumns;
using registry::Known;
using registry::RecordId;

// The rows of a batch that take part, pass by pass, and the stored entries they meet.
class Meeting {
 public:
  Meeting(registry::Registry& registry, link::FileSet& files, std::vector<std::uint8_t> active)
      : registry_(registry), files_(files), active_(std::move(active)), batch_(files.records()) {
    all_active_ = std::ranges::find(active_, 0) == active_.end();
  }

  // Sources of a pass: the batch's active rows under their own numbers, the stored rows after them.
  Result<std::vector<block::Source>> sources(std::size_t pass) {
    TESSERA_TRY(std::vector<block::Source> out, files_.sources(pass));
    if (!all_active_) keep_active(out);
    std::vector<encoded::Tag> tags;
    for (const block::Source& s : out) tags.insert(tags.end(), s.view.tags.begin(), s.view.tags.end());
    parallel_sort(tags.begin(), tags.end());
    tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
    TESSERA_TRY(stored_, registry_.entries().read_matching(pass, tags));
    TESSERA_TRY(stored_numbers_, number_stored());
    out.push_back({stored_.view(), stored_numbers_});
    return out;
  }

  std::uint32_t batch() const { return batch_; }
  const std::vector<RecordId>& stored() const { return ids_; }  // by number - batch()

 private:
  void keep_active(std::vector<block::Source>& sources) {
    kept_.assign(sources.size(), {});
    kept_numbers_.assign(sources.size(), {});
    for (std::size_t s = 0; s < sources.size(); ++s) {
      const encoded::PassView& v = sources[s].view;
      PassColumns& k = kept_[s];
      k.stride = v.stride;
      for (std::size_t r = 0; r < v.rows(); ++r) {
        if (active_[sources[s].records[r]] == 0) continue;
        k.tags.push_back(v.tags[r]);
        k.handles.push_back(v.handles[r]);
        k.presence.push_back(v.presence[r]);
        const auto row = v.bits.subspan(r * v.stride, v.stride);
        k.bits.insert(k.bits.end(), row.begin(), row.end());
        if (!v.ssn_tokens.empty()) k.ssn_tokens.push_back(v.ssn_tokens[r]);
        kept_numbers_[s].push_back(sources[s].records[r]);
      }
      sources[s] = {k.view(), kept_numbers_[s]};
    }
  }

  // Numbers in the order of RecordId among those first met in this pass: handles are random, so
  // nothing may depend on their order.
  Result<std::vector<std::uint32_t>> number_stored() {
    TESSERA_TRY(const std::vector<RecordId> records, registry_.records_of(stored_.handles));
    std::vector<RecordId> fresh;
    for (const RecordId id : records)
      if (!numbers_.contains(id)) fresh.push_back(id);
    std::ranges::sort(fresh);
    fresh.erase(std::unique(fresh.begin(), fresh.end()), fresh.end());
    for (const RecordId id : fresh) {
      numbers_.emplace(id, batch_ + static_cast<std::uint32_t>(ids_.size()));
      ids_.push_back(id);
    }
    std::vector<std::uint32_t> out;
    out.reserve(records.size());
    for (const RecordId id : records) out.push_back(numbers_.at(id));
    return out;
  }

  registry::Registry& registry_;
  link::FileSet& files_;
  std::vector<std::uint8_t> active_;  // per record of the batch
  std::uint32_t batch_;
  bool all_active_ = false;
  std::vector<PassColumns> kept_;
  std::vector<std::vector<std::uint32_t>> kept_numbers_;
  PassColumns stored_;
  std::vector<std::uint32_t> stored_numbers_;
  std::unordered_map<RecordId, std::uint32_t> numbers_;
  std::vector<RecordId> ids_;
};

Result<std::vector<Checksum>> payloads(link::FileSet& files) {
  registry::PayloadDigests digests(files.records());
  for (std::size_t p = 0; p < files.schema().passes.size(); ++p) {
    TESSERA_TRY(const auto sources, files.sources(p));
    for (const block::Source& s : sources) digests.add_pass(static_cast<std::uint8_t>(p), s.view, s.records);
  }
  return digests.finish();
}

// The batch as the registry knows it: submissions, records, what is known of each key.
Result<void> describe(registry::Registry& registry, link::FileSet& files, Weighed& out) {
  TESSERA_TRY(const std::vector<Checksum> digests, payloads(files));
  std::vector<std::string>& owners = out.question.owners;
  for (std::size_t f = 0; f < files.files().size(); ++f) {
    const encoded::File& file = files.files()[f];
    const encoded::Header& h = file.header();
    TESSERA_CHECK(registry.accepts(h, file.path()));
    out.batch.submissions.push_back({h.owner, h.population, file.digest(), h.key_check});
    if (owners.empty() || owners.back() != h.owner) owners.push_back(h.owner);  // files come by owner
    std::vector<encoded::RecordKey> keys;
    for (const encoded::JoinRecord& r : file.records()) keys.push_back(r.key);
    const std::span<const Checksum> mine(digests.data() + files.first_record(f), keys.size());
    TESSERA_TRY(const std::vector<Known> known, registry.look_up(h.owner, h.population, keys, mine));
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const encoded::JoinRecord& r = file.records()[i];
      out.batch.records.push_back({static_cast<std::uint32_t>(f), r.key, r.ssn_state, mine[i], known[i]});
      out.question.records.push_back({static_cast<std::uint32_t>(owners.size() - 1), r.key, h.population,
                                      r.usable_passes, r.mandatory != 0, known[i]});
      out.decided_by_score.push_back(known[i].record == 0 ? 1 : 0);
    }
  }
  return {};
}

// Groups and units for competition: records of one file are rivals for a person; stored persons are
// rivals for a record; stored records of one person are one unit.
struct Rivals {
  std::vector<std::uint32_t> group;
  std::vector<std::uint32_t> unit;
};

Rivals rivals_of(const link::FileSet& files, const Meeting& meeting, const registry::Stored& stored) {
  Rivals out;
  const std::uint32_t total = meeting.batch() + static_cast<std::uint32_t>(meeting.stored().size());
  out.group.resize(total);
  out.unit.resize(total);
  for (std::uint32_t r = 0; r < meeting.batch(); ++r) {
    out.group[r] = files.file_of(r);
    out.unit[r] = r;
  }
  const auto store = static_cast<std::uint32_t>(files.files().size());
  std::unordered_map<registry::PersonId, std::uint32_t> first;
  for (std::uint32_t r = meeting.batch(); r < total; ++r) {
    out.group[r] = store;
    const RecordId id = meeting.stored()[r - meeting.batch()];
    const auto it = std::ranges::lower_bound(stored.records, id, {}, &registry::Stored::Record::record);
    const registry::PersonId person = it != stored.records.end() && it->record == id ? it->person : 0;
    out.unit[r] = person == 0 ? r : first.try_emplace(person, r).first->second;
  }
  return out;
}

}  // namespace

Result<Weighed> weigh(registry::Registry& registry, link::FileSet& files, const link::Matcher& matcher,
                      Progress& progress) {
  Weighed out;
  TESSERA_CHECK(describe(registry, files, out));
  std::vector<std::uint8_t> active;
  std::uint64_t taking_part = 0;
  for (const registry::Incoming& r : out.batch.records) {
    const bool settled = r.known.payload == Known::Payload::same || r.known.payload == Known::Payload::excess;
    active.push_back(settled ? 0 : 1);
    taking_part += active.back();
  }
  Meeting meeting(registry, files, std::move(active));
  link::Run run;
  run.schema = &files.schema();
  run.rule = link::PairRule::from_batch;
  run.batch = files.records();
  run.tokens = files.tokens();
  run.size = {taking_part, taking_part * 4};
  run.sources = [&](std::size_t pass) { return meeting.sources(pass); };
  constexpr link::Decinats kFloor = -50;  // less than 1 % speaks for no review and no rival
  TESSERA_TRY(link::Scored scored, link::score(run, matcher, kFloor, progress));

  std::vector<RecordId> met;
  for (const link::Pair& p : scored.pairs)
    if (p.b >= meeting.batch()) met.push_back(meeting.stored()[p.b - meeting.batch()]);
  TESSERA_TRY(out.question.stored, registry.around(met));
  const Rivals rivals = rivals_of(files, meeting, out.question.stored);
  const std::vector<float> probability = link::compete(scored.pairs, rivals.group, rivals.unit);
  for (std::size_t i = 0; i < scored.pairs.size(); ++i) {
    const link::Pair& p = scored.pairs[i];
    const bool in_batch = p.b < meeting.batch();
    out.question.candidates.push_back({p.a, in_batch, in_batch ? p.b : meeting.stored()[p.b - meeting.batch()],
                                       p.logit, static_cast<double>(probability[i])});
  }
  out.question.thresholds.automatic = matcher.automatic();
  out.question.thresholds.review = matcher.review();
  out.decisions = registry::decide(out.question);
  out.fit = std::move(scored.fit);
  for (const link::PassCounts& c : scored.counts) out.compared += c.compared;
  return out;
}

Result<registry::Receipt> commit(registry::Registry& registry, link::FileSet& files, const Weighed& weighed,
                                 Random& random, Progress& progress) {
  registry::Batch batch = weighed.batch;
  std::vector<std::uint8_t> kept;
  for (const registry::Incoming& r : batch.records) kept.push_back(registry::stores_entries(r.known) ? 1 : 0);
  for (std::size_t p = 0; p < files.schema().passes.size(); ++p) {
    TESSERA_TRY(const auto sources, files.sources(p));
    std::vector<std::vector<std::uint8_t>> masks(sources.size());
    std::vector<registry::EntryStore::Source> rows;
    for (std::size_t s = 0; s < sources.size(); ++s) {
      for (std::size_t r = 0; r < sources[s].view.rows(); ++r) {
        const std::uint32_t record = sources[s].records[r];
        masks[s].push_back(kept[record]);
        if (kept[record] != 0) batch.handles.push_back({sources[s].view.handles[r], record});
      }
      rows.push_back({sources[s].view, masks[s]});
    }
    TESSERA_TRY(const std::uint64_t stored, registry.entries().add_pass(registry.next_batch(), p, rows));
    (void)stored;
  }
  return registry.commit(batch, weighed.decisions, random, progress);
}

}  // namespace tessera::intake
