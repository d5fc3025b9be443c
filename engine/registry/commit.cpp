// The one change of a registry: a batch becomes true, with its events, in a single transaction.
#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "engine/registry/committer.h"

namespace tessera::registry {

using ledger::Statement;
using ledger::Transaction;

Result<void> Committer::prepare() {
  TESSERA_TRY(tables_, Tables::open(s_.db));
  TESSERA_TRY(log_, ledger::EventLog::open(s_.db));
  TESSERA_TRY(taken_, s_.db.prepare("SELECT 1 FROM state_id WHERE id = ?1"));
  TESSERA_TRY(id_of_,
              s_.db.prepare("SELECT id, state FROM state_id WHERE person = ?1 AND state <> 3"));
  TESSERA_TRY(open_review_,
              s_.db.prepare("SELECT id, reason FROM review WHERE record = ?1 AND state = 1"));
  TESSERA_TRY(suspects_,
              s_.db.prepare("SELECT person FROM review_person WHERE review = ?1 ORDER BY person"));
  TESSERA_TRY(many_, s_.db.prepare("INSERT OR IGNORE INTO many_names(record) VALUES(?1)"));
  TESSERA_TRY(few_, s_.db.prepare("DELETE FROM many_names WHERE record = ?1"));
  TESSERA_TRY(versions_, s_.db.prepare("SELECT versions FROM payload WHERE record = ?1"));
  TESSERA_TRY(payload_,
              s_.db.prepare("INSERT INTO payload(record, versions, stored, seen) VALUES(?1, ?2, "
                            "?3, ?3) ON CONFLICT(record) DO UPDATE "
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

// Entries that a changed payload replaces stop counting with this batch.
Result<void> Committer::drop_old_entries() {
  std::vector<HandleMap::StoredIn> changed;
  TESSERA_TRY(Statement stored, s_.db.prepare("SELECT stored FROM payload WHERE record = ?1"));
  for (std::uint32_t i = 0; i < batch_.records.size(); ++i) {
    const Incoming& r = batch_.records[i];
    if (r.known.payload != Known::Payload::changed || is_held(decisions_[i].reason)) continue;
    TESSERA_TRY(const bool row, stored.bind(1, as_integer(r.known.record)).step());
    if (row)
      changed.push_back({static_cast<std::uint32_t>(r.known.record),
                         static_cast<std::uint32_t>(stored.integer(0))});
    stored.reset();
  }
  std::sort(changed.begin(), changed.end(),
            [](const auto& x, const auto& y) { return x.record < y.record; });
  TESSERA_TRY(const auto handles, s_.handles->handles_of(changed));
  return s_.entries->drop_handles(number_, handles);
}

Result<void> Committer::note_submissions() {
  TESSERA_TRY(Statement find, s_.db.prepare("SELECT id FROM owner WHERE name = ?1"));
  TESSERA_TRY(std::int64_t next, s_.db.integer("SELECT ifnull(max(id), 0) + 1 FROM owner"));
  std::vector<std::int64_t> counts(batch_.submissions.size(), 0);
  for (const Incoming& r : batch_.records) ++counts[r.submission];
  for (std::size_t i = 0; i < batch_.submissions.size(); ++i) {
    const Submission& s = batch_.submissions[i];
    TESSERA_TRY(const bool known, find.bind(1, s.owner).step());
    owners_.push_back(known ? find.integer(0) : next++);
    find.reset();
    if (!known) TESSERA_CHECK(happen(OwnerNamed{owners_.back(), s.owner}));
    TESSERA_CHECK(
        happen(Submitted{number_, owners_.back(), s.population, s.file, counts[i], batch_.day}));
  }
  return {};
}

// A new person with a new ID. The draw is repeated until the ID was never issued to anybody.
Result<void> Committer::issue(Assigned& e, bool provisional) {
  e.person = next_person_++;
  e.provisional = provisional;
  for (;;) {
    e.issued = draw_state_id(random_);
    TESSERA_TRY(const bool taken, taken_.bind(1, as_integer(e.issued)).step());
    taken_.reset();
    if (!taken) break;
  }
  ++receipt_.ids_issued;
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
      TESSERA_CHECK(issue(e, false));
      person = e.person;
    }
    return person;
  }
  const bool held = is_held(d.reason) || d.reason == Reason::too_little_evidence;
  if (batch_.provisional && !held) TESSERA_CHECK(issue(e, true));
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

// The mark that a record draws others only through review, as its newest entries have it.
Result<void> Committer::keep_names(std::uint32_t i) {
  const Incoming& r = batch_.records[i];
  return (r.many_names ? many_ : few_).bind(1, as_integer(record_ids_[i])).run();
}

Result<void> Committer::keep_payload(std::uint32_t i) {
  const Incoming& r = batch_.records[i];
  if (is_held(decisions_[i].reason)) return {};
  const bool stored = stores_entries(r.known);
  if (stored) TESSERA_CHECK(keep_names(i));
  Bytes versions;
  if (stored && r.known.record != 0) {
    TESSERA_TRY(const bool row, versions_.bind(1, as_integer(r.known.record)).step());
    if (row) versions.assign(versions_.blob(0).begin(), versions_.blob(0).end());
    versions_.reset();
    for (std::size_t at = 0; at < versions.size(); at += r.payload.size()) {
      const auto from = versions.begin() + static_cast<std::ptrdiff_t>(at);
      if (!std::equal(r.payload.begin(), r.payload.end(), from)) continue;
      versions.erase(from, from + static_cast<std::ptrdiff_t>(r.payload.size()));
      break;
    }
  }
  versions.insert(versions.end(), r.payload.begin(), r.payload.end());
  payload_.bind(1, as_integer(record_ids_[i])).bind(2, ByteView(versions)).bind(3, number_);
  return payload_.bind(4, std::int64_t{stored ? 1 : 0}).run();
}

Result<void> Committer::keep_handles() {
  std::vector<HandleRow> rows;
  std::vector<encoded::Handle> handles;
  for (const StagedHandle& h : batch_.handles) {
    rows.push_back({h.handle, static_cast<std::uint32_t>(record_ids_[h.record]),
                    static_cast<std::uint32_t>(number_)});
    handles.push_back(h.handle);
  }
  // A handle names one entry. One that another record has is a forgery, or one chance in 2^40.
  TESSERA_TRY(const auto known, s_.handles->records_of(handles));
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (known[i] != 0 && known[i] != rows[i].record)
      return Error{ErrorCode::conflict,
                   "an entry's handle is that of another record; encode the file again", ""};
  TESSERA_CHECK(s_.handles->add(std::move(rows)));
  if (!s_.handles->untidy()) return {};
  std::vector<std::uint32_t> stored(next_record_, 0);
  TESSERA_TRY(Statement all, s_.db.prepare("SELECT record, stored FROM payload"));
  for (;;) {
    TESSERA_TRY(const bool row, all.step());
    if (!row) break;
    stored[static_cast<std::size_t>(all.integer(0))] = static_cast<std::uint32_t>(all.integer(1));
  }
  return s_.handles->merge([&stored](const HandleRow& r) { return stored[r.record] == r.batch; });
}

Result<void> Committer::keep_meta() {
  TESSERA_TRY(Statement meta,
              s_.db.prepare("UPDATE meta SET batch = ?1, key_check = ifnull(key_check, ?2)"));
  meta.bind(1, number_);
  if (!batch_.submissions.empty()) meta.bind(2, ByteView(batch_.submissions[0].key_check));
  return meta.run();
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
    TESSERA_CHECK(keep_payload(i));
    progress_.advance(1);
  }
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
  Result<Receipt> receipt = Committer(s, batch, decisions, random, progress).run();
  s.transaction.reset();  // after an error: rolls back
  if (!receipt) return receipt;
  s.batch = receipt->batch;
  if (!batch.submissions.empty() && !s.key_check) s.key_check = batch.submissions[0].key_check;
  TESSERA_CHECK(s.entries->make_live(s.batch));
  Committer::tidy(s, progress);
  return receipt;
}

}  // namespace tessera::registry
