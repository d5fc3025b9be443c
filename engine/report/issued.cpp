#include "engine/report/issued.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "engine/core/parallel.h"

namespace tessera::report {
namespace {

using Holding = std::pair<std::uint32_t, std::uint32_t>;

struct Spread {
  std::uint64_t firsts = 0;  // distinct first members
  std::uint64_t many = 0;    // of them, met with more than one second member
  std::uint64_t beyond = 0;  // second members beyond the first
};
// REQUIRES: sorted and unique.
Spread spread(const std::vector<Holding>& holdings) {
  Spread out;
  for (std::size_t i = 0; i < holdings.size();) {
    std::size_t end = i;
    while (end < holdings.size() && holdings[end].first == holdings[i].first) ++end;
    ++out.firsts;
    if (end - i > 1) ++out.many;
    out.beyond += end - i - 1;
    i = end;
  }
  return out;
}

Spread spread_of(std::vector<Holding> holdings) {
  parallel_sort(holdings.begin(), holdings.end());
  holdings.erase(std::unique(holdings.begin(), holdings.end()), holdings.end());
  return spread(holdings);
}

}  // namespace

IdTally tally_ids(std::span<const Issued> rows, const People& people) {
  IdTally out;
  std::vector<Holding> by_person;
  std::vector<Holding> by_id;
  std::vector<Holding> fresh;  // (ID, record): a record that comes again is no link
  out.rows = rows.size();
  for (const Issued& row : rows) {
    ++out.status[static_cast<std::size_t>(row.status)];
    const std::uint32_t person = people.person[row.record];
    if (person == kNobody || row.id == kNoId) continue;
    by_person.emplace_back(person, row.id);
    by_id.emplace_back(row.id, person);
    if (row.status == Status::existing && row.by_score) ++out.links;
    if (row.status == Status::fresh) fresh.emplace_back(row.id, row.record);
  }
  const Spread persons = spread_of(std::move(by_person));
  const Spread ids = spread_of(std::move(by_id));
  out.links += spread_of(std::move(fresh)).beyond;
  out.persons = persons.firsts;
  out.duplicated = persons.many;
  out.surplus = persons.beyond;
  out.ids = ids.firsts;
  out.mixed = ids.many;
  out.false_merges = ids.beyond;
  const std::uint64_t hits = std::min(out.false_merges, out.links);
  out.false_merges_per_100k = ratio(out.false_merges, out.links) * 1e5;
  out.false_merges_per_100k_upper = out.links == 0
                                        ? std::numeric_limits<double>::quiet_NaN()
                                        : clopper_pearson_upper(hits, out.links, 0.95) * 1e5;
  out.duplicate_share = ratio(out.duplicated, out.persons);
  out.duplicate_bounds = wilson(out.duplicated, out.persons);
  out.review_share = ratio(out.status[static_cast<std::size_t>(Status::review)], out.rows);
  return out;
}

}  // namespace tessera::report
