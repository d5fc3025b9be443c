// The measures as JSON, under names that scripts may rely on (docs/evaluate.md).
#include <cmath>

#include "engine/report/measures.h"

namespace tessera::report {
namespace {

using json::Array;
using json::Object;
using json::Value;

Value real(double x) { return std::isfinite(x) ? Value(x) : Value(); }
Value interval(const Interval& i) { return Array{real(i.low), real(i.high)}; }

void add_tally(Object& out, const Tally& t) {
  out.emplace_back("true_positives", t.right);
  out.emplace_back("false_positives", t.wrong);
  out.emplace_back("false_negatives", t.missed);
  out.emplace_back("precision", real(t.precision()));
  out.emplace_back("precision_95", interval(wilson(t.right, t.right + t.wrong)));
  out.emplace_back("recall", real(t.recall()));
  out.emplace_back("recall_95", interval(wilson(t.right, t.right + t.missed)));
  out.emplace_back("f1", real(t.f1()));
}

Value point(const Point& p, bool with_weight) {
  Object out;
  out.emplace_back("threshold", real(p.probability));
  if (with_weight) out.emplace_back("weight", real(p.weight));
  add_tally(out, p.tally);
  return out;
}

Value sweep_json(const Sweep& s) {
  Array at;
  for (const Point& p : s.at) at.push_back(point(p, false));
  Array curve;
  for (const Point& p : s.curve)
    curve.push_back(Array{real(p.probability), real(p.tally.precision()), real(p.tally.recall())});
  return Object{{"best_f1_threshold_chosen_with_truth", point(s.best, true)},
                {"most_found_at_precision_0.999_chosen_with_truth", point(s.strict, true)},
                {"thresholds", std::move(at)},
                {"curve_threshold_precision_recall", std::move(curve)}};
}

Value calibration_json(const Calibration& c) {
  Array bins;
  for (const Bin& b : c.bins)
    bins.push_back(Object{{"low", real(b.low)},
                          {"high", real(b.high)},
                          {"pairs", b.pairs},
                          {"said", real(b.said)},
                          {"seen", real(b.seen)},
                          {"seen_95", interval(b.seen_bounds)}});
  return Object{{"floor", kCalibrationFloor},
                {"pairs", c.pairs},
                {"expected_calibration_error", real(c.error)},
                {"brier", real(c.brier)},
                {"log_loss", real(c.log_loss)},
                {"brier_all_pairs", real(c.brier_all)},
                {"log_loss_all_pairs", real(c.log_loss_all)},
                {"bins", std::move(bins)}};
}

Value counts(const std::vector<std::uint64_t>& values) {
  Array out;
  for (const std::uint64_t n : values) out.emplace_back(n);
  return out;
}

Value pairs_json(const PairMeasures& m) {
  return Object{
      {"rows", m.rows},
      {"unjudged", m.sifted.unjudged},
      {"within_owner_left_out", m.sifted.within_owner},
      {"repeated", m.sifted.repeated},
      {"judged", m.judged},
      {"true_pairs_scored", m.scored.right},
      {"completeness", real(m.completeness)},
      {"ceiling_f1", real(m.ceiling)},
      {"all", sweep_json(m.all)},
      {"one_to_one", m.assigned ? sweep_json(*m.assigned) : Value()},
      {"calibration", calibration_json(m.calibration)},
      {"histogram", Object{{"bin_width", 1.0 / static_cast<double>(m.histogram.same.size())},
                           {"true_pairs", counts(m.histogram.same)},
                           {"other_pairs", counts(m.histogram.different)}}}};
}

Value clusters_json(const ClusterTally& c) {
  Object pairs;
  add_tally(pairs, c.pairs);
  Object exact;
  add_tally(exact, c.exact);
  return Object{{"clusters", c.clusters},       {"clusters_mixing_persons", c.mixed},
                {"persons", c.persons},         {"persons_split", c.split},
                {"pairwise", std::move(pairs)}, {"exact_clusters", std::move(exact)}};
}

Value ids_json(const IdTally& t) {
  return Object{{"rows", t.rows},
                {"existing", t.status[0]},
                {"new", t.status[1]},
                {"review", t.status[2]},
                {"conflict", t.status[3]},
                {"review_share", real(t.review_share)},
                {"persons_with_id", t.persons},
                {"persons_with_more_than_one_id", t.duplicated},
                {"surplus_ids", t.surplus},
                {"duplicate_share", real(t.duplicate_share)},
                {"duplicate_share_95", interval(t.duplicate_bounds)},
                {"ids", t.ids},
                {"ids_mixing_persons", t.mixed},
                {"false_merges", t.false_merges},
                {"automatic_links", t.links},
                {"false_merges_per_100000_links", real(t.false_merges_per_100k)},
                {"false_merges_per_100000_links_upper_95", real(t.false_merges_per_100k_upper)}};
}

Value hidden() { return "<10"; }
Value share_or_null(std::uint64_t part, std::uint64_t whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}

Value group_json(const GroupRow& r) {
  const bool recall = r.shows_recall();
  const bool precision = r.shows_precision();
  return Object{{"value", r.value},
                {"true_pairs", recall ? Value(r.truth) : hidden()},
                {"recall", recall ? share_or_null(r.right, r.truth) : hidden()},
                {"recall_95", recall ? interval(r.recall_bounds) : hidden()},
                {"accepted", precision ? Value(r.accepted) : hidden()},
                {"precision", precision ? share_or_null(r.right, r.accepted) : hidden()},
                {"precision_95", precision ? interval(r.precision_bounds) : hidden()}};
}

}  // namespace

json::Value to_json(const Measures& m) {
  Object out{{"format", "tessera-evaluation-1"},
             {"records", m.ground.records},
             {"records_without_person", m.ground.unnamed},
             {"truth_records", m.ground.truth_records},
             {"truth_records_in_no_map", m.ground.unmapped},
             {"owners", m.ground.owners},
             {"pairs_within_owner_count", m.ground.within},
             {"true_pairs", m.ground.true_pairs},
             {"true_pairs_in_no_map", m.ground.true_pairs_unmapped}};
  out.emplace_back("pairs", m.pairs ? pairs_json(*m.pairs) : Value());
  out.emplace_back("clusters", m.clusters ? clusters_json(*m.clusters) : Value());
  out.emplace_back("ids", m.ids ? ids_json(*m.ids) : Value());
  Array groups;
  for (const GroupTable& table : m.groups) {
    Array rows;
    for (const GroupRow& r : table.rows) rows.push_back(group_json(r));
    groups.push_back(Object{{"column", table.column},
                            {"of", table.of == GroupsOf::pairs ? "pairs" : "clusters"},
                            {"rows", std::move(rows)}});
  }
  out.emplace_back("groups", std::move(groups));
  return out;
}

}  // namespace tessera::report
