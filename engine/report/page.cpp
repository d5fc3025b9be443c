#include "engine/report/page.h"

#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "engine/core/html.h"
#include "engine/core/page.h"
#include "engine/report/charts.h"
#include "engine/report/figures.h"

namespace tessera::report {
namespace {

std::string heading(std::string_view words) {
  return fmt::format("<h2>{}</h2>\n", escape_html(words));
}
std::string figure(const std::string& svg) { return "<figure>\n" + svg + "</figure>\n"; }

const PageTable::Cells kTallyHead{"",   "precision",   "95 % interval", "recall", "95 % interval",
                                  "F1", "false links", "missed"};

PageTable::Cells tally_cells(std::string name, const Tally& t) {
  return {std::move(name),
          share(t.precision()),
          bounds(wilson(t.right, t.right + t.wrong)),
          share(t.recall()),
          bounds(wilson(t.right, t.right + t.missed)),
          share(t.f1()),
          whole(t.wrong),
          whole(t.missed)};
}

std::string sweep_table(std::string_view caption, const Sweep& s) {
  PageTable::Cells head = kTallyHead;
  head[0] = "probability at least";
  PageTable table(caption, head);
  for (const Point& p : s.at) table.row(tally_cells(threshold(p.probability), p.tally));
  table.row(tally_cells(fmt::format("best F1, at {}", small(s.best.probability)), s.best.tally));
  return table.done();
}

std::string ground(const Ground& g) {
  return PageTable("What was measured", {"", "count"})
      .row({"records in the maps", whole(g.records)})
      .row({"... without a person in the truth, left out", whole(g.unnamed)})
      .row({"records of the truth in no map", whole(g.unmapped)})
      .row({"true pairs", whole(g.true_pairs)})
      .row({"true pairs with a record in no map, not counted", whole(g.true_pairs_unmapped)})
      .row({"pairs inside one owner", g.within ? "count" : "do not count"})
      .done();
}

std::string calibration(const Calibration& c) {
  std::string out = heading("Calibration");
  out += fmt::format(
      "<p>Pairs of probability {} and more, before assignment, in ten bins of equal "
      "count. Expected calibration error <strong>{}</strong>.</p>\n",
      kCalibrationFloor, share(c.error));
  out += figure(reliability_chart("reliability", c));
  PageTable bins("Reliability", {"probability", "pairs", "mean said", "seen", "95 % interval"});
  for (const Bin& b : c.bins)
    bins.row({share(b.low) + " to " + share(b.high), whole(b.pairs), share(b.said), share(b.seen),
              bounds(b.seen_bounds)});
  out += bins.done();
  return out + PageTable("Scores", {"", "these pairs", "all judged pairs"})
                   .row({"Brier score", share(c.brier), share(c.brier_all)})
                   .row({"log loss (nats)", small(c.log_loss), small(c.log_loss_all)})
                   .done();
}

std::string histogram_part(const Histogram& h) {
  std::string out = heading("Pairs by probability") + figure(histogram_chart("histogram", h));
  PageTable table("Pairs by probability", {"probability from", "true pairs", "other pairs"});
  for (std::size_t i = 0; i < h.same.size(); ++i)
    table.row({fmt::format("{:.2f}", static_cast<double>(i) / static_cast<double>(h.same.size())),
               whole(h.same[i]), whole(h.different[i])});
  return out + table.done();
}

std::string pairs(const PairMeasures& m) {
  std::string out =
      PageTable("Candidate pairs", {"", "value"})
          .row({"rows of the pairs file", whole(m.rows)})
          .row({"... of records without a person, left out", whole(m.sifted.unjudged)})
          .row({"... inside one owner, left out", whole(m.sifted.within_owner)})
          .row({"... standing there again, left out", whole(m.sifted.repeated)})
          .row({"judged", whole(m.judged)})
          .row({"pair completeness c of what was scored", share(m.completeness)})
          .row({"ceiling of F1, 2c/(1+c)", share(m.ceiling)})
          .done();
  out += heading("Precision and recall");
  out += figure(precision_recall_chart("curve", m.all, m.assigned ? &*m.assigned : nullptr));
  if (m.assigned) out += sweep_table("After one-to-one assignment", *m.assigned);
  out += sweep_table("All pairs", m.all);
  out +=
      "<p>The best F1 chooses its threshold with the truth in hand: an upper bound, not a "
      "setting.</p>\n";
  return out + calibration(m.calibration) + histogram_part(m.histogram);
}

std::string clusters(const ClusterTally& c) {
  std::string out = heading("Clusters");
  out += PageTable("Clusters of two records or more", {"", "count"})
             .row({"clusters", whole(c.clusters)})
             .row({"... that mix persons", whole(c.mixed)})
             .row({"persons", whole(c.persons)})
             .row({"... split over clusters", whole(c.split)})
             .done();
  return out + PageTable("Against the persons", kTallyHead)
                   .row(tally_cells("pairs", c.pairs))
                   .row(tally_cells("exact clusters", c.exact))
                   .done();
}

std::string ids(const IdTally& t) {
  return heading("State IDs") +
         PageTable("State IDs", {"", "value"})
             .row({"rows", whole(t.rows)})
             .row({"existing", whole(t.status[0])})
             .row({"new", whole(t.status[1])})
             .row({"review", whole(t.status[2])})
             .row({"conflict", whole(t.status[3])})
             .row({"share of review", share(t.review_share)})
             .row({"persons with an ID", whole(t.persons)})
             .row({"persons with more than one ID", whole(t.duplicated)})
             .row({"their share", share(t.duplicate_share)})
             .row({"95 % interval", bounds(t.duplicate_bounds)})
             .row({"IDs that mix persons", whole(t.mixed)})
             .row({"false merges", whole(t.false_merges)})
             .row({"automatic links", whole(t.links)})
             .row({"false merges per 100,000 links", small(t.false_merges_per_100k)})
             .row({"with 95 % confidence at most", small(t.false_merges_per_100k_upper)})
             .done();
}

std::string groups(const std::vector<GroupTable>& tables) {
  if (tables.empty()) return "";
  std::string out = heading("By group");
  out += fmt::format(
      "<p>Pairs accepted at probability {} and more; of clusters, the pairs of records in one. A "
      "pair belongs to a group if both records do, else to &quot;mixed&quot;. Groups below {} are "
      "not shown.</p>\n",
      kOperatingPoint, kSmallestGroup);
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const GroupTable& g = tables[i];
    out += figure(group_chart(fmt::format("group-{}", i), g));
    PageTable table(
        fmt::format("By {}{}", g.column, g.of == GroupsOf::pairs ? "" : ", of clusters"),
        {g.column, "true pairs", "recall", "95 % interval", "accepted", "precision",
         "95 % interval"});
    for (const GroupRow& r : g.rows) {
      const bool a = r.shows_recall();
      const bool b = r.shows_precision();
      table.row({r.value, a ? whole(r.truth) : "<10", a ? share(r.right, r.truth) : "",
                 a ? bounds(r.recall_bounds) : "", b ? whole(r.accepted) : "<10",
                 b ? share(r.right, r.accepted) : "", b ? bounds(r.precision_bounds) : ""});
    }
    out += table.done();
  }
  return out;
}

}  // namespace

std::string to_page(const Measures& m, const std::string& title) {
  std::string out = open_page(title);
  out += ground(m.ground);
  if (m.pairs) out += pairs(*m.pairs);
  if (m.clusters) out += clusters(*m.clusters);
  if (m.ids) out += ids(*m.ids);
  out += groups(m.groups);
  return out + std::string(kClosePage);
}

}  // namespace tessera::report
