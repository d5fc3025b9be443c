#include "engine/intake/meeting.h"

#include <algorithm>
#include <unordered_map>

#include "engine/core/parallel.h"
#include "engine/intake/judge.h"
#include "engine/link/repeated.h"
#include "engine/registry/entry_store.h"

namespace tessera::intake {
namespace {

using encoded::PassColumns;
using encoded::PassView;
using registry::RecordId;

// The rows of a batch that take part, pass by pass, and the stored entries they meet.
class Meeting {
 public:
  Meeting(registry::Registry& registry, const EpochFiles& of_epoch,
          const std::vector<Attendance>& attendance, Crowd& crowd)
      : registry_(registry),
        epoch_(*of_epoch.epoch),
        files_(*of_epoch.files),
        crowd_(crowd),
        batch_(files_.records()) {
    for (const Attendance& a : attendance) {
      active_.push_back(a.active ? 1 : 0);
      if (a.active && a.member.own != 0) known_.push_back(a.member.own);
    }
    std::ranges::sort(known_);
    all_active_ = std::ranges::all_of(attendance, &Attendance::active);
  }

  // Sources of a pass: the batch's active rows under their own numbers, the stored rows after them.
  Result<std::vector<block::Source>> sources(std::size_t pass) {
    TESSERA_TRY(std::vector<block::Source> out, files_.sources(pass));
    if (!all_active_) keep_active(out);
    std::vector<encoded::Tag> tags;
    for (const block::Source& s : out)
      tags.insert(tags.end(), s.view.tags.begin(), s.view.tags.end());
    parallel_sort(tags.begin(), tags.end());
    tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
    TESSERA_TRY(stored_, registry_.entries().read_matching(epoch_.first_pass + pass, tags));
    TESSERA_TRY(stored_numbers_, number_stored());
    if (seen_ == pass) {  // the first of two rounds: nothing is scored before it ends
      ++seen_;
      TESSERA_CHECK(crowd_.see(pass, out, stored_, whose_));
    }
    leave_out_repeated(out);
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
      const std::span<const std::uint32_t> records = sources[s].records;
      const auto active = [&](std::size_t r) { return active_[records[r]] != 0; };
      kept_[s] = PassColumns::rows_of(sources[s].view, active);
      for (std::size_t r = 0; r < records.size(); ++r)
        if (active(r)) kept_numbers_[s].push_back(records[r]);
      sources[s] = {kept_[s].view(), kept_numbers_[s]};
    }
  }

  void leave_out_repeated(const std::vector<block::Source>& batch) {
    std::vector<std::uint8_t> own;
    for (const RecordId id : whose_) own.push_back(std::ranges::binary_search(known_, id) ? 1 : 0);
    const auto repeated = link::repeated_rows(stored_.view(), own, batch);
    link::leave_rows_out(repeated, stored_, stored_numbers_);
  }

  // Numbers in the order of RecordId among those first met in this pass: handles are random, so
  // nothing may depend on their order.
  Result<std::vector<std::uint32_t>> number_stored() {
    TESSERA_TRY(whose_, registry_.records_of(epoch_, stored_.handles));
    const std::vector<RecordId>& records = whose_;
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
  const registry::Epoch& epoch_;
  link::FileSet& files_;
  Crowd& crowd_;
  std::vector<std::uint8_t> active_;  // per record of the batch
  std::vector<RecordId> known_;       // their own numbers here, where they have one; sorted
  std::size_t seen_ = 0;              // passes the crowd has seen
  std::vector<RecordId> whose_;       // per stored row
  std::uint32_t batch_;
  bool all_active_ = false;
  std::vector<PassColumns> kept_;
  std::vector<std::vector<std::uint32_t>> kept_numbers_;
  PassColumns stored_;
  std::vector<std::uint32_t> stored_numbers_;
  std::unordered_map<RecordId, std::uint32_t> numbers_;
  std::vector<RecordId> ids_;
};

// What the epochs of a batch say, one after the other, in the batch's numbers.
class Gathering {
 public:
  Gathering(registry::Registry& registry, const link::Matcher& matcher, std::uint32_t records)
      : registry_(registry), matcher_(matcher) {
    out_.batch = records;
    out_.held.assign(records, 0);
    out_.many_names.assign(records, 0);
  }
  Result<void> add(const EpochFiles& of_epoch, const std::vector<Attendance>& attendance,
                   Progress& progress);
  Result<Compared> finish(const link::FileSet& files, const std::vector<Attendance>& attendance) &&;

 private:
  void add_pairs(const EpochFiles& of_epoch, const std::vector<Attendance>& attendance,
                 const std::vector<RecordId>& stored, const std::vector<link::Pair>& pairs);

  registry::Registry& registry_;
  const link::Matcher& matcher_;
  Compared out_;
  std::unordered_map<RecordId, std::uint32_t> number_;  // of stored records
  bool first_ = true;
};

Result<void> Gathering::add(const EpochFiles& of_epoch, const std::vector<Attendance>& attendance,
                            Progress& progress) {
  link::FileSet& files = *of_epoch.files;
  const auto taking_part =
      static_cast<std::uint64_t>(std::ranges::count_if(attendance, &Attendance::active));
  std::vector<Crowd::Member> members;
  for (const Attendance& a : attendance) members.push_back(a.member);
  std::vector<Crowd::File> crowd_files;
  for (std::size_t f = 0; f < files.files().size(); ++f)
    crowd_files.push_back({files.files()[f].header().owner, files.first_record(f)});
  TESSERA_TRY(Crowd crowd,
              Crowd::open(registry_, *of_epoch.epoch, crowd_files, std::move(members)));
  Meeting meeting(registry_, of_epoch, attendance, crowd);
  link::Run run;
  run.schema = &files.schema();
  run.rule = link::PairRule::from_batch;
  run.batch = files.records();
  run.tokens = files.tokens();
  run.size = {taking_part, link::possible_among(taking_part)};
  run.muted = crowd.held();
  run.sources = [&](std::size_t pass) { return meeting.sources(pass); };
  TESSERA_TRY(link::Scored scored, link::score(run, matcher_, link::kFaintest, progress));
  add_pairs(of_epoch, attendance, meeting.stored(), scored.pairs);
  for (std::size_t r = 0; r < of_epoch.record.size(); ++r) {
    out_.held[of_epoch.record[r]] |= crowd.held()[r];
    out_.many_names[of_epoch.record[r]] |= crowd.many_names()[r];
  }
  for (const link::PassCounts& c : scored.counts) out_.entries_compared += c.compared;
  if (first_)
    out_.fit = std::move(scored.fit);
  else
    out_.fit.notes.insert(out_.fit.notes.end(), scored.fit.notes.begin(), scored.fit.notes.end());
  first_ = false;
  return {};
}

void Gathering::add_pairs(const EpochFiles& of_epoch, const std::vector<Attendance>& attendance,
                          const std::vector<RecordId>& stored,
                          const std::vector<link::Pair>& pairs) {
  std::vector<std::uint32_t> number = of_epoch.record;  // stored ones after the batch's
  for (const RecordId id : stored) {
    const auto next = out_.batch + static_cast<std::uint32_t>(out_.stored.size());
    const auto [at, fresh] = number_.emplace(id, next);
    if (fresh) out_.stored.push_back(id);
    number.push_back(at->second);
  }
  const std::size_t batch = of_epoch.record.size();
  for (const link::Pair& p : pairs) {
    if (p.b >= batch && stored[p.b - batch] == attendance[p.a].own) continue;
    if (attendance[p.a].silent || (p.b < batch && attendance[p.b].silent)) continue;
    const auto [a, b] = std::minmax(number[p.a], number[p.b]);
    out_.pairs.push_back({a, b, p.logit, p.pass, p.pattern});
  }
}

Result<Compared> Gathering::finish(const link::FileSet& files,
                                   const std::vector<Attendance>& attendance) && {
  std::vector<std::uint32_t> file_of;
  for (std::uint32_t r = 0; r < out_.batch; ++r) file_of.push_back(files.file_of(r));
  TESSERA_CHECK(set_rivals(registry_, file_of, attendance, out_));
  return std::move(out_);
}

}  // namespace

Result<Compared> compare(registry::Registry& registry, const std::vector<EpochFiles>& batch,
                         const std::vector<std::vector<Attendance>>& attendance,
                         const link::Matcher& matcher, Progress& progress) {
  link::FileSet& newest = *batch.front().files;
  Gathering all(registry, matcher, newest.records());
  for (std::size_t e = 0; e < batch.size(); ++e)
    TESSERA_CHECK(all.add(batch[e], attendance[e], progress));
  return std::move(all).finish(newest, attendance.front());
}

}  // namespace tessera::intake
