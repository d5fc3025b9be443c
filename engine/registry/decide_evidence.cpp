// Evidence of a question, gathered: who each record may be, among the stored and in its batch.
#include <algorithm>
#include <numeric>

#include "engine/registry/decider.h"
#include "engine/registry/state_id.h"

namespace tessera::registry {

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
  if (person != 0 && person == record(i).known.person) return false;  // a later word made them one
  return (target != 0 && different_records_.contains(std::minmax(own, target))) ||
         (person != 0 && different_persons_.contains({own, person}));
}

// A record with many names is trusted once records of two owners say the same.
void Decider::add_person(std::uint32_t i, PersonScore score, const std::string& owner,
                         bool many_names) {
  if (strong(score.probability)) {
    score.trusted = !many_names;
    score.many = many_names ? &owner : nullptr;
  }
  for (PersonScore& p : persons_[i])
    if (p.person == score.person) {
      p.probability = std::max(p.probability, score.probability);
      p.decinats = std::max(p.decinats, score.decinats);
      const bool two = p.many != nullptr && score.many != nullptr && *p.many != *score.many;
      p.trusted = p.trusted || score.trusted || two;
      if (p.many == nullptr) p.many = score.many;
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
    add_person(c.record, {at->person, c.decinats, c.probability}, at->owner, at->many_names);
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
    if (out_of_play(e.a) || out_of_play(e.b)) continue;
    const auto tell = [this](std::uint32_t to, std::uint32_t from, const Edge& edge) {
      add_person(to, {record(from).known.person, edge.decinats, edge.probability},
                 q_.owners[record(from).owner], record(from).many_names);
    };
    if (a.person != 0) tell(e.b, e.a, e);
    if (b.person != 0) tell(e.a, e.b, e);
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

}  // namespace tessera::registry
