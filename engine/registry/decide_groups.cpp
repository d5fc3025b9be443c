// New persons of a batch: records without one, joined where they surely are one person.
#include <algorithm>

#include "engine/registry/decider.h"

namespace tessera::registry {

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
    if (!joins(e) || view_[e.a] != View::fresh || view_[e.b] != View::fresh) continue;
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
      if (in_group && joins(edges_[n]) && reached.insert(other).second) todo.push_back(other);
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
      why = joins(e)                ? Reason::through_another
            : strong(e.probability) ? Reason::many_names
                                    : Reason::near_match;
      return true;
    }
  return false;
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

}  // namespace tessera::registry
