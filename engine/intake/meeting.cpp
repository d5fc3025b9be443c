#include "engine/intake/meeting.h"

#include <algorithm>
#include <unordered_map>

#include "engine/core/parallel.h"
#include "engine/link/compete.h"

namespace tessera::intake {
namespace {

using encoded::PassColumns;
using registry::RecordId;

// The rows of a batch that take part, pass by pass, and the stored entries they meet.
class Meeting {
 public:
  Meeting(registry::Registry& registry, link::FileSet& files,
          const std::vector<Attendance>& attendance, Crowd& crowd)
      : registry_(registry), files_(files), crowd_(crowd), batch_(files.records()) {
    for (const Attendance& a : attendance) active_.push_back(a.active ? 1 : 0);
    all_active_ = std::ranges::all_of(attendance, &Attendance::active);
  }

  // Sources of a pass: the batch's active rows under their own numbers, the stored rows after them.
  Result<std::vector<block::Source>> sources(std::size_t pass) {
    TESSERA_TRY(std::vector<block::Source> out, files_.sources(pass));
    if (seen_ == files_.schema().passes.size()) leave_out_held();
    if (!all_active_) keep_active(out);
    std::vector<encoded::Tag> tags;
    for (const block::Source& s : out)
      tags.insert(tags.end(), s.view.tags.begin(), s.view.tags.end());
    parallel_sort(tags.begin(), tags.end());
    tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
    TESSERA_TRY(stored_, registry_.entries().read_matching(pass, tags));
    TESSERA_TRY(stored_numbers_, number_stored());
    if (seen_ == pass) {  // the first of two rounds: nothing is scored before it ends
      ++seen_;
      TESSERA_CHECK(crowd_.see(pass, out, stored_, whose_));
    }
    out.push_back({stored_.view(), stored_numbers_});
    return out;
  }

  std::uint32_t batch() const { return batch_; }
  const std::vector<RecordId>& stored() const { return ids_; }  // by number - batch()

 private:
  void leave_out_held() {
    for (std::uint32_t r = 0; r < batch_; ++r)
      if (crowd_.held()[r] != 0) active_[r] = 0;
    all_active_ = std::ranges::all_of(active_, [](std::uint8_t a) { return a != 0; });
    ++seen_;
  }
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
    TESSERA_TRY(whose_, registry_.records_of(stored_.handles));
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
  link::FileSet& files_;
  Crowd& crowd_;
  std::vector<std::uint8_t> active_;  // per record of the batch
  std::size_t seen_ = 0;              // passes the crowd has seen; one more: held ones left out
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

// Groups and units for competition: records of one file are rivals for a person; stored persons are
// rivals for a record; stored records of one person are one unit.
void name_rivals(const link::FileSet& files, const Meeting& meeting, const registry::Stored& stored,
                 Compared& out) {
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
    const auto it =
        std::ranges::lower_bound(stored.records, id, {}, &registry::Stored::Record::record);
    const registry::PersonId person =
        it != stored.records.end() && it->record == id ? it->person : 0;
    out.unit[r] = person == 0 ? r : first.try_emplace(person, r).first->second;
  }
}

}  // namespace

Result<Compared> compare(registry::Registry& registry, link::FileSet& files,
                         const std::vector<Attendance>& attendance, const link::Matcher& matcher,
                         Progress& progress) {
  const auto taking_part =
      static_cast<std::uint64_t>(std::ranges::count_if(attendance, &Attendance::active));
  std::vector<Crowd::Member> members;
  for (const Attendance& a : attendance) members.push_back(a.member);
  TESSERA_TRY(Crowd crowd, Crowd::open(registry, files, std::move(members)));
  Meeting meeting(registry, files, attendance, crowd);
  link::Run run;
  run.schema = &files.schema();
  run.rule = link::PairRule::from_batch;
  run.batch = files.records();
  run.tokens = files.tokens();
  run.size = {taking_part, taking_part * 4};
  run.sources = [&](std::size_t pass) { return meeting.sources(pass); };
  constexpr link::Decinats kFloor = -50;  // less than 1 % speaks for no review and no rival
  TESSERA_TRY(link::Scored scored, link::score(run, matcher, kFloor, progress));

  Compared out;
  out.batch = meeting.batch();
  out.stored = meeting.stored();
  std::erase_if(scored.pairs, [&](const link::Pair& p) {
    return p.b >= out.batch && out.stored[p.b - out.batch] == attendance[p.a].own;
  });
  std::vector<RecordId> met;
  for (const link::Pair& p : scored.pairs)
    if (p.b >= out.batch) met.push_back(out.stored[p.b - out.batch]);
  for (const Attendance& a : attendance)
    if (a.own != 0) met.push_back(a.own);  // whom else a provisional person's records are
  TESSERA_TRY(out.around, registry.around(met));
  // Records of a retired ID are not around, and nobody's rivals.
  std::erase_if(scored.pairs, [&](const link::Pair& p) {
    return p.b >= out.batch &&
           !std::ranges::binary_search(out.around.records, out.stored[p.b - out.batch], {},
                                       &registry::Stored::Record::record);
  });
  out.held = crowd.held();
  out.many_names = crowd.many_names();
  name_rivals(files, meeting, out.around, out);
  out.probability = link::compete(scored.pairs, out.group, out.unit);
  out.pairs = std::move(scored.pairs);
  out.fit = std::move(scored.fit);
  for (const link::PassCounts& c : scored.counts) out.entries_compared += c.compared;
  return out;
}

}  // namespace tessera::intake
