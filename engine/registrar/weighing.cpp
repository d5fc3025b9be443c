// Handles become records again: those of the mix by the join sections, stored ones by the registry.
#include <algorithm>
#include <unordered_map>

#include "engine/encoded/payload.h"
#include "engine/intake/judge.h"
#include "engine/registrar/assigning.h"
#include "engine/registrar/standing.h"
#include "engine/registry/epoch.h"
#include "engine/schema/ssn_pass.h"

namespace tessera::registrar {
namespace {

using registry::RecordId;

Error conflict(std::string what, const std::string& where) {
  return {ErrorCode::conflict, std::move(what), where};
}

// The sums that owners gave say who has something new, so a wrong one would let an owner change
// entries unseen.
Result<void> check_payloads(const Roll& roll, const slips::Answering& answer,
                            const std::string& where) {
  Checksum said{};
  Checksum bare{};
  for (std::size_t r = 0; r < roll.attendance.size(); ++r) {
    if (!roll.attendance[r].active) continue;
    encoded::add_to(said, roll.weighed.batch.records[r].payload);
    encoded::add_to(bare, roll.weighed.batch.records[r].bare);
  }
  if (said == answer.payloads && bare == answer.bare) return {};
  return conflict(
      "an owner's sums are not those of its entries; mix fewer files to find out whose, and have "
      "them encoded again",
      where);
}

// What the comparer took SSNs out of must be what it was to take them out of, and of no record more
// than its entries on the SSN.
Result<void> check_stopped(const SlipSet& files, const Roll& roll, const slips::ScoreFile& scores,
                           const std::string& where) {
  const auto stopped = stopped_handles(files, roll.attendance);
  const auto& answered = scores.header.answering->stopped;
  if (stopped.has_value() != answered.has_value() || (stopped && stopped->size() != *answered))
    return conflict(
        "a rule on the collection of SSNs has begun since these files were mixed; mix them anew",
        where);
  const std::uint32_t most = schema::most_keyed_by_ssn(files.schema());
  std::vector<std::uint32_t> dropped(roll.attendance.size());
  for (const encoded::Handle h : scores.dropped)
    if (!stopped || !std::ranges::binary_search(*stopped, h) ||
        ++dropped[files.record_of(h)] > most)
      return conflict("took out an entry that has no SSN", where);
  return {};
}

// Whose an entry is: a record of the batch, or one that is stored.
class Owners {
 public:
  Owners(registry::Registry& registry, const SlipSet& files, const Roll& roll)
      : registry_(registry), files_(files), roll_(roll) {}

  // Looks all handles up that the scores name.
  Result<void> read(const slips::ScoreFile& scores);
  bool mixed(encoded::Handle h) const {
    const std::uint32_t r = files_.record_of(h);
    return r != SlipSet::kNobody && roll_.attendance[r].active;
  }
  std::uint32_t record(encoded::Handle h) const { return files_.record_of(h); }
  RecordId stored(encoded::Handle h) const { return stored_.at(h); }

 private:
  registry::Registry& registry_;
  const SlipSet& files_;
  const Roll& roll_;
  std::unordered_map<encoded::Handle, RecordId> stored_;
};

Result<void> Owners::read(const slips::ScoreFile& scores) {
  std::vector<encoded::Handle> handles;
  const auto note = [&](encoded::Handle h) {
    if (!mixed(h)) handles.push_back(h);
  };
  for (const slips::ScoredHandles& s : scores.scores) {
    note(s.first);
    note(s.second);
  }
  for (const slips::CrowdHandles& c : scores.crowds) std::ranges::for_each(c.handles, note);
  std::ranges::sort(handles);
  handles.erase(std::unique(handles.begin(), handles.end()), handles.end());
  TESSERA_TRY(const auto records, registry_.records_of(registry_.current(), handles));
  for (std::size_t i = 0; i < handles.size(); ++i) stored_.emplace(handles[i], records[i]);
  return {};
}

Result<void> add_pairs(const slips::ScoreFile& scores, const Owners& owners, const Roll& roll,
                       const std::string& where, intake::Compared& out) {
  std::unordered_map<RecordId, std::uint32_t> number;
  for (const slips::ScoredHandles& s : scores.scores) {
    const bool first = owners.mixed(s.first);
    const bool second = owners.mixed(s.second);
    if (first && second) {
      const auto [a, b] = std::minmax({owners.record(s.first), owners.record(s.second)});
      if (a != b && !roll.attendance[a].silent && !roll.attendance[b].silent)
        out.pairs.push_back({a, b, s.decinats, 0, 0});
      continue;
    }
    if (!first && !second) return conflict("pairs two stored entries", where);
    const std::uint32_t a = owners.record(first ? s.first : s.second);
    const RecordId id = owners.stored(first ? s.second : s.first);
    if (id == roll.attendance[a].own || roll.attendance[a].silent) continue;
    const auto next = out.batch + static_cast<std::uint32_t>(out.stored.size());
    const auto [at, fresh] = number.emplace(id, next);
    if (fresh) out.stored.push_back(id);
    out.pairs.push_back({a, at->second, s.decinats, 0, 0});
  }
  return {};
}

// Records of the batch, one for each slip that was mixed.
void count_names(const SlipSet& files, const Roll& roll, intake::Crowd& crowd) {
  for (std::size_t p = 0; p < files.schema().passes.size(); ++p) {
    std::vector<std::uint32_t> rows;
    for (std::size_t f = 0; f < files.files().size(); ++f)
      for (const std::uint32_t r : files.files()[f].records_of(p))
        if (files.stays(f, p) && roll.attendance[files.first()[f] + r].active)
          rows.push_back(files.first()[f] + r);
    crowd.count_names(p, {rows});
  }
}

Result<void> see_crowds(const slips::ScoreFile& scores, const Owners& owners, std::size_t passes,
                        const std::string& where, intake::Crowd& crowd) {
  for (const slips::CrowdHandles& c : scores.crowds) {
    if (c.pass >= passes) return conflict("a crowd in a pass that the schema has not", where);
    std::vector<std::uint32_t> records;
    std::vector<RecordId> stored;
    for (const encoded::Handle h : c.handles) {
      if (owners.mixed(h))
        records.push_back(owners.record(h));
      else
        stored.push_back(owners.stored(h));
    }
    std::ranges::sort(records);
    TESSERA_CHECK(crowd.see_block(c.pass, records, stored));
  }
  return {};
}

}  // namespace

Result<intake::Weighed> weigh(registry::Registry& registry, const SlipSet& files,
                              const slips::ScoreFile& scores, const std::string& where) {
  if (!scores.header.answering)
    return conflict("answers a mix for linking, not one for assigning", where);
  if (scores.header.batch != files.batch())
    return conflict(
        "answers another mix: give the files that were mixed, all of them and no others", where);
  const slips::Answering& answer = *scores.header.answering;
  TESSERA_TRY(const Sha256 moment, moment_of(registry));
  if (answer.moment != moment)
    return conflict("the registry has changed since these files were mixed; mix them anew", where);
  TESSERA_TRY(Roll roll, Roll::call(registry, files));
  TESSERA_CHECK(check_stopped(files, roll, scores, where));
  TESSERA_CHECK(check_payloads(roll, answer, where));
  Owners owners(registry, files, roll);
  TESSERA_CHECK(owners.read(scores));
  TESSERA_TRY(intake::Crowd crowd, roll.crowd(registry));
  count_names(files, roll, crowd);
  TESSERA_CHECK(see_crowds(scores, owners, files.schema().passes.size(), where, crowd));

  intake::Compared compared;
  compared.batch = files.records();
  compared.held = crowd.held();
  compared.many_names = crowd.many_names();
  TESSERA_CHECK(add_pairs(scores, owners, roll, where, compared));
  std::vector<RecordId> own;
  for (const intake::Attendance& a : roll.attendance)
    if (a.own != 0) own.push_back(a.own);
  TESSERA_CHECK(intake::set_rivals(registry, files.groups(), own, compared));
  roll.weighed.question.thresholds.automatic = answer.automatic;
  roll.weighed.question.thresholds.review = answer.review;
  intake::judge(std::move(compared), roll.weighed);
  return std::move(roll.weighed);
}

}  // namespace tessera::registrar
