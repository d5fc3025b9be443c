// What is thought of each record by itself: keeps its ID, attaches, is new, or waits.
#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>

#include "engine/registry/decider.h"

namespace tessera::registry {
namespace {

constexpr std::size_t kSuspects = 8;

// Whether an owner would hold `to` under two record keys if all of `own` became it.
bool holds_both(const Stored& stored, PersonId own, PersonId to) {
  std::set<std::string_view> owners;
  for (const Stored::Record& r : stored.records)
    if (r.person == own) owners.insert(r.owner);
  return std::any_of(stored.records.begin(), stored.records.end(), [&](const Stored::Record& r) {
    return r.person == to && owners.contains(r.owner);
  });
}

// A person has been asked who this is, and it says nothing new: whoever was doubtful then is not
// sure now. A later batch only has another prior, and each look is another chance to be wrong
// (docs/decisions/0054).
bool asked_as_it_is(const Known& known) {
  return known.asked != Reason::none && known.payload == Known::Payload::same;
}

}  // namespace

void Decider::judge(std::uint32_t i) {
  const Known& known = record(i).known;
  if (known.payload == Known::Payload::excess) return to_review(i, Reason::too_many_versions);
  if (record(i).held) return to_review(i, Reason::crowded_block);
  if (known.retired) {
    view_[i] = View::kept;
    out_[i].status = Status::conflict;
    out_[i].reason = Reason::retired_id;
    out_[i].person = known.person;
    return;
  }
  if (known.provisional) return judge_provisional(i);
  if (known.person != 0) return judge_known(i);
  judge_unknown(i);
}

void Decider::judge_known(std::uint32_t i) {
  const PersonId own = record(i).known.person;
  Decision& d = out_[i];
  view_[i] = View::kept;
  d.status = Status::existing;
  d.person = own;
  d.probability = 1;
  const auto& persons = persons_[i];
  if (persons.empty() || persons[0].person == own || !strong(persons[0].probability)) return;
  for (const PersonScore& p : persons)
    if (p.person == own &&
        (near(p.probability) || persons[0].decinats - p.decinats < q_.thresholds.lead))
      return;
  d.status = Status::conflict;
  d.reason = Reason::other_person;
}

void Decider::judge_unknown(std::uint32_t i) {
  const Known& known = record(i).known;
  if (record(i).usable_passes == 0 || !record(i).mandatory)
    return to_review(i, Reason::too_little_evidence);
  const auto& persons = persons_[i];
  double somebody = 0;
  for (const PersonScore& p : persons) somebody += p.probability;
  if (near(somebody)) {
    const bool clear =
        persons.size() == 1 || persons[0].decinats - persons[1].decinats >= q_.thresholds.lead;
    const bool sure = strong(persons[0].probability) && clear;
    if (sure && !persons[0].trusted) return to_review(i, Reason::many_names);
    if (sure && asked_as_it_is(known)) return to_review(i, known.asked);
    if (sure) {
      view_[i] = View::attach;
      out_[i].status = Status::existing;
      out_[i].person = persons[0].person;
      out_[i].probability = persons[0].probability;
      return;
    }
    const double t = q_.thresholds.automatic;
    const bool both = !clear && persons[1].decinats >= 10 * std::log(t / (1 - t));
    return to_review(i, both    ? Reason::two_persons
                        : clear ? Reason::near_match
                                : Reason::close_runner_up);
  }
  if (near(waiting_[i])) return to_review(i, Reason::through_another);
  view_[i] = View::fresh;
  out_[i].probability = 1 - somebody;
}

// Held records, and those of a retired ID, are evidence about nobody.
bool Decider::out_of_play(std::uint32_t i) const {
  const BatchRecord& r = record(i);
  return r.held || r.known.retired || r.known.payload == Known::Payload::excess;
}

// As if it were new, but for its own person, who is no candidate: it is somebody known after all,
// or it is nobody known, or it goes on waiting.
void Decider::judge_provisional(std::uint32_t i) {
  const PersonId own = record(i).known.person;
  std::erase_if(persons_[i], [own](const PersonScore& p) { return p.person == own; });
  judge_unknown(i);
  if (view_[i] == View::review) out_[i].reason = Reason::waiting;
  if (view_[i] == View::attach) out_[i].settles = true;
  if (view_[i] != View::fresh) return;
  view_[i] = View::kept;
  out_[i].status = Status::existing;
  out_[i].person = own;
  out_[i].settles = true;
}

// All records of a provisional person that are in the batch must say the same of it, and no
// provisional ID resolves to one that itself resolves.
void Decider::settle_provisional() {
  std::map<PersonId, std::vector<std::uint32_t>> rows;
  for (const std::uint32_t i : order_)
    if (record(i).known.provisional && !record(i).known.retired)
      rows[record(i).known.person].push_back(i);
  std::set<PersonId> going;
  std::set<PersonId> targets;
  for (const auto& [own, of_person] : rows) settle_person(of_person, going, targets);
}

void Decider::settle_person(const std::vector<std::uint32_t>& rows, std::set<PersonId>& going,
                            std::set<PersonId>& targets) {
  const PersonId own = record(rows[0]).known.person;
  const PersonId to = out_[rows[0]].person;
  const bool agreed = std::all_of(rows.begin(), rows.end(), [&](std::uint32_t i) {
    return out_[i].settles && out_[i].person == to;
  });
  const bool free = to == own || (!going.contains(to) && !targets.contains(own) &&
                                  !holds_both(q_.stored, own, to));
  if (agreed && free) {
    if (to == own) return;
    going.insert(own);
    targets.insert(to);
    return;
  }
  for (const std::uint32_t i : rows)
    if (view_[i] != View::review) to_review(i, Reason::waiting);
}

// One owner holds a person under one record key only: whatever would give it two waits.
void Decider::refuse_doubles() {
  std::map<PersonId, std::vector<const Stored::Record*>> holders;
  for (const Stored::Record& r : q_.stored.records)
    if (r.person != 0) holders[r.person].push_back(&r);
  std::map<std::tuple<PersonId, std::uint32_t>, std::vector<std::uint32_t>> rows;
  for (const std::uint32_t i : order_) {
    if (view_[i] != View::attach) continue;
    bool held = false;
    bool others = false;
    for (const Stored::Record* r : holders[out_[i].person]) {
      const bool ours = r->owner == q_.owners[record(i).owner];
      held |= ours && r->record != record(i).known.record;
      others |= !ours;
    }
    if (held)
      to_review(i, Reason::already_held);
    else
      rows[{out_[i].person, record(i).owner}].push_back(i);
    out_[i].claim = others && !held;
  }
  for (const auto& [who, same] : rows)
    if (same.size() > 1)
      for (const std::uint32_t i : same) to_review(i, Reason::two_rows_one_person);
  refuse_edges();
}

void Decider::refuse_edges() {
  std::vector<std::pair<std::uint32_t, Reason>> refused;
  for (const Edge& e : edges_) {
    if (!strong(e.probability) || view_[e.a] == View::review || view_[e.b] == View::review)
      continue;
    const bool same_owner = record(e.a).owner == record(e.b).owner;
    const bool two = view_[e.a] == View::attach && view_[e.b] == View::attach &&
                     out_[e.a].person != out_[e.b].person;
    if (!same_owner && !two) continue;
    const Reason why = same_owner ? Reason::two_rows_one_person : Reason::two_persons;
    refused.emplace_back(e.a, why);
    refused.emplace_back(e.b, why);
  }
  for (const auto& [i, why] : refused)
    if (view_[i] != View::review) to_review(i, why);
}

void Decider::list_suspects(std::uint32_t i) {
  Decision& d = out_[i];
  if (d.status != Status::review && d.status != Status::conflict) return;
  for (const PersonScore& p : persons_[i])
    if (p.person != d.person) d.suspects.push_back({p.person, 0, p.decinats});
  for (const std::uint32_t n : edges_of_[i]) {
    const Edge& e = edges_[n];
    const Decision& other = out_[e.a == i ? e.b : e.a];
    const Suspect s{other.person, other.group, e.decinats};
    const bool listed = std::any_of(d.suspects.begin(), d.suspects.end(), [&s](const Suspect& x) {
      return x.person == s.person && x.group == s.group;
    });
    if ((s.person != 0 || s.group != 0) && !listed) d.suspects.push_back(s);
  }
  std::stable_sort(d.suspects.begin(), d.suspects.end(),
                   [](const Suspect& x, const Suspect& y) { return x.decinats > y.decinats; });
  if (d.suspects.size() > kSuspects) d.suspects.resize(kSuspects);
  if (d.status == Status::review && !d.suspects.empty() && d.reason != Reason::waiting)
    d.probability = persons_[i].empty() ? 0 : persons_[i][0].probability;
  else if (d.status == Status::review && d.reason != Reason::waiting)
    d.probability = 0;
}

}  // namespace tessera::registry
