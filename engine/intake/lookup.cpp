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

// From `start` along links inside one cluster: product of probabilities and steps of the likeliest
// path.
void walk(std::uint32_t start,
          const std::vector<std::vector<std::pair<std::uint32_t, double>>>& next,
          const std::vector<std::uint32_t>& root,
          std::map<std::uint32_t, std::pair<double, std::uint32_t>>& reached) {
  using Item = std::pair<double, std::uint32_t>;
  std::priority_queue<Item> queue;
  reached[start] = {1.0, 0};
  queue.push({1.0, start});
  while (!queue.empty()) {
    const auto [p, at] = queue.top();
    queue.pop();
    if (p < reached[at].first) continue;
    for (const auto& [to, q] : next[at]) {
      if (root[to] != root[start]) continue;
      const auto it = reached.find(to);
      if (it != reached.end() && it->second.first >= p * q) continue;
      reached[to] = {p * q, reached[at].second + 1};
      queue.push({p * q, to});
    }
  }
}

}  // namespace

Result<LookUp> look_up(registry::Registry& registry, link::FileSet& files,
                       const link::Matcher& matcher, link::Decinats threshold, Progress& progress) {
  for (const encoded::File& f : files.files()) {
    encoded::Header asked =
        f.header();  // every population may ask; only students and staff get IDs
    asked.population = encoded::Population::student;
    TESSERA_CHECK(registry.accepts(asked, f.path()));
  }
  TESSERA_TRY(Compared c, compare(registry, files, std::vector<Attendance>(files.records()),
                                  matcher, progress));
  const std::vector<Candidate> links = node_links(c);
  const auto root = cluster::clusters(links, c.group, {.threshold = threshold});
  std::vector<std::vector<std::pair<std::uint32_t, double>>> next(root.size());
  for (const Candidate& l : links) {
    if (root[l.a] != root[l.b]) continue;
    const double p = link::probability_of(l.logit);
    next[l.a].emplace_back(l.b, p);
    next[l.b].emplace_back(l.a, p);
  }
  std::map<std::uint32_t, std::uint32_t> person;   // root -> node of its person
  std::map<std::uint32_t, std::uint32_t> numbers;  // root -> number, where there is none
  for (std::uint32_t r = c.batch; r < root.size(); ++r)
    if (!next[r].empty()) person[root[r]] = r;
  LookUp out;
  out.fit = std::move(c.fit);
  std::map<std::uint32_t, registry::StateId> ids;
  std::map<std::uint32_t, std::map<std::uint32_t, std::pair<double, std::uint32_t>>> paths;
  for (std::uint32_t r = 0; r < c.batch; ++r) {
    if (next[r].empty()) continue;
    Place place;
    place.record = r;
    if (const auto it = person.find(root[r]); it != person.end()) {
      auto& reached = paths[it->second];
      if (reached.empty()) {
        walk(it->second, next, root, reached);
        const auto stored =
            std::ranges::lower_bound(c.around.records, c.stored[it->second - c.batch], {},
                                     &registry::Stored::Record::record);
        TESSERA_TRY(const auto id, registry::live_id_of(registry, stored->person));
        ids[it->second] = id.value_or(0);
      }
      place.id = ids[it->second];
      const auto at = reached.find(r);
      if (at != reached.end()) {
        place.probability = at->second.first;
        place.steps = at->second.second;
      }
    }
    if (place.id == 0) {
      place.cluster = numbers.try_emplace(root[r], static_cast<std::uint32_t>(numbers.size() + 1))
                          .first->second;
      for (const auto& [to, p] : next[r]) place.probability = std::max(place.probability, p);
    }
    out.places.push_back(place);
  }
  std::ranges::sort(out.places, {},
                    [](const Place& p) { return std::tuple(p.id, p.cluster, p.record); });
  return out;
}

}  // namespace tessera::intake
