#include "engine/intake/lookup.h"

#include <algorithm>
#include <map>
#include <queue>
#include <tuple>

#include "engine/link/compete.h"
#include "engine/registry/live_id.h"

namespace tessera::intake {
namespace {

using cluster::Candidate;

// Links between records of the files and persons: a person's records are one node, the first of
// them.
std::vector<Candidate> node_links(const Compared& c) {
  std::vector<Candidate> all;
  for (std::size_t i = 0; i < c.pairs.size(); ++i) {
    const std::uint32_t a = c.unit[c.pairs[i].a];
    const std::uint32_t b = c.unit[c.pairs[i].b];
    if (c.group[a] == c.group[b]) continue;
    const auto logit =
        std::min(c.pairs[i].logit, link::logit_of(static_cast<double>(c.probability[i])));
    all.push_back({std::min(a, b), std::max(a, b), logit});
  }
  std::ranges::sort(all, [](const Candidate& x, const Candidate& y) {
    if (x.a != y.a) return x.a < y.a;
    return x.b != y.b ? x.b < y.b : x.logit > y.logit;
  });
  const auto same = [](const Candidate& x, const Candidate& y) { return x.a == y.a && x.b == y.b; };
  all.erase(std::unique(all.begin(), all.end(), same), all.end());
  std::vector<Candidate> best;
  for (const std::uint32_t i : cluster::assign(all, c.group)) best.push_back(all[i]);
  return best;
}

// The links inside clusters, from both ends.
using Web = std::vector<std::vector<std::pair<std::uint32_t, double>>>;

Web web_of(const std::vector<Candidate>& links, const std::vector<std::uint32_t>& root) {
  Web out(root.size());
  for (const Candidate& l : links) {
    if (root[l.a] != root[l.b]) continue;
    const double p = link::probability_of(l.logit);
    out[l.a].emplace_back(l.b, p);
    out[l.b].emplace_back(l.a, p);
  }
  return out;
}

// The likeliest ways from one node to all others of its cluster (Dijkstra 1959, on products).
class Ways {
 public:
  Ways(std::uint32_t start, const Web& web) {
    std::priority_queue<std::pair<double, std::uint32_t>> queue;
    came_[start] = {1.0, start, 1.0};
    queue.push({1.0, start});
    while (!queue.empty()) {
      const auto [p, at] = queue.top();
      queue.pop();
      if (p < came_.at(at).product) continue;
      for (const auto& [to, q] : web[at]) {
        const auto it = came_.find(to);
        if (it != came_.end() && it->second.product >= p * q) continue;
        came_[to] = {p * q, at, q};
        queue.push({p * q, to});
      }
    }
  }

  double product(std::uint32_t end) const { return came_.at(end).product; }

  std::vector<Hop> path(std::uint32_t end) const {
    std::vector<Hop> out;
    for (std::uint32_t at = end; came_.at(at).from != at; at = came_.at(at).from)
      out.push_back({at, came_.at(at).link});
    std::ranges::reverse(out);
    return out;
  }

 private:
  struct Came {
    double product = 0;
    std::uint32_t from = 0;
    double link = 0;
  };
  std::map<std::uint32_t, Came> came_;
};

// A person of the registry that records of the files belong to.
struct Reached {
  registry::StateId id = 0;
  Ways ways;
};

Result<std::map<std::uint32_t, Reached>> persons(registry::Registry& registry, const Compared& c,
                                                 const Web& web,
                                                 const std::vector<std::uint32_t>& root) {
  std::map<std::uint32_t, Reached> out;  // by the cluster's root
  for (std::uint32_t r = c.batch; r < root.size(); ++r) {
    if (web[r].empty()) continue;
    const auto stored = std::ranges::lower_bound(c.around.records, c.stored[r - c.batch], {},
                                                 &registry::Stored::Record::record);
    TESSERA_TRY(const auto id, registry::live_id_of(registry, stored->person));
    if (id) out.emplace(root[r], Reached{*id, Ways(r, web)});
  }
  return out;
}

// Of each record's candidates among the registry's persons the strongest.
std::vector<float> nearest_persons(const Compared& c) {
  std::vector<float> out(c.batch, 0);
  for (std::size_t i = 0; i < c.pairs.size(); ++i)
    if (const link::Pair& p = c.pairs[i]; p.b >= c.batch)
      out[p.a] = std::max(out[p.a], c.probability[i]);
  return out;
}

}  // namespace

Result<LookUp> look_up(registry::Registry& registry, link::FileSet& files,
                       const link::Matcher& matcher, link::Decinats threshold, Progress& progress) {
  TESSERA_TRY(const auto asked, by_epoch(registry, {&files, 1}, Taker::look_up));
  TESSERA_TRY(Compared c, compare(registry, asked, {std::vector<Attendance>(files.records())},
                                  matcher, progress));
  const std::vector<Candidate> links = node_links(c);
  const auto root = cluster::clusters(links, c.group, {.threshold = threshold});
  const Web web = web_of(links, root);
  TESSERA_TRY(const auto known, persons(registry, c, web, root));
  LookUp out;
  out.nearest = nearest_persons(c);
  std::map<std::uint32_t, std::uint32_t> numbers;  // root -> number, where there is no person
  for (std::uint32_t r = 0; r < c.batch; ++r) {
    if (web[r].empty()) continue;
    Place place;
    place.record = r;
    if (const auto it = known.find(root[r]); it != known.end()) {
      place.id = it->second.id;
      place.path = it->second.ways.path(r);
      place.probability = it->second.ways.product(r);
    } else {
      place.cluster = numbers.try_emplace(root[r], static_cast<std::uint32_t>(numbers.size() + 1))
                          .first->second;
      for (const auto& [to, p] : web[r]) place.probability = std::max(place.probability, p);
    }
    out.places.push_back(std::move(place));
  }
  out.fit = std::move(c.fit);
  std::ranges::sort(out.places, {},
                    [](const Place& p) { return std::tuple(p.id, p.cluster, p.record); });
  return out;
}

}  // namespace tessera::intake
