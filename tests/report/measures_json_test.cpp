// The JSON of an evaluation: what scripts may rely on. The whole is pinned in page_test.cpp.
#include <cmath>
#include <limits>

#include <doctest/doctest.h>

#include "engine/report/measures.h"

using namespace tessera;
using namespace tessera::report;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::vector<std::string> names(const json::Value& value) {
  std::vector<std::string> out;
  for (const json::Member& m : *value.as_object()) out.push_back(m.first);
  return out;
}

double number(const json::Value& value, std::string_view name) {
  double out = kNan;
  CHECK(value.find(name)->number(out));
  return out;
}

const json::Value& row_of(const json::Value& v, std::size_t table, std::size_t row) {
  return (*(*v.find("groups")->as_array())[table].find("rows")->as_array())[row];
}

}  // namespace

TEST_CASE("members are always there; what was not asked for is null") {
  const json::Value v = to_json(Measures{});
  CHECK(names(v) == std::vector<std::string>{"format", "records", "records_without_person",
                                             "truth_records", "truth_records_in_no_map", "owners",
                                             "pairs_within_owner_count", "true_pairs",
                                             "true_pairs_in_no_map", "pairs", "clusters", "ids",
                                             "groups"});
  CHECK(*v.find("format")->as_string() == "tessera-evaluation-1");
  for (const char* name : {"pairs", "clusters", "ids"}) CHECK(*v.find(name) == json::Value());
  CHECK(v.find("groups")->as_array()->empty());
}

TEST_CASE("a tally is written with its shares and intervals, and a share of nothing is null") {
  Measures m;
  m.clusters.emplace();
  m.clusters->pairs = {90, 10, 30};
  const json::Value v = to_json(m);
  const json::Value& pairs = *v.find("clusters")->find("pairwise");
  CHECK(number(pairs, "true_positives") == 90);
  CHECK(number(pairs, "false_positives") == 10);
  CHECK(number(pairs, "false_negatives") == 30);
  CHECK(number(pairs, "precision") == doctest::Approx(0.9));
  CHECK(number(pairs, "recall") == doctest::Approx(0.75));
  CHECK(number(pairs, "f1") == doctest::Approx(180.0 / 220));
  const Interval bounds = wilson(90, 100);
  double low = 0;
  REQUIRE((*pairs.find("precision_95")->as_array())[0].number(low));
  CHECK(low == doctest::Approx(bounds.low));
  const json::Value& none = *v.find("clusters")->find("exact_clusters");
  for (const char* name : {"precision", "recall", "f1"}) CHECK(*none.find(name) == json::Value());
}

TEST_CASE("IDs: a rate without links is null") {
  Measures m;
  m.ids.emplace();
  m.ids->status[2] = 7;
  m.ids->false_merges_per_100k = kNan;
  m.ids->false_merges_per_100k_upper = kNan;
  const json::Value v = to_json(m);
  CHECK(number(*v.find("ids"), "review") == 7);
  CHECK(*v.find("ids")->find("false_merges_per_100000_links") == json::Value());
  CHECK(*v.find("ids")->find("false_merges_per_100000_links_upper_95") == json::Value());
}

TEST_CASE("groups say what they are of, and hide each small count by itself") {
  Measures m;
  GroupTable table{"town", GroupsOf::clusters, {}};
  table.rows.push_back({"large", 10, 10, 9, wilson(9, 10), wilson(9, 10)});
  table.rows.push_back({"few true", 9, 10, 9, wilson(9, 9), wilson(9, 10)});
  table.rows.push_back({"few found", 10, 9, 9, wilson(9, 10), wilson(9, 9)});
  m.groups = {{"sex", GroupsOf::pairs, {}}, table};
  const json::Value v = to_json(m);
  CHECK(*(*v.find("groups")->as_array())[0].find("of")->as_string() == "pairs");
  CHECK(*(*v.find("groups")->as_array())[1].find("of")->as_string() == "clusters");
  CHECK(number(row_of(v, 1, 0), "true_pairs") == 10);
  CHECK(number(row_of(v, 1, 0), "recall") == doctest::Approx(0.9));
  for (const char* name : {"true_pairs", "recall", "recall_95"}) {
    CHECK(*row_of(v, 1, 1).find(name)->as_string() == "<10");
    CHECK(row_of(v, 1, 2).find(name)->as_string() == nullptr);
  }
  for (const char* name : {"accepted", "precision", "precision_95"}) {
    CHECK(row_of(v, 1, 1).find(name)->as_string() == nullptr);
    CHECK(*row_of(v, 1, 2).find(name)->as_string() == "<10");
  }
}
