// The one change of a registry: a batch becomes true, with its events, in a single transaction.
#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "engine/registry/committer.h"
#include "engine/registry/same_handles.h"

namespace tessera::registry {

using ledger::Statement;
using ledger::Transaction;

Result<void> Committer::prepare() {
  TESSERA_TRY(tables_, Tables::open(s_.db));
  TESSERA_TRY(log_, ledger::EventLog::open(s_.db));
  TESSERA_TRY(fresh_ids_, FreshIds::open(s_.db, s_.lost ? &*s_.lost : nullptr));
  for (std::size_t n = 0; s_.lost && n < order_.size(); ++n)
    if (const std::uint32_t i = order_[n]; decisions_[i].status == Status::new_id)
      groups_[decisions_[i].group].push_back(i);
  TESSERA_TRY(id_of_,
              s_.db.prepare("SELECT id, state FROM state_id WHERE person = ?1 AND state <> 3"));
  TESSERA_TRY(open_review_,
              s_.db.prepare("SELECT id, reason FROM review WHERE record = ?1 AND state = 1"));
  TESSERA_TRY(suspects_,
              s_.db.prepare("SELECT person FROM review_person WHERE review = ?1 ORDER BY person"));
  TESSERA_TRY(many_, s_.db.prepare("INSERT OR IGNORE INTO many_names(record) VALUES(?1)"));
  TESSERA_TRY(few_, s_.db.prepare("DELETE FROM many_names WHERE record = ?1"));
  TESSERA_TRY(versions_,
              s_.db.prepare("SELECT versions FROM payload WHERE record = ?1 AND epoch = ?2"));
  TESSERA_TRY(
      payload_,
      s_.db.prepare("INSERT INTO payload(record, versions, stored, seen, epoch) VALUES(?1, ?2, ?3, "
                    "?3, ?5) ON CONFLICT(record, epoch) DO UPDATE "
                    "SET seen = ?3, versions = CASE ?4 WHEN 1 THEN ?2 ELSE versions END, "
                    "stored = CASE ?4 WHEN 1 THEN ?3 ELSE stored END"));
  TESSERA_TRY(const std::int64_t records, s_.db.integer("SELECT ifnull(max(id), 0) FROM record"));
  TESSERA_TRY(const std::int64_t persons, s_.db.integer("SELECT ifnull(max(id), 0) FROM person"));
  TESSERA_TRY(const std::int64_t reviews, s_.db.integer("SELECT ifnull(max(id), 0) FROM review"));
  next_record_ = static_cast<RecordId>(records) + 1;
  next_person_ = static_cast<PersonId>(persons) + 1;
  next_review_ = reviews + 1;
  if (next_record_ + batch_.records.size() > ~std::uint32_t{0})
    return Error{ErrorCode::limit, "a registry holds at most 4,294,967,295 records", s_.db.path()};
  return {};
}

Result<void> Committer::order_records() {
  order_.resize(batch_.records.size());
  std::iota(order_.begin(), order_.end(), 0U);
  const auto name = [this](std::uint32_t i) {
    const Submission& s = batch_.submissions[batch_.records[i].submission];
    return std::tie(s.owner, s.population, batch_.records[i].key);
  };
  std::sort(order_.begin(), order_.end(), [&](std::uint32_t a, std::uint32_t b) {
    if (batch_.records[a].submission == batch_.records[b].submission)
      return batch_.records[a].key < batch_.records[b].key;
    return name(a) < name(b);
  });
  for (std::size_t i = 1; i < order_.size(); ++i)
    if (name(order_[i - 1]) == name(order_[i]))
      return Error{ErrorCode::conflict,
                   "a batch holds one record key of an owner twice; give one file per owner", ""};
  return {};
}

Result<void> Committer::note_submissions() {
  TESSERA_TRY(Statement find, s_.db.prepare("SELECT id FROM owner WHERE name = ?1"));
  TESSERA_TRY(std::int64_t next, s_.db.integer("SELECT ifnull(max(id), 0) + 1 FROM owner"));
  std::vector<std::int64_t> counts(batch_.submissions.size(), 0);
  for (const Incoming& r : batch_.records) ++counts[r.submission];
  for (const Further& f : batch_.further) ++counts[f.submission];
  for (std::size_t i = 0; i < batch_.submissions.size(); ++i) {
    const Submission& s = batch_.submissions[i];
    TESSERA_TRY(const bool known, find.bind(1, s.owner).step());
    owners_.push_back(known ? find.integer(0) : next++);
    find.reset();
    if (!known) TESSERA_CHECK(happen(OwnerNamed{owners_.back(), s.owner}));
    TESSERA_CHECK(happen(
        Submitted{number_, owners_.back(), s.population, s.file, counts[i], batch_.day, s.epoch}));
  }
  return {};
}

// A new person with a new ID, for this record and, of a group, its others.
Result<void> Committer::issue(std::uint32_t i, Assigned& e, bool provisional) {
  e.person = next_person_++;
  e.provisional = provisional;
  std::vector<std::uint32_t> records{i};
  if (s_.lost && !provisional) records = groups_[decisions_[i].group];
  std::vector<RecordName> whose;
  for (const std::uint32_t r : records) {
    const Submission& from = batch_.submissions[batch_.records[r].submission];
    whose.push_back({from.owner, from.population, batch_.records[r].key});
  }
  TESSERA_TRY(const FreshIds::Fresh fresh, fresh_ids_->next(whose, random_));
  e.issued = fresh.id;
  ++receipt_.ids_issued;
  receipt_.ids_again += fresh.again ? 1 : 0;
  return {};
}

// Whose the record is now; a new person is made here, in `e`.
Result<PersonId> Committer::person_of(std::uint32_t i, Assigned& e) {
  const Incoming& r = batch_.records[i];
  const Decision& d = decisions_[i];
  const auto now = [this](PersonId p) {
    const auto at = resolved_.find(p);
    return at == resolved_.end() ? p : at->second;
  };
  if (r.known.person != 0) return now(r.known.person);
  if (d.status == Status::existing) return now(d.person);
  if (d.status == Status::new_id) {
    PersonId& person = persons_of_groups_[d.group];
    if (person == 0) {
      TESSERA_CHECK(issue(i, e, false));
      person = e.person;
    }
    return person;
  }
  const bool held = is_held(d.reason) || d.reason == Reason::too_little_evidence;
  if (batch_.provisional && !held) TESSERA_CHECK(issue(i, e, true));
  return e.person;
}

Result<void> Committer::assign(std::uint32_t i) {
  const Incoming& r = batch_.records[i];
  const Decision& d = decisions_[i];
  const Submission& submission = batch_.submissions[r.submission];
  Assigned e;
  e.batch = number_;
  e.first = r.known.record == 0;
  e.record = record_ids_[i] = e.first ? next_record_++ : r.known.record;
  e.owner = owners_[r.submission];
  e.population = submission.population;
  e.key = r.key;
  e.ssn = r.ssn;
  e.space = space_of(submission.population);
  TESSERA_TRY(e.person, person_of(i, e));
  if (e.first || (e.person != 0 && r.known.person == 0)) TESSERA_CHECK(happen(e));
  if (d.claim && (r.known.person == 0 || d.settles)) {
    TESSERA_CHECK(happen(Claimed{number_, e.record, e.person}));
    claimed_[e.person].insert(e.owner);
    ++receipt_.claims;
  }
  if (!e.first && r.ssn != r.known.ssn && !is_held(d.reason))
    TESSERA_CHECK(happen(SsnChanged{e.record, r.ssn}));
  if (is_held(d.reason)) {
    TESSERA_CHECK(happen(Alarmed{number_, e.record, std::string(name_of(d.reason))}));
    ++receipt_.alarms;
  }
  return report_id(i, e.person);
}

// What goes out: a held record gets nothing, not even the ID that it has.
Result<void> Committer::report_id(std::uint32_t i, PersonId person) {
  const Decision& d = decisions_[i];
  Issued& out = receipt_.issued[i];
  out.status = d.status;
  out.reason = d.reason;
  out.probability = d.probability;
  if (person == 0 || is_held(d.reason) || d.reason == Reason::retired_id) return {};
  TESSERA_TRY(const bool row, id_of_.bind(1, as_integer(person)).step());
  if (!row)
    return Error{ErrorCode::format, "a person without a state ID; run 'tessera registry verify'",
                 s_.db.path()};
  out.id = static_cast<StateId>(id_of_.integer(0));
  const std::int64_t state = id_of_.integer(1);
  id_of_.reset();
  out.provisional = state == static_cast<std::int64_t>(IdState::provisional);
  if (state == static_cast<std::int64_t>(IdState::archived))
    TESSERA_CHECK(happen(MadeLive{number_, out.id}));  // back in school
  return {};
}

Result<void> Committer::keep_meta() {
  TESSERA_TRY(Statement meta, s_.db.prepare("UPDATE meta SET batch = ?1"));
  TESSERA_CHECK(meta.bind(1, number_).run());
  TESSERA_TRY(Statement key, s_.db.prepare("UPDATE encoding SET key_check = ?2 WHERE epoch = ?1 "
                                           "AND key_check IS NULL"));
  for (const Submission& s : batch_.submissions)
    TESSERA_CHECK(key.bind(1, s.epoch).bind(2, ByteView(s.key_check)).run());
  return {};
}

Result<Receipt> Committer::run() {
  TESSERA_CHECK(order_records());
  TESSERA_CHECK(prepare());
  TESSERA_CHECK(drop_old_entries());
  TESSERA_CHECK(note_submissions());
  TESSERA_CHECK(settle_provisional());
  receipt_.issued.resize(batch_.records.size());
  progress_.begin("writing the registry", batch_.records.size(), "records");
  for (const std::uint32_t i : order_) {
    TESSERA_CHECK(assign(i));
    TESSERA_CHECK(keep_own_payload(i));
    progress_.advance(1);
  }
  TESSERA_CHECK(keep_further());
  // Questions last: they may name persons that the loop above made.
  for (const std::uint32_t i : order_) TESSERA_CHECK(review(i));
  TESSERA_CHECK(tell_former_owners());
  TESSERA_CHECK(keep_handles());
  TESSERA_CHECK(keep_meta());
  receipt_.batch = number_;
  TESSERA_TRY(const ledger::SignedHead sealed, s_.seal(*log_));
  receipt_.head = sealed.head;
  receipt_.signature = sealed.signature;
  return std::move(receipt_);
}

// A failure here costs nothing but room: the batch is committed, and a later one tidies.
void Committer::tidy(Registry::State& s, Progress& progress) {
  auto lock = Transaction::begin(s.db, Transaction::Kind::write);
  if (!lock) return;
  const auto now = s.db.integer("SELECT batch FROM meta");
  if (!now || *now != s.batch) return;
  [[maybe_unused]] const Result<void> tidied = s.entries->tidy(progress);
}

Result<Receipt> Registry::commit(const Batch& batch, const std::vector<Decision>& decisions,
                                 Random& random, Progress& progress) {
  State& s = *state_;
  if (s.access != Access::write || !s.transaction || decisions.size() != batch.records.size())
    return Error{ErrorCode::usage,
                 "a registry commits one batch each time it is opened for writing", s.db.path()};
  const bool ssns = std::ranges::any_of(
      batch.records, [](const Incoming& r) { return r.ssn == encoded::SsnState::provided; });
  for (const Epoch& e : s.epochs)
    if (ssns && e.live()) TESSERA_CHECK(require_no_cut_purge(*this, s.handles_of(e), e));
  Result<Receipt> receipt = Committer(s, batch, decisions, random, progress).run();
  s.transaction.reset();  // after an error: rolls back
  if (!receipt) return receipt;
  s.batch = receipt->batch;
  for (const Submission& from : batch.submissions) {
    auto& known = s.epochs[static_cast<std::size_t>(from.epoch) - 1].key_check;
    if (!known) known = from.key_check;
  }
  TESSERA_CHECK(s.entries->make_live(s.batch));
  Committer::tidy(s, progress);
  return receipt;
}

}  // namespace tessera::registry
