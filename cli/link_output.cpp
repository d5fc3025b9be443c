// Pairs and clusters as CSV, in an order that owners and record keys give.
#include "cli/link_output.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "cli/say.h"
#include "engine/core/csv.h"
#include "engine/core/file.h"
#include "engine/link/compete.h"

namespace tessera::cli {

link::Decinats floor_of(double pairs_floor) {
  constexpr double kRivals = 0.01;
  return pairs_floor <= 0 ? link::Decinats{-link::kSurest}
                          : link::logit_of(std::min(pairs_floor, kRivals));
}

Result<void> write_pairs(const LinkOutput& o, const Names& names, std::span<const link::Pair> pairs,
                         std::span<const float> probability) {
  TESSERA_TRY(AtomicFile out, AtomicFile::create(o.pairs, {.force = o.force}));
  out.write("left_owner,left_record,right_owner,right_record,weight,probability\n");
  std::string row;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (probability[i] < o.pairs_floor) continue;
    row.clear();
    csv::append_row(row, {names.owner(pairs[i].a), names.key(pairs[i].a), names.owner(pairs[i].b),
                          names.key(pairs[i].b), fmt::format("{:.1f}", pairs[i].logit / 10.0),
                          fmt::format("{:.6f}", probability[i])});
    out.write(row);
  }
  return out.commit();
}

std::vector<cluster::Candidate> links_of(std::span<const link::Pair> pairs,
                                         std::span<const float> probability,
                                         std::span<const std::uint32_t> group, bool across) {
  // After competition a pair's logit is that of its probability, so that rivals weaken each other.
  std::vector<cluster::Candidate> all;
  for (std::size_t i = 0; i < pairs.size(); ++i)
    all.push_back(
        {pairs[i].a, pairs[i].b, std::min(pairs[i].logit, link::logit_of(probability[i]))});
  if (!across) return all;
  std::vector<cluster::Candidate> best;
  for (const std::uint32_t i : cluster::assign(all, group)) best.push_back(all[i]);
  return best;
}

Result<std::size_t> write_clusters(const LinkOutput& o, const Names& names,
                                   std::span<const std::uint32_t> root,
                                   std::span<const cluster::Candidate> links) {
  // Strength of a record's place: the strongest link to another of its cluster.
  std::vector<link::Decinats> place(root.size(), -link::kSurest);
  for (const cluster::Candidate& c : links)
    if (root[c.a] == root[c.b]) {
      place[c.a] = std::max(place[c.a], c.logit);
      place[c.b] = std::max(place[c.b], c.logit);
    }
  std::vector<std::uint32_t> size(root.size());
  for (const std::uint32_t r : root) ++size[r];
  std::vector<std::uint32_t> order(root.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, {}, [&](std::uint32_t r) { return root[r]; });
  TESSERA_TRY(AtomicFile out, AtomicFile::create(o.clusters, {.force = o.force}));
  out.write("cluster,owner,record,probability\n");
  std::size_t number = 0;
  std::uint32_t last = UINT32_MAX;
  std::string row;
  for (const std::uint32_t r : order) {
    if (size[root[r]] < 2) continue;
    if (root[r] != last) ++number;
    last = root[r];
    row.clear();
    csv::append_row(row, {fmt::format("{}", number), names.owner(r), names.key(r),
                          fmt::format("{:.6f}", link::probability_of(place[r]))});
    out.write(row);
  }
  TESSERA_CHECK(out.commit());
  return number;
}

void say_compared(const schema::Schema& schema, std::span<const link::PassCounts> counts,
                  const link::Fit& fit) {
  for (std::size_t p = 0; p < schema.passes.size(); ++p)
    fmt::print("pass {:<16} {} pairs compared, about {:.0f} of them matches\n",
               schema.passes[p].name, counts[p].compared, fit.expected_matches[p]);
  for (const std::string& note : fit.notes) say_warning(note);
}

void say_clusters(std::size_t pairs, std::size_t clusters) {
  fmt::print("{} pairs kept, {} clusters of two or more records\n", pairs, clusters);
}

}  // namespace tessera::cli
