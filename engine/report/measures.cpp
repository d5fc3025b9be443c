#include "engine/report/measures.h"

#include <algorithm>

#include "engine/report/one_to_one.h"

namespace tessera::report {

void measure_pairs(Measures& out, std::vector<Pair>& pairs, const People& people,
                   std::span<const Grouping> groupings) {
  PairMeasures m;
  const std::uint64_t truth = out.ground.true_pairs;
  m.rows = pairs.size();
  m.sifted = sift(pairs, people);
  m.judged = pairs.size();
  m.all = sweep(pairs, people, truth, shown_thresholds());
  const double everything[] = {0.0};
  m.scored = sweep(pairs, people, truth, everything).at[0].tally;
  m.completeness = m.scored.recall();
  m.ceiling = 2 * m.completeness / (1 + m.completeness);
  m.calibration = calibrate(pairs, people);
  m.histogram = histogram(pairs, people, 20);
  std::vector<Pair> accepted;
  if (!people.within) {
    accepted = one_to_one(pairs, people);
    m.assigned = sweep(accepted, people, truth, shown_thresholds());
  } else if (!groupings.empty()) {
    accepted = pairs;
  }
  std::erase_if(accepted, [](const Pair& p) { return p.probability < kOperatingPoint; });
  for (const Grouping& g : groupings) out.groups.push_back(tally_groups(g, accepted, people));
  out.pairs = std::move(m);
}

void measure_clusters(Measures& out, std::span<const std::uint32_t> cluster, const People& people,
                      std::span<const Grouping> groupings) {
  out.clusters = tally_clusters(cluster, people);
  for (const Grouping& g : groupings) out.groups.push_back(tally_groups(g, cluster, people));
}

}  // namespace tessera::report
