#include "engine/registry/rulings.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/registry/registry_state.h"

namespace tessera::registry {
namespace {

using ledger::Statement;

Error usage(std::string what) { return Error{ErrorCode::usage, std::move(what), ""}; }

struct Asked {
  RecordId record = 0;
  Reason reason = Reason::none;
  std::int64_t owner = 0;
  encoded::Population population = encoded::Population::student;
  PersonId person = 0;
  bool provisional = false;
  std::vector<Resolved> candidates;  // in use, each once, best first
};

Result<void> require_own(Change& change, std::int64_t review, const Sees& sees) {
  TESSERA_TRY(Statement s, change.database().prepare(
                               "SELECT o.name, r.population, r.key FROM review v JOIN record r ON "
                               "r.id = v.record JOIN owner o ON o.id = r.owner WHERE v.id = ?1"));
  TESSERA_TRY(const bool row, s.bind(1, review).step());
  if (!row) return no_question();
  encoded::RecordKey key{};
  std::copy_n(s.blob(2).begin(), std::min(s.blob(2).size(), key.size()), key.begin());
  const auto population = static_cast<encoded::Population>(s.integer(1));
  if (sees(std::string(s.text(0)), population, key)) return {};
  return no_question();
}

Result<Asked> load(Change& change, std::int64_t review) {
  TESSERA_TRY(
      Statement s,
      change.database().prepare(
          "SELECT v.state, v.record, v.reason, r.owner, r.population, r.person, (SELECT "
          "i.state FROM state_id i WHERE i.person = r.person AND i.state <> 3) FROM review v "
          "JOIN record r ON r.id = v.record WHERE v.id = ?1"));
  TESSERA_TRY(const bool row, s.bind(1, review).step());
  if (!row) return no_question();
  if (s.integer(0) != 1)
    return conflict(s.integer(0) == 3 ? "this question was decided already"
                                      : "this question has gone: later data answered it");
  Asked asked;
  asked.record = static_cast<RecordId>(s.integer(1));
  asked.reason = static_cast<Reason>(s.integer(2));
  asked.owner = s.integer(3);
  asked.population = static_cast<encoded::Population>(s.integer(4));
  asked.person = static_cast<PersonId>(s.integer(5));
  asked.provisional = s.integer(6) == static_cast<std::int64_t>(IdState::provisional);
  s.reset();
  TESSERA_TRY(const auto persons,
              change.list("SELECT person FROM review_person WHERE review = ?1 ORDER BY decinats "
                          "DESC, person",
                          static_cast<std::uint64_t>(review)));
  for (const PersonId person : persons) {
    TESSERA_TRY(const Resolved r, resolve_person(change.database(), person));
    const bool listed = std::any_of(asked.candidates.begin(), asked.candidates.end(),
                                    [&r](const Resolved& x) { return x.id == r.id; });
    const bool gone = r.state == static_cast<std::int64_t>(IdState::retired);
    if (!listed && !gone && r.person != asked.person) asked.candidates.push_back(r);
  }
  return asked;
}

// Carries one ruling through.
class Judge {
 public:
  Judge(Change& change, const Ruling& ruling, Asked asked, Random& random, const Sees& sees)
      : change_(change), ruling_(ruling), asked_(std::move(asked)), random_(random), sees_(sees) {}
  Result<RulingResult> run();

 private:
  Result<Resolved> chosen() const;
  Result<void> require_seen(const Resolved& candidate) const;
  Result<void> same();
  Result<void> attach(const Resolved& to);
  Result<void> different();
  Result<void> keep_apart(const Resolved& candidate);
  Result<void> issue(StateId id);
  Result<void> bring_back(StateId forgotten, const Resolved& to);
  Result<void> make(Changed e) {
    TESSERA_TRY(e.change, change_.next("change"));
    e.who = ruling_.author.who;
    e.why = ruling_.author.why;
    return change_.happen(e);
  }

  Change& change_;
  const Ruling& ruling_;
  Asked asked_;
  Random& random_;
  const Sees& sees_;
  RulingResult out_;
  StateId picked_ = 0;
};

Result<Resolved> Judge::chosen() const {
  if (ruling_.id == 0) {
    if (asked_.candidates.size() == 1) return asked_.candidates[0];
    return usage(asked_.candidates.empty()
                     ? "this question has no candidate; 'different' gives the record an ID of its "
                       "own"
                     : fmt::format("this question has {} candidates; name the one meant with --id",
                                   asked_.candidates.size()));
  }
  const auto meant = resolve(change_.database(), ruling_.id);
  if (!meant && !sees_) return meant.error();
  for (const Resolved& c : asked_.candidates)
    if (meant && c.id == meant->id && require_seen(c)) return c;
  // Whether an ID of others is one, or was ever issued, is not told.
  return usage("this ID is no candidate of the question; see 'tessera review show'");
}

Result<void> Judge::require_seen(const Resolved& candidate) const {
  if (!sees_) return {};
  TESSERA_TRY(const SeenRecords held, records_seen(change_.database(), candidate.person, sees_));
  if (held.seen > 0) return {};
  return conflict(
      "this concerns a person whom you hold no record of: the state decides; 'unsure' notes what "
      "you know");
}

Result<void> Judge::attach(const Resolved& to) {
  Assigned e;
  e.batch = change_.batch();
  e.record = asked_.record;
  e.person = to.person;
  TESSERA_TRY(const auto held,
              change_.list("SELECT owner FROM record WHERE person = ?1", to.person));
  TESSERA_CHECK(change_.happen(e));
  const bool ours = std::any_of(held.begin(), held.end(), [this](std::uint64_t owner) {
    return static_cast<std::int64_t>(owner) == asked_.owner;
  });
  if (!ours && !held.empty()) return change_.happen(Claimed{e.batch, e.record, e.person});
  return {};
}

Result<void> Judge::same() {
  TESSERA_TRY(const Resolved to, chosen());
  TESSERA_CHECK(require_seen(to));
  out_.closed = true;
  out_.id = picked_ = to.id;
  if (asked_.reason == Reason::other_space) {
    TESSERA_TRY(const Resolved own, resolve_person(change_.database(), asked_.person));
    out_.id = own.id;
    const bool student = own.space == Space::student;
    return make(
        {0, ChangeKind::link, student ? own.id : to.id, student ? to.id : own.id, 0, {}, "", ""});
  }
  if (to.space != space_of(asked_.population))
    return conflict("a student ID and a staff ID are never one");
  // Who has left school and has a new record is back.
  if (to.state == static_cast<std::int64_t>(IdState::archived))
    TESSERA_CHECK(change_.happen(MadeLive{change_.batch(), to.id}));
  if (!asked_.provisional) {
    TESSERA_TRY(const StateId forgotten, change_.forgotten_id(asked_.record));
    return forgotten == 0 ? attach(to) : bring_back(forgotten, to);
  }
  TESSERA_TRY(const Resolved own, resolve_person(change_.database(), asked_.person));
  Changed e{0, ChangeKind::merge, own.id, to.id, 0, {}, "", ""};
  TESSERA_TRY(e.records,
              change_.list("SELECT id FROM record WHERE person = ?1 ORDER BY id", own.person));
  return make(std::move(e));
}

Result<void> Judge::keep_apart(const Resolved& candidate) {
  TESSERA_CHECK(require_seen(candidate));
  TESSERA_TRY(
      const auto records,
      change_.list("SELECT id FROM record WHERE person = ?1 ORDER BY id", candidate.person));
  for (const RecordId r : records)
    if (r != asked_.record)
      TESSERA_CHECK(
          change_.happen(MarkedDifferent{std::min(r, asked_.record), std::max(r, asked_.record)}));
  return {};
}

Result<void> Judge::issue(StateId id) {
  Assigned e;
  e.batch = change_.batch();
  e.record = asked_.record;
  e.space = space_of(asked_.population);
  TESSERA_TRY(const std::int64_t person, change_.next("person"));
  e.person = static_cast<PersonId>(person);
  e.issued = id;
  return change_.happen(e);
}

// A restore forgot that the record had an ID of its own, which is in its owner's hands: it is
// issued again and retires at once, so that it leads to whoever the record is now.
Result<void> Judge::bring_back(StateId forgotten, const Resolved& to) {
  TESSERA_CHECK(issue(forgotten));
  return make({0, ChangeKind::merge, forgotten, to.id, 0, {asked_.record}, "", ""});
}

Result<void> Judge::different() {
  if (ruling_.id != 0) {
    TESSERA_TRY(const Resolved meant, chosen());
    TESSERA_CHECK(keep_apart(meant));
    if (asked_.candidates.size() > 1) return {};  // the others are still in question
  } else {
    for (const Resolved& c : asked_.candidates) TESSERA_CHECK(keep_apart(c));
  }
  out_.closed = true;
  if (asked_.person == 0) {
    TESSERA_TRY(out_.id, change_.fresh_id({asked_.record}, random_));
    out_.issued = true;
    return issue(out_.id);
  }
  TESSERA_TRY(const Resolved own, resolve_person(change_.database(), asked_.person));
  out_.id = own.id;
  if (!asked_.provisional) return {};
  return change_.happen(MadeLive{change_.batch(), own.id});
}

Result<RulingResult> Judge::run() {
  Ruled e{ruling_.review, ruling_.verdict, ruling_.id, ruling_.author.who, ruling_.author.why};
  const bool decides = ruling_.verdict == Verdict::same || ruling_.verdict == Verdict::different;
  if (decides && is_held(asked_.reason))
    return conflict(
        "the record is held and nothing of it was kept; its owner must send fewer versions or "
        "records");
  if (ruling_.verdict == Verdict::same) TESSERA_CHECK(same());
  if (ruling_.verdict == Verdict::different) TESSERA_CHECK(different());
  if (ruling_.verdict == Verdict::same) e.id = picked_;
  if (out_.closed && ruling_.verdict == Verdict::different) e.id = 0;
  TESSERA_CHECK(change_.happen(e));
  TESSERA_TRY(out_.head, change_.commit());
  return out_;
}

}  // namespace

Result<RulingResult> rule(Registry& registry, const Ruling& ruling, Random& random,
                          const Sees& sees) {
  TESSERA_CHECK(check_author(ruling.author));
  TESSERA_TRY(Change change, Change::begin(registry));
  if (sees) TESSERA_CHECK(require_own(change, ruling.review, sees));
  TESSERA_TRY(Asked asked, load(change, ruling.review));
  return Judge(change, ruling, std::move(asked), random, sees).run();
}

Result<std::vector<RulingLine>> rulings_of(Registry& registry, std::int64_t review) {
  TESSERA_TRY(Statement s, registry.database().prepare(
                               "SELECT verdict, state_id, who, why FROM ruling WHERE review = ?1 "
                               "ORDER BY id"));
  s.bind(1, review);
  std::vector<RulingLine> out;
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return out;
    out.push_back({static_cast<Verdict>(s.integer(0)), static_cast<StateId>(s.integer(1)),
                   std::string(s.text(2)), std::string(s.text(3))});
  }
}

}  // namespace tessera::registry
