#include "engine/report/groups.h"

namespace tessera::report {

GroupTable tally_groups(const Grouping& grouping, std::span<const Pair> accepted,
                        const People& people) {
  GroupTable out{grouping.column, std::vector<GroupRow>(grouping.values.size() + 1)};
  const std::size_t mixed = grouping.values.size();
  for (std::size_t v = 0; v < mixed; ++v) out.rows[v].value = grouping.values[v];
  out.rows[mixed].value = "mixed";

  // True pairs inside one value: the pairs that share person and value, counted value by value.
  std::uint64_t inside = 0;
  std::vector<std::uint64_t> key(people.person.size());
  for (std::size_t v = 0; v < mixed; ++v) {
    for (std::size_t i = 0; i < key.size(); ++i)
      key[i] = people.person[i] == kNobody || grouping.value[i] != v ? ~std::uint64_t{0}
                                                                     : people.person[i];
    out.rows[v].truth = count_pairs(key, people.owner, people.within);
    inside += out.rows[v].truth;
  }
  out.rows[mixed].truth = true_pairs(people) - inside;

  for (const Pair& pair : accepted) {
    const std::uint32_t value = grouping.value[pair.left];
    GroupRow& row = out.rows[value == grouping.value[pair.right] ? value : mixed];
    ++row.accepted;
    if (people.same(pair.left, pair.right)) ++row.right;
  }
  std::erase_if(out.rows, [](const GroupRow& r) { return r.truth == 0 && r.accepted == 0; });
  for (GroupRow& row : out.rows) {
    row.recall_bounds = wilson(row.right, row.truth);
    row.precision_bounds = wilson(row.right, row.accepted);
  }
  return out;
}

}  // namespace tessera::report
