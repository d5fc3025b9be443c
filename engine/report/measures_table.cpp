// The measures as a table for a terminal.
#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "engine/report/figures.h"
#include "engine/report/measures.h"

namespace tessera::report {
namespace {

// JSON and page show every threshold; a terminal shows those that people ask for.
constexpr double kInTerminal[] = {0.05, 0.5, 0.9, 0.95, 0.99, 0.999, 0.9999};

void line(std::string& out, std::string_view name, std::string_view value) {
  out += fmt::format("  {:<50} {}\n", name, value);
}

void tally_row(std::string& out, std::string_view name, const Tally& t) {
  out += fmt::format("  {:<22} {:>9} {:>15} {:>9} {:>9} {:>11} {:>11}\n", name,
                     share(t.precision()), bounds(wilson(t.right, t.right + t.wrong)),
                     share(t.recall()), share(t.f1()), whole(t.wrong), whole(t.missed));
}

void tally_head(std::string& out, std::string_view name) {
  out += fmt::format("  {:<22} {:>9} {:>15} {:>9} {:>9} {:>11} {:>11}\n", name, "precision",
                     "95 % interval", "recall", "F1", "false links", "missed");
}

void sweep_table(std::string& out, std::string_view title, const Sweep& s) {
  out += fmt::format("\n{}\n", title);
  tally_head(out, "probability at least");
  for (const Point& p : s.at)
    if (std::ranges::find(kInTerminal, p.probability) != std::end(kInTerminal))
      tally_row(out, threshold(p.probability), p.tally);
  tally_row(out, fmt::format("best F1 at {}", small(s.best.probability)), s.best.tally);
  out +=
      "  (best F1 chooses its threshold with the truth in hand: an upper bound, not a setting)\n";
}

void ground(std::string& out, const Ground& g) {
  out += "Ground\n";
  line(out, "records in the maps", whole(g.records));
  line(out, "... without a person in the truth, left out", whole(g.unnamed));
  line(out, "records of the truth in no map", whole(g.unmapped));
  line(out, "true pairs", whole(g.true_pairs));
  line(out, "true pairs with a record in no map, not counted", whole(g.true_pairs_unmapped));
  line(out, "pairs inside one owner", g.within ? "count" : "do not count");
}

void pairs(std::string& out, const PairMeasures& m) {
  out += "\nCandidate pairs\n";
  line(out, "rows of the pairs file", whole(m.rows));
  line(out, "... of records without a person, left out", whole(m.sifted.unjudged));
  line(out, "... inside one owner, left out", whole(m.sifted.within_owner));
  line(out, "... standing there again, left out", whole(m.sifted.repeated));
  line(out, "judged", whole(m.judged));
  line(out, "pair completeness c of what was scored", share(m.completeness));
  line(out, "ceiling of F1, 2c/(1+c)", share(m.ceiling));
  sweep_table(out, "All pairs", m.all);
  if (m.assigned) sweep_table(out, "After one-to-one assignment", *m.assigned);
  const Calibration& c = m.calibration;
  out += fmt::format("\nCalibration, pairs of probability {} and more, before assignment\n",
                     kCalibrationFloor);
  line(out, "pairs", whole(c.pairs));
  line(out, "expected calibration error", share(c.error));
  line(out, "Brier score (all judged pairs)", share(c.brier) + " (" + share(c.brier_all) + ")");
  line(out, "log loss in nats (all judged pairs)",
       small(c.log_loss) + " (" + small(c.log_loss_all) + ")");
  out += fmt::format("  {:<26} {:>10} {:>8} {:>8} {:>15}\n", "probability from - to", "pairs",
                     "said", "seen", "95 % interval");
  for (const Bin& b : c.bins)
    out += fmt::format("  {:<26} {:>10} {:>8} {:>8} {:>15}\n", share(b.low) + " - " + share(b.high),
                       whole(b.pairs), share(b.said), share(b.seen), bounds(b.seen_bounds));
}

void clusters(std::string& out, const ClusterTally& c) {
  out += "\nClusters of two records or more\n";
  line(out, "clusters", whole(c.clusters));
  line(out, "... that mix persons", whole(c.mixed));
  line(out, "persons", whole(c.persons));
  line(out, "... split over clusters", whole(c.split));
  tally_head(out, "");
  tally_row(out, "pairs", c.pairs);
  tally_row(out, "exact clusters", c.exact);
}

void ids(std::string& out, const IdTally& t) {
  out += "\nState IDs\n";
  line(out, "rows", whole(t.rows));
  line(out, "existing, new, review, conflict",
       fmt::format("{}, {}, {}, {}", whole(t.status[0]), whole(t.status[1]), whole(t.status[2]),
                   whole(t.status[3])));
  line(out, "share of review", share(t.review_share));
  line(out, "persons with an ID", whole(t.persons));
  line(out, "... with more than one (share, 95 % interval)",
       fmt::format("{} ({}, {})", whole(t.duplicated), share(t.duplicate_share),
                   bounds(t.duplicate_bounds)));
  line(out, "IDs that mix persons", whole(t.mixed));
  line(out, "false merges", whole(t.false_merges));
  line(out, "automatic links", whole(t.links));
  line(
      out, "false merges per 100,000 links (95 % below)",
      fmt::format("{} ({})", small(t.false_merges_per_100k), small(t.false_merges_per_100k_upper)));
}

void groups(std::string& out, const GroupTable& table) {
  out += table.of == GroupsOf::pairs
             ? fmt::format("\nBy {} (accepted at probability {} and more)\n", table.column,
                           kOperatingPoint)
             : fmt::format("\nBy {} (pairs of records in one cluster)\n", table.column);
  out += fmt::format("  {:<22} {:>10} {:>9} {:>15} {:>10} {:>9} {:>15}\n", "value", "true pairs",
                     "recall", "95 % interval", "accepted", "precision", "95 % interval");
  for (const GroupRow& r : table.rows) {
    const bool a = r.shows_recall();
    const bool b = r.shows_precision();
    out += fmt::format("  {:<22} {:>10} {:>9} {:>15} {:>10} {:>9} {:>15}\n", r.value,
                       a ? whole(r.truth) : "<10", a ? share(r.right, r.truth) : "",
                       a ? bounds(r.recall_bounds) : "", b ? whole(r.accepted) : "<10",
                       b ? share(r.right, r.accepted) : "", b ? bounds(r.precision_bounds) : "");
  }
}

}  // namespace

std::string to_table(const Measures& m) {
  std::string out;
  ground(out, m.ground);
  if (m.pairs) pairs(out, *m.pairs);
  if (m.clusters) clusters(out, *m.clusters);
  if (m.ids) ids(out, *m.ids);
  for (const GroupTable& table : m.groups) groups(out, table);
  return out;
}

}  // namespace tessera::report
