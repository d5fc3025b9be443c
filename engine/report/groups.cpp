#include "engine/report/groups.h"

namespace tessera::report {
namespace {

constexpr auto kOut = ~std::uint64_t{0};

// Pairs that count and share a key, by the value of both records; the last count is "mixed". A
// record whose key is kOut is left out.
std::vector<std::uint64_t> pairs_by_value(const Grouping& grouping,
                                          const std::vector<std::uint64_t>& key,
                                          const People& people) {
  std::vector<std::uint64_t> out;
  std::uint64_t inside = 0;
  std::vector<std::uint64_t> of_value(key.size());
  for (std::size_t v = 0; v < grouping.values.size(); ++v) {
    for (std::size_t i = 0; i < key.size(); ++i)
      of_value[i] = grouping.value[i] == v ? key[i] : kOut;
    out.push_back(count_pairs(of_value, people.owner, people.within));
    inside += out.back();
  }
  out.push_back(count_pairs(key, people.owner, people.within) - inside);
  return out;
}

// A row for each value and for "mixed", with its true pairs.
GroupTable table_of(const Grouping& grouping, const People& people, GroupsOf of) {
  GroupTable out{grouping.column, of, {}};
  std::vector<std::uint64_t> key(people.person.size());
  for (std::size_t i = 0; i < key.size(); ++i)
    key[i] = people.person[i] == kNobody ? kOut : people.person[i];
  const std::vector<std::uint64_t> truth = pairs_by_value(grouping, key, people);
  for (std::size_t v = 0; v < truth.size(); ++v) {
    out.rows.emplace_back();
    out.rows[v].value = v < grouping.values.size() ? grouping.values[v] : "mixed";
    out.rows[v].truth = truth[v];
  }
  return out;
}

void finish(GroupTable& table) {
  std::erase_if(table.rows, [](const GroupRow& r) { return r.truth == 0 && r.accepted == 0; });
  for (GroupRow& row : table.rows) {
    row.recall_bounds = wilson(row.right, row.truth);
    row.precision_bounds = wilson(row.right, row.accepted);
  }
}

}  // namespace

GroupTable tally_groups(const Grouping& grouping, std::span<const Pair> accepted,
                        const People& people) {
  GroupTable out = table_of(grouping, people, GroupsOf::pairs);
  const std::size_t mixed = grouping.values.size();
  for (const Pair& pair : accepted) {
    const std::uint32_t value = grouping.value[pair.left];
    GroupRow& row = out.rows[value == grouping.value[pair.right] ? value : mixed];
    ++row.accepted;
    if (people.same(pair.left, pair.right)) ++row.right;
  }
  finish(out);
  return out;
}

GroupTable tally_groups(const Grouping& grouping, std::span<const std::uint32_t> cluster,
                        const People& people) {
  GroupTable out = table_of(grouping, people, GroupsOf::clusters);
  const PairKeys keys = pair_keys(cluster, people);
  const std::vector<std::uint64_t> accepted = pairs_by_value(grouping, keys.found, people);
  const std::vector<std::uint64_t> right = pairs_by_value(grouping, keys.right, people);
  for (std::size_t v = 0; v < out.rows.size(); ++v) {
    out.rows[v].accepted = accepted[v];
    out.rows[v].right = right[v];
  }
  finish(out);
  return out;
}

}  // namespace tessera::report
