// tessera review anomalies: who may have two IDs, and who is enrolled in two places.
#include <memory>

#include <fmt/format.h>

#include "cli/gate.h"
#include "cli/review_verbs.h"
#include "engine/core/bytes.h"
#include "engine/core/csv.h"
#include "engine/core/json.h"
#include "engine/registry/anomalies.h"

namespace tessera::cli {
namespace review_anomalies_verb {
namespace {

struct Options {
  std::string registry;
  std::string since;
  std::string owner;
  double gate = 0.02;
  bool json = false;
  Gate door;
};

std::string id_text(registry::StateId id) { return id == 0 ? "" : registry::to_text(id); }

json::Value to_json(const registry::Anomalies& found, const Options& o) {
  json::Array list;
  for (const registry::Anomaly& a : found.list)
    list.push_back(json::Object{{"owner", a.owner},
                                {"kind", registry::name_of(a.kind)},
                                {"record", to_hex(a.key)},
                                {"state_id", id_text(a.id)},
                                {"other", a.other}});
  json::Array owners;
  for (const registry::OwnerAnomalies& n : found.owners)
    owners.push_back(json::Object{{"owner", n.owner},
                                  {"records", n.records},
                                  {"multiple_ids", n.multiple_ids},
                                  {"concurrent_enrolment", n.concurrent},
                                  {"passes", n.passes(o.gate)}});
  return json::Object{
      {"gate", o.gate}, {"owners", std::move(owners)}, {"anomalies", std::move(list)}};
}

Result<int> run(const Options& o) {
  TESSERA_TRY(const Pass pass, o.door.ask(o.registry, "review anomalies"));
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.registry, registry::Access::read));
  TESSERA_TRY(registry::Anomalies found, registry::find_anomalies(r, o.since));
  if (!o.owner.empty()) {
    std::erase_if(found.list, [&o](const auto& a) { return a.owner != o.owner; });
    std::erase_if(found.owners, [&o](const auto& n) { return n.owner != o.owner; });
  }
  bool all_pass = true;
  for (const registry::OwnerAnomalies& n : found.owners) all_pass = all_pass && n.passes(o.gate);
  if (o.json) {
    fmt::print("{}", json::to_text(to_json(found, o)));
    return all_pass ? kDone : kAttention;
  }
  std::string out;
  csv::append_row(out, {"owner", "kind", "record", "state_id", "other"});
  for (const registry::Anomaly& a : found.list)
    csv::append_row(out,
                    {a.owner, registry::name_of(a.kind), to_hex(a.key), id_text(a.id), a.other});
  fmt::print("{}", out);
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
      "--since", o->since,
      "count submissions of this day (YYYY-MM-DD) and later; enrolled twice means that "
      "two owners sent the person since");
  verb->add_option("--owner", o->owner, "of this owner only");
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
