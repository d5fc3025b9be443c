#include "engine/registry/assign.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

#include "engine/registry/state_id.h"

namespace tessera::registry {
namespace {

constexpr std::size_t kSuspects = 8;
constexpr std::array<std::string_view, 5> kStatus = {"", "existing", "new", "review", "conflict"};
constexpr std::array<std::string_view, 12> kReasons = {"",
                                                       "too little evidence",
                                                       "near match",
                                                       "close runner-up",
                                                       "two persons",
                                                       "already held",
                                                       "two rows, one person",
                                                       "through another record",
                                                       "too many versions",
                                                       "other person",
                                                       "waiting",
                                                       "person of the other space"};

// What is thought of a record on the way to its decision.
enum class View : std::uint8_t { kept, attach, fresh, review };

struct PersonScore {
  PersonId person = 0;
  std::int32_t decinats = 0;
  double probability = 0;
};
bool better(const PersonScore& x, const PersonScore& y) {
  return std::tuple(y.decinats, y.probability, x.person) <
         std::tuple(x.decinats, x.probability, y.person);
}

struct Edge {  // between two records of the batch that have no person yet; rank[a] < rank[b]
  std::uint32_t a = 0, b = 0;
  std::int32_t decinats = 0;
  double probability = 0;
};

class Decider {
 public:
  explicit Decider(const Question& q)
      : q_(q),
        out_(q.records.size()),
        view_(q.records.size()),
        thin_(q.records.size(), false),
        persons_(q.records.size()),
        waiting_(q.records.size(), 0),
        group_(q.records.size(), kNone) {}

  std::vector<Decision> run() {
    rank_records();
    forbid_known_different();
    collect();
    for (const std::uint32_t i : order_) judge(i);
    refuse_doubles();
    group_fresh();
    settle_groups();
    for (const std::uint32_t i : order_) list_suspects(i);
    return std::move(out_);
  }

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  const BatchRecord& record(std::uint32_t i) const { return q_.records[i]; }
  bool strong(double p) const { return p >= q_.thresholds.automatic; }
  bool near(double p) const { return p >= q_.thresholds.review; }

  void rank_records();
  void forbid_known_different();
  bool forbidden(std::uint32_t i, RecordId target, PersonId person) const;
  void collect();
  void collect_stored(const Candidate& c);
  void collect_edges(std::vector<Edge> edges);
  void add_person(std::uint32_t i, PersonScore score);
  void judge(std::uint32_t i);
  void judge_known(std::uint32_t i);
  void judge_unknown(std::uint32_t i);
  void refuse_doubles();
  void refuse_edges();
  void group_fresh();
  bool may_join(std::uint32_t a, std::uint32_t b) const;
  void split_doubles(std::vector<std::uint32_t>& members);
  void settle_groups();
  bool must_wait(const std::vector<std::uint32_t>& members, Reason& why) const;
  void list_suspects(std::uint32_t i);
  void to_review(std::uint32_t i, Reason reason) {
    view_[i] = View::review;
    out_[i].status = Status::review;
    out_[i].reason = reason;
    out_[i].claim = false;
    if (record(i).known.person == 0) out_[i].person = 0;
  }

  const Question& q_;
  std::vector<Decision> out_;
  std::vector<View> view_;
  std::vector<bool> thin_;                         // mandatory pass missing
  std::vector<std::vector<PersonScore>> persons_;  // best first
  std::vector<double> waiting_;  // best probability of a stored record that has no person
  std::vector<std::uint32_t> order_, rank_;
  std::vector<Edge> edges_;                           // strongest first
  std::vector<std::vector<std::uint32_t>> edges_of_;  // indexes into edges_
  std::set<std::pair<RecordId, RecordId>> different_records_;
  std::set<std::pair<RecordId, PersonId>> different_persons_;
  std::vector<std::uint32_t>
      group_;  // first member (by rank) of the group that a record was put in
  std::map<std::uint32_t, std::vector<std::uint32_t>> members_;  // by that member
};

void Decider::rank_records() {
  order_.resize(q_.records.size());
  std::iota(order_.begin(), order_.end(), 0U);
  std::sort(order_.begin(), order_.end(), [this](std::uint32_t x, std::uint32_t y) {
    const BatchRecord& a = record(x);
    const BatchRecord& b = record(y);
    const int c = a.owner == b.owner ? 0 : q_.owners[a.owner].compare(q_.owners[b.owner]);
    return c != 0 ? c < 0 : std::tie(a.population, a.key, x) < std::tie(b.population, b.key, y);
  });
  rank_.resize(order_.size());
  for (std::uint32_t r = 0; r < order_.size(); ++r) rank_[order_[r]] = r;
}

void Decider::forbid_known_different() {
  for (const Stored::Different& d : q_.stored.different) {
    different_records_.insert(std::minmax(d.a, d.b));
    if (d.person_b != 0) different_persons_.emplace(d.a, d.person_b);
    if (d.person_a != 0) different_persons_.emplace(d.b, d.person_a);
  }
}

bool Decider::forbidden(std::uint32_t i, RecordId target, PersonId person) const {
  const RecordId own = record(i).known.record;
  if (own == 0 || different_records_.empty()) return false;
  return (target != 0 && different_records_.contains(std::minmax(own, target))) ||
         (person != 0 && different_persons_.contains({own, person}));
}

void Decider::add_person(std::uint32_t i, PersonScore score) {
  for (PersonScore& p : persons_[i])
    if (p.person == score.person) {
      p.probability = std::max(p.probability, score.probability);
      p.decinats = std::max(p.decinats, score.decinats);
      return;
    }
  persons_[i].push_back(score);
}

void Decider::collect_stored(const Candidate& c) {
  const auto& records = q_.stored.records;
  const auto at =
      std::lower_bound(records.begin(), records.end(), c.target,
                       [](const Stored::Record& r, RecordId id) { return r.record < id; });
  if (at == records.end() || at->record != c.target || forbidden(c.record, c.target, at->person))
    return;
  if (at->population == encoded::Population::college || at->population == encoded::Population::wage)
    return;
  if (space_of(at->population) != space_of(record(c.record).population)) {
    if (near(c.probability) && at->person != 0 && out_[c.record].also == 0)
      out_[c.record].also = at->person;
    return;
  }
  if (at->person != 0)
    add_person(c.record, {at->person, c.decinats, c.probability});
  else if (c.target != record(c.record).known.record)
    waiting_[c.record] = std::max(waiting_[c.record], c.probability);
}

// A pair inside the batch is evidence about a person where one side has one, and an edge between
// records that may become one new person where neither has.
void Decider::collect_edges(std::vector<Edge> edges) {
  std::sort(edges.begin(), edges.end(), [this](const Edge& x, const Edge& y) {
    return std::tuple(rank_[x.a], rank_[x.b], -x.decinats, -x.probability) <
           std::tuple(rank_[y.a], rank_[y.b], -y.decinats, -y.probability);
  });
  edges.erase(std::unique(edges.begin(), edges.end(),
                          [](const Edge& x, const Edge& y) { return x.a == y.a && x.b == y.b; }),
              edges.end());
  for (const Edge& e : edges) {
    const Known& a = record(e.a).known;
    const Known& b = record(e.b).known;
    if (space_of(record(e.a).population) != space_of(record(e.b).population)) continue;
    if (forbidden(e.a, b.record, b.person) || forbidden(e.b, a.record, a.person)) continue;
    if (a.person != 0) add_person(e.b, {a.person, e.decinats, e.probability});
    if (b.person != 0) add_person(e.a, {b.person, e.decinats, e.probability});
    if (a.person == 0 && b.person == 0) edges_.push_back(e);
  }
  std::sort(edges_.begin(), edges_.end(), [this](const Edge& x, const Edge& y) {
    return std::tuple(-x.decinats, rank_[x.a], rank_[x.b]) <
           std::tuple(-y.decinats, rank_[y.a], rank_[y.b]);
  });
  edges_of_.resize(q_.records.size());
  for (std::uint32_t i = 0; i < edges_.size(); ++i) {
    edges_of_[edges_[i].a].push_back(i);
    edges_of_[edges_[i].b].push_back(i);
  }
}

void Decider::collect() {
  std::vector<Candidate> stored;
  std::vector<Edge> edges;
  for (const Candidate& c : q_.candidates) {
    if (!c.in_batch) {
      stored.push_back(c);
      continue;
    }
    auto a = c.record;
    auto b = static_cast<std::uint32_t>(c.target);
    if (rank_[b] < rank_[a]) std::swap(a, b);
    if (a != b) edges.push_back({a, b, c.decinats, c.probability});
  }
  std::sort(stored.begin(), stored.end(), [](const Candidate& x, const Candidate& y) {
    return std::tuple(x.record, -x.decinats, -x.probability, x.target) <
           std::tuple(y.record, -y.decinats, -y.probability, y.target);
  });
  for (const Candidate& c : stored) collect_stored(c);
  collect_edges(std::move(edges));
  for (auto& persons : persons_) std::sort(persons.begin(), persons.end(), better);
}

void Decider::judge(std::uint32_t i) {
  const Known& known = record(i).known;
  thin_[i] = !record(i).mandatory;
  if (known.payload == Known::Payload::excess) return to_review(i, Reason::too_many_versions);
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
  if (record(i).known.provisional) {
    d.status = Status::review;
    d.reason = Reason::waiting;
    return;
  }
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
  if (record(i).usable_passes == 0) return to_review(i, Reason::too_little_evidence);
  const auto& persons = persons_[i];
  double somebody = 0;
  for (const PersonScore& p : persons) somebody += p.probability;
  if (near(somebody)) {
    const bool clear =
        persons.size() == 1 || persons[0].decinats - persons[1].decinats >= q_.thresholds.lead;
    if (strong(persons[0].probability) && clear) {
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

bool Decider::may_join(std::uint32_t a, std::uint32_t b) const {
  if (different_records_.empty()) return true;
  for (const std::uint32_t x : members_.at(a))
    for (const std::uint32_t y : members_.at(b))
      if (forbidden(x, record(y).known.record, 0)) return false;
  return true;
}

// New persons: records without one, joined by strong edges, strongest first.
void Decider::group_fresh() {
  for (const std::uint32_t i : order_)
    if (view_[i] == View::fresh) {
      group_[i] = i;
      members_[i] = {i};
    }
  for (const Edge& e : edges_) {
    if (!strong(e.probability) || view_[e.a] != View::fresh || view_[e.b] != View::fresh) continue;
    std::uint32_t a = group_[e.a];
    std::uint32_t b = group_[e.b];
    if (a == b || !may_join(a, b)) continue;
    if (rank_[b] < rank_[a]) std::swap(a, b);
    for (const std::uint32_t x : members_[b]) {
      group_[x] = a;
      members_[a].push_back(x);
    }
    members_.erase(b);
  }
  for (auto& [first, members] : members_) split_doubles(members);
}

// Two rows of one owner in a group wait; of the rest, what still hangs together with the first
// record stays, and what hung only on those rows waits too.
void Decider::split_doubles(std::vector<std::uint32_t>& members) {
  std::map<std::uint32_t, std::uint32_t> count;
  for (const std::uint32_t i : members) ++count[record(i).owner];
  if (count.size() == members.size()) return;
  for (const std::uint32_t i : members)
    if (count[record(i).owner] > 1) to_review(i, Reason::two_rows_one_person);
  std::erase_if(members, [this](std::uint32_t i) { return view_[i] == View::review; });
  if (members.empty()) return;
  std::sort(members.begin(), members.end(), [this](auto x, auto y) { return rank_[x] < rank_[y]; });
  std::set<std::uint32_t> reached{members[0]};
  std::vector<std::uint32_t> todo{members[0]};
  while (!todo.empty()) {
    const std::uint32_t i = todo.back();
    todo.pop_back();
    for (const std::uint32_t n : edges_of_[i]) {
      const std::uint32_t other = edges_[n].a == i ? edges_[n].b : edges_[n].a;
      const bool in_group = std::find(members.begin(), members.end(), other) != members.end();
      if (in_group && strong(edges_[n].probability) && reached.insert(other).second)
        todo.push_back(other);
    }
  }
  for (const std::uint32_t i : members)
    if (!reached.contains(i)) to_review(i, Reason::through_another);
  std::erase_if(members, [this](std::uint32_t i) { return view_[i] == View::review; });
}

// A group waits if a likely match outside it has a person, waits itself, or comes first.
bool Decider::must_wait(const std::vector<std::uint32_t>& members, Reason& why) const {
  const std::uint32_t group = group_[members[0]];
  for (const std::uint32_t i : members)
    for (const std::uint32_t n : edges_of_[i]) {
      const Edge& e = edges_[n];
      const std::uint32_t other = e.a == i ? e.b : e.a;
      if (!near(e.probability) || group_[other] == group) continue;
      if (view_[other] == View::fresh && out_[other].group == 0)
        continue;  // comes later, and will wait
      why = strong(e.probability) ? Reason::through_another : Reason::near_match;
      return true;
    }
  why = Reason::too_little_evidence;
  return std::all_of(members.begin(), members.end(), [this](std::uint32_t i) { return thin_[i]; });
}

void Decider::settle_groups() {
  std::uint32_t number = 0;
  for (const std::uint32_t i : order_) {
    if (view_[i] != View::fresh || out_[i].group != 0) continue;
    const auto& members = members_.at(group_[i]);
    Reason why = Reason::none;
    if (must_wait(members, why)) {
      for (const std::uint32_t m : members) to_review(m, why);
      continue;
    }
    ++number;
    for (const std::uint32_t m : members) {
      out_[m].status = Status::new_id;
      out_[m].group = number;
      for (const std::uint32_t n : edges_of_[m]) {
        const Edge& e = edges_[n];
        const std::uint32_t other = e.a == m ? e.b : e.a;
        if (group_[other] == group_[m] && view_[other] == View::fresh) {
          out_[m].probability =
              std::min(out_[m].probability, e.probability);  // edges are strongest first
          break;
        }
      }
    }
  }
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

}  // namespace

std::string_view name_of(Status status) { return kStatus[static_cast<std::size_t>(status)]; }
std::string_view name_of(Reason reason) { return kReasons[static_cast<std::size_t>(reason)]; }

bool reason_named(std::string_view name, Reason& out) {
  for (std::size_t i = 1; i < kReasons.size(); ++i)
    if (kReasons[i] == name) {
      out = static_cast<Reason>(i);
      return true;
    }
  return false;
}

std::vector<Decision> decide(const Question& question) { return Decider(question).run(); }

bool stores_entries(const Known& known) {
  return known.payload == Known::Payload::first || known.payload == Known::Payload::changed;
}

}  // namespace tessera::registry
