// Handles become records again: those of the mix by the join sections, stored ones by the registry.
#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

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
Result<void> check_payloads(const EpochSlips& of_epoch, const slips::Answering& answer,
                            const std::string& where) {
  const SlipSet& files = *of_epoch.slips;
  Checksum said{};
  Checksum bare{};
  for (std::uint32_t r = 0; r < files.records(); ++r) {
    if (!of_epoch.attendance[r].active) continue;
    const std::uint32_t f = files.file_of(r);
    encoded::add_to(said, files.payloads(f)[r - files.first()[f]]);
    encoded::add_to(bare, files.files()[f].bare_payloads()[r - files.first()[f]]);
  }
  if (said == answer.payloads && bare == answer.bare) return {};
  return conflict(
      "an owner's sums are not those of its entries; mix fewer files to find out whose, and have "
      "them encoded again",
      where);
}

// What the comparer took SSNs out of must be what it was to take them out of, and of no record more
// than its entries on the SSN.
Result<void> check_stopped(const EpochSlips& of_epoch, const slips::ScoreFile& scores,
                           const std::string& where) {
  const SlipSet& files = *of_epoch.slips;
  const auto stopped = stopped_handles(files, of_epoch.attendance);
  const auto& answered = scores.header.answering->stopped;
  if (stopped.has_value() != answered.has_value() || (stopped && stopped->size() != *answered))
    return conflict(
        "a rule on the collection of SSNs has begun since these files were mixed; mix them anew",
        where);
  const std::uint32_t most = schema::most_keyed_by_ssn(files.schema());
  std::vector<std::uint32_t> dropped(of_epoch.attendance.size());
  for (const encoded::Handle h : scores.dropped)
    if (!stopped || !std::ranges::binary_search(*stopped, h) ||
        ++dropped[files.record_of(h)] > most)
      return conflict("took out an entry that has no SSN", where);
  return {};
}

// Whose an entry is: a record of the batch, or one that is stored.
class Owners {
 public:
  Owners(registry::Registry& registry, const EpochSlips& of_epoch)
      : registry_(registry), epoch_(of_epoch), files_(*of_epoch.slips) {}

  // Looks all handles up that the scores name.
  Result<void> read(const slips::ScoreFile& scores);
  bool mixed(encoded::Handle h) const {
    const std::uint32_t r = files_.record_of(h);
    return r != SlipSet::kNobody && epoch_.attendance[r].active;
  }
  std::uint32_t record(encoded::Handle h) const { return files_.record_of(h); }
  RecordId stored(encoded::Handle h) const { return stored_.at(h); }

 private:
  registry::Registry& registry_;
  const EpochSlips& epoch_;
  const SlipSet& files_;
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
  TESSERA_TRY(const auto records, registry_.records_of(*epoch_.epoch, handles));
  for (std::size_t i = 0; i < handles.size(); ++i) stored_.emplace(handles[i], records[i]);
  return {};
}

// What the epochs of a batch say, one after the other, in the batch's numbers (intake/meeting.h).
class Gathering {
 public:
  Gathering(registry::Registry& registry, std::uint32_t records) : registry_(registry) {
    out_.batch = records;
    out_.held.assign(records, 0);
    out_.many_names.assign(records, 0);
  }
  Result<void> add(const EpochSlips& of_epoch, const Scores& scores);
  intake::Compared finish() && { return std::move(out_); }

 private:
  Result<void> add_pairs(const EpochSlips& of_epoch, const Scores& scores, const Owners& owners);

  registry::Registry& registry_;
  intake::Compared out_;
  std::unordered_map<RecordId, std::uint32_t> number_;  // of stored records
};

Result<void> Gathering::add_pairs(const EpochSlips& of_epoch, const Scores& scores,
                                  const Owners& owners) {
  const auto& attendance = of_epoch.attendance;
  for (const slips::ScoredHandles& s : scores.file.scores) {
    const bool first = owners.mixed(s.first);
    const bool second = owners.mixed(s.second);
    if (first && second) {
      const std::uint32_t one = owners.record(s.first);
      const std::uint32_t other = owners.record(s.second);
      const auto [a, b] = std::minmax({of_epoch.record[one], of_epoch.record[other]});
      if (a != b && !attendance[one].silent && !attendance[other].silent)
        out_.pairs.push_back({a, b, s.decinats, 0, 0});
      continue;
    }
    if (!first && !second) return conflict("pairs two stored entries", scores.where);
    const std::uint32_t a = owners.record(first ? s.first : s.second);
    const RecordId id = owners.stored(first ? s.second : s.first);
    if (id == attendance[a].own || attendance[a].silent) continue;
    const auto next = out_.batch + static_cast<std::uint32_t>(out_.stored.size());
    const auto [at, fresh] = number_.emplace(id, next);
    if (fresh) out_.stored.push_back(id);
    out_.pairs.push_back({of_epoch.record[a], at->second, s.decinats, 0, 0});
  }
  return {};
}

// Records of the batch, one for each slip that was mixed.
void count_names(const EpochSlips& of_epoch, intake::Crowd& crowd) {
  const SlipSet& files = *of_epoch.slips;
  for (std::size_t p = 0; p < files.schema().passes.size(); ++p) {
    std::vector<std::uint32_t> rows;
    for (std::size_t f = 0; f < files.files().size(); ++f)
      for (const std::uint32_t r : files.files()[f].records_of(p))
        if (files.stays(f, p) && of_epoch.attendance[files.first()[f] + r].active)
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

Result<void> Gathering::add(const EpochSlips& of_epoch, const Scores& scores) {
  TESSERA_CHECK(check_stopped(of_epoch, scores.file, scores.where));
  TESSERA_CHECK(check_payloads(of_epoch, *scores.file.header.answering, scores.where));
  Owners owners(registry_, of_epoch);
  TESSERA_CHECK(owners.read(scores.file));
  TESSERA_TRY(intake::Crowd crowd, of_epoch.crowd(registry_));
  count_names(of_epoch, crowd);
  TESSERA_CHECK(
      see_crowds(scores.file, owners, of_epoch.slips->schema().passes.size(), scores.where, crowd));
  for (std::size_t r = 0; r < of_epoch.record.size(); ++r) {
    out_.held[of_epoch.record[r]] |= crowd.held()[r];
    out_.many_names[of_epoch.record[r]] |= crowd.many_names()[r];
  }
  return add_pairs(of_epoch, scores, owners);
}

// That all scores are of these files and of this moment, one of each epoch.
Result<void> check_answers(registry::Registry& registry, const Roll& roll,
                           const std::vector<Scores>& scores) {
  TESSERA_TRY(const Sha256 moment, moment_of(registry));
  for (const Scores& s : scores) {
    if (!s.file.header.answering)
      return conflict("answers a mix for linking, not one for assigning", s.where);
    if (std::ranges::none_of(roll.epochs, [&](const EpochSlips& e) {
          return e.slips->batch() == s.file.header.batch;
        }))
      return conflict(
          "answers another mix: give the files that were mixed, all of them and no others",
          s.where);
    if (s.file.header.answering->moment != moment)
      return conflict("the registry has changed since these files were mixed; mix them anew",
                      s.where);
    const slips::Answering& first = *scores.front().file.header.answering;
    if (s.file.header.answering->automatic != first.automatic ||
        s.file.header.answering->review != first.review)
      return conflict("was made with another model than " + scores.front().where, s.where);
  }
  for (const EpochSlips& e : roll.epochs) {
    const auto n = std::ranges::count_if(
        scores, [&](const Scores& s) { return s.file.header.batch == e.slips->batch(); });
    if (n == 0)
      return conflict(fmt::format("no scores of epoch {}: give those of its mix too, with --scores "
                                  "once more",
                                  e.epoch->name),
                      scores.front().where);
    if (n > 1)
      return conflict(fmt::format("scores of epoch {} are given twice", e.epoch->name),
                      scores.front().where);
  }
  return {};
}

}  // namespace

Result<const Scores*> scores_of(const SlipSet& files, const std::vector<Scores>& scores) {
  const Sha256 batch = files.batch();
  for (const Scores& s : scores)
    if (s.file.header.batch == batch) return &s;
  return conflict("no scores of these files", files.files().front().path());
}

Result<intake::Weighed> weigh(registry::Registry& registry, std::span<const SlipSet> sets,
                              const std::vector<Scores>& scores) {
  if (scores.empty()) return Error{ErrorCode::usage, "no scores named", ""};
  TESSERA_TRY(Roll roll, Roll::call(registry, sets));
  TESSERA_CHECK(check_answers(registry, roll, scores));
  const SlipSet& newest = *roll.epochs.front().slips;
  Gathering all(registry, newest.records());
  for (const EpochSlips& e : roll.epochs) {
    TESSERA_TRY(const Scores* const of_epoch, scores_of(*e.slips, scores));
    TESSERA_CHECK(all.add(e, *of_epoch));
  }
  intake::Compared compared = std::move(all).finish();
  TESSERA_CHECK(
      intake::set_rivals(registry, newest.groups(), roll.epochs.front().attendance, compared));
  const slips::Answering& answer = *scores.front().file.header.answering;
  roll.weighed.question.thresholds.automatic = answer.automatic;
  roll.weighed.question.thresholds.review = answer.review;
  intake::judge(std::move(compared), roll.weighed);
  return std::move(roll.weighed);
}

}  // namespace tessera::registrar
