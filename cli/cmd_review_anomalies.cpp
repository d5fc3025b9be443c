// tessera review anomalies: who may have two IDs, and who is enrolled in two places.
#include <memory>

#include <fmt/format.h>

#include "cli/gate.h"
#include "cli/review_verbs.h"
#include "cli/say.h"
#include "cli/today.h"
#include "engine/core/bytes.h"
#include "engine/core/csv.h"
#include "engine/core/json.h"
#include "engine/registry/anomalies.h"

namespace tessera::cli {
namespace review_anomalies_verb {
namespace {

struct Options {
  std::string registry;
  registry::AnomalyFilter filter{.most = 1000};
  double gate = 0.02;
  bool json = false;
  Gate door;
};

constexpr std::string_view kAnswer = "review anomalies";

json::Value to_json(const registry::Anomalies& found, const Options& o) {
  json::Array list;
  for (const registry::Anomaly& a : found.list)
    list.push_back(json::Object{{"owner", a.owner},
                                {"kind", registry::name_of(a.kind)},
                                {"record", to_hex(a.key)},
                                {"state_id", registry::to_text(a.id)},
                                {"other", a.other}});
  json::Array owners;
  for (const registry::OwnerAnomalies& n : found.owners)
    owners.push_back(json::Object{{"owner", n.owner},
                                  {"records", n.records},
                                  {"multiple_ids", n.multiple_ids},
                                  {"concurrent_enrolment", n.concurrent},
                                  {"passes", n.passes(o.gate)}});
  return json::Object{{"gate", o.gate},
                      {"owners", std::move(owners)},
                      {"anomalies", std::move(list)},
                      {"more", found.more}};
}

// Leaves the fields of this asker's level, and writes down what is shown.
Result<void> cut(const Pass& pass, registry::Anomalies& found) {
  if (!pass.enforced()) return {};
  // Who sees one district's rows alone sees them as the policy's level 2 does.
  const int level = pass.level_for_all() != 0 ? pass.level_for_all() : 2;
  access::AccessLog::Shown shown;
  for (registry::Anomaly& a : found.list) {
    shown.ids.push_back(registry::to_text(a.id));
    if (!pass.shows(kAnswer, "other", level))
      a.other.clear();
    else if (a.kind == registry::AnomalyKind::multiple_ids)
      shown.ids.push_back(a.other);
  }
  shown.fields = pass.log().levels().fields_shown(kAnswer, level);
  shown.rows = static_cast<std::int64_t>(found.list.size());
  return pass.answered(std::move(shown));
}

Result<int> run(const Options& o) {
  TESSERA_CHECK(require_day(o.filter.since, "--since"));
  TESSERA_TRY(const Pass pass, o.door.ask(o.registry, kAnswer, {o.filter.owner}));
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.registry, registry::Access::read));
  TESSERA_TRY(registry::Anomalies found, registry::find_anomalies(r, o.filter, pass.sees()));
  TESSERA_CHECK(cut(pass, found));
  bool all_pass = true;
  for (const registry::OwnerAnomalies& n : found.owners) all_pass = all_pass && n.passes(o.gate);
  if (o.json) {
    fmt::print("{}", json::to_text(to_json(found, o)));
    return all_pass ? kDone : kAttention;
  }
  std::string out;
  csv::append_row(out, {"owner", "kind", "record", "state_id", "other"});
  for (const registry::Anomaly& a : found.list)
    csv::append_row(
        out, {a.owner, registry::name_of(a.kind), to_hex(a.key), registry::to_text(a.id), a.other});
  fmt::print("{}", out);
  if (found.more > 0)
    say_note(fmt::format("{} more: --skip {}", found.more, o.filter.skip + found.list.size()));
  for (const registry::OwnerAnomalies& n : found.owners)
    fmt::print(stderr, "{}: {} records, {} with multiple IDs, {} enrolled twice: {}\n", n.owner,
               n.records, n.multiple_ids, n.concurrent,
               n.passes(o.gate) ? "within the gate" : "over the gate");
  return all_pass ? kDone : kAttention;
}

}  // namespace
}  // namespace review_anomalies_verb

void add_review_anomalies(CLI::App& group, Action& chosen) {
  using namespace review_anomalies_verb;
  auto o = std::make_shared<Options>();
  CLI::App* verb = group.add_subcommand(
      "anomalies", "who may have two IDs, and who is enrolled in two places, as CSV");
  verb->add_option("--registry", o->registry, "registry")->required();
  o->door.add_to(*verb);
  verb->add_option(
      "--since", o->filter.since,
      "count submissions of this day (YYYY-MM-DD) and later; enrolled twice means that "
      "two owners sent the person since");
  verb->add_option("--owner", o->filter.owner, "of this owner only");
  verb->add_option("--limit", o->filter.most, "most rows to show; how many more there are is said")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  verb->add_option("--skip", o->filter.skip, "rows to leave out: those of the pages before");
  verb->add_option("--gate", o->gate, "largest share of an owner's records on a list")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  verb->add_flag("--json", o->json, "as JSON");
  verb->footer(
      "Example:\n  tessera review anomalies --registry state.db --since 2026-08-01\n"
      "Exit status: 0 every owner is within the gate, 1 some are not; 2 usage, 3 io, 4 damaged.");
  verb->callback([&chosen, o] { chosen = [o] { return run(*o); }; });
}

}  // namespace tessera::cli
