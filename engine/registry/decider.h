// How decide() goes about it: evidence, then a view of each record, then groups of new persons.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/registry/assign.h"

namespace tessera::registry {

// What is thought of a record on the way to its decision.
enum class View : std::uint8_t { kept, attach, fresh, review };

struct PersonScore {
  PersonId person = 0;
  std::int32_t decinats = 0;
  double probability = 0;
  bool trusted = false;               // some of it comes by a record that may draw others to itself
  const std::string* many = nullptr;  // owner of a record with many names that gave strong evidence
};
inline bool better(const PersonScore& x, const PersonScore& y) {
  return std::tuple(y.decinats, y.probability, x.person) <
         std::tuple(x.decinats, x.probability, y.person);
}

struct Edge {  // between two records of the batch that have no person yet; rank[a] < rank[b]
  std::uint32_t a = 0, b = 0;
  std::int32_t decinats = 0;
  double probability = 0;
};

// Carries one question through; only the sources of decide() include this. REQUIRES: the question
// outlives it; run() once.
class Decider {
 public:
  explicit Decider(const Question& q)
      : q_(q),
        out_(q.records.size()),
        view_(q.records.size()),
        persons_(q.records.size()),
        waiting_(q.records.size(), 0),
        group_(q.records.size(), kNone) {}

  std::vector<Decision> run() {
    rank_records();
    forbid_known_different();
    collect();
    for (const std::uint32_t i : order_) judge(i);
    refuse_doubles();
    settle_provisional();
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
  void add_person(std::uint32_t i, PersonScore score, const std::string& owner, bool many_names);
  bool joins(const Edge& e) const {  // without a person's word
    return strong(e.probability) && !record(e.a).many_names && !record(e.b).many_names;
  }
  void judge(std::uint32_t i);
  void judge_known(std::uint32_t i);
  void judge_unknown(std::uint32_t i);
  void judge_provisional(std::uint32_t i);
  void settle_provisional();
  void settle_person(const std::vector<std::uint32_t>& rows, std::set<PersonId>& going,
                     std::set<PersonId>& targets);
  bool out_of_play(std::uint32_t i) const;
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
    out_[i].settles = false;
    out_[i].person = record(i).known.person;
  }

  const Question& q_;
  std::vector<Decision> out_;
  std::vector<View> view_;
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

}  // namespace tessera::registry
