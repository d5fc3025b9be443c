// tessera collection: the stop switch of a field, by owner and day.
#include <memory>

#include <fmt/format.h>

#include "cli/collection_verb.h"
#include "cli/gated_verb.h"
#include "cli/group.h"
#include "engine/core/csv.h"
#include "engine/core/json.h"
#include "engine/registry/collection.h"

namespace tessera::cli {
namespace collection_verb {
namespace {

struct Options {
  std::string registry, field, owner, from;
  bool refuse = false, json = false;
  bool ssn = false;  // 'tessera ssn': the field is the schema's SSN
  Gate gate;
};

std::string verb_of(const Options& o, std::string_view verb) {
  return fmt::format("{} {}", o.ssn ? "ssn" : "collection", verb);
}

// The field that is meant. Of 'ssn', the schema's SSN, whatever it is called there.
Result<std::string> field_of(const Options& o, const registry::Registry& r) {
  if (!o.ssn) return o.field;
  const auto field = r.schema().field(schema::Kind::ssn);
  if (field) return r.schema().fields[*field].name;
  return Error{ErrorCode::usage, "the registry's schema has no SSN, so none is ever taken",
               r.path()};
}

Result<int> set_rule(const Options& o, std::string_view verb, registry::Collect rule) {
  TESSERA_TRY(const Pass pass,
              o.gate.ask(o.registry, verb_of(o, verb), {o.owner, access::People::both}));
  const std::string from = o.from.empty() ? access::day_of(o.gate.now()) : o.from;
  if (!access::time_of_day(from)) return Error{ErrorCode::usage, "--from is a day, YYYY-MM-DD", ""};
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.registry, registry::Access::write));
  TESSERA_TRY(const std::string field, field_of(o, r));
  TESSERA_TRY(const auto head, r.set_collection({field, o.owner, from, rule}));
  TESSERA_CHECK(
      pass.answered({.head = fmt::format("{} {}", head.head.seq, to_hex(head.head.hash))}));
  fmt::print("{}: {} from {} on, {}\n", field, registry::name_of(rule), from,
             o.owner.empty() ? "all owners" : o.owner);
  return kDone;
}

Result<int> stop(const Options& o) {
  return set_rule(o, "stop", o.refuse ? registry::Collect::refuse : registry::Collect::strip);
}
Result<int> allow(const Options& o) { return set_rule(o, "allow", registry::Collect::allow); }

Result<int> list(const Options& o) {
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, verb_of(o, "list")));
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.registry, registry::Access::read));
  TESSERA_TRY(auto rules, registry::collection_rules(r));
  if (o.ssn) {
    TESSERA_TRY(const std::string field, field_of(o, r));
    std::erase_if(rules, [&](const auto& rule) { return rule.what.field != field; });
  }
  json::Array all;
  std::string text = "field,owner,from,rule\n";
  for (const registry::CollectionRule& c : rules) {
    all.push_back(json::Object{{"field", c.what.field},
                               {"owner", c.what.owner},
                               {"from", c.what.from},
                               {"rule", registry::name_of(c.what.rule)}});
    csv::append_row(text,
                    {c.what.field, c.what.owner, c.what.from, registry::name_of(c.what.rule)});
  }
  TESSERA_CHECK(pass.answered({.fields = {"field", "owner", "from", "rule"},
                               .rows = static_cast<std::int64_t>(rules.size())}));
  fmt::print("{}", o.json ? json::to_text(json::Object{{"rules", std::move(all)}}) : text);
  return kDone;
}

void add_rule_options(CLI::App& verb, Options& o) {
  if (!o.ssn) verb.add_option("--field", o.field, "field of the schema")->required();
  verb.add_option("--owner", o.owner, "from this owner only (default: all)");
  verb.add_option("--from", o.from, "day (default: today, UTC)");
}

}  // namespace
}  // namespace collection_verb

void add_stop_switch(CLI::App& group, Action& chosen, bool ssn) {
  using namespace collection_verb;
  const auto add = [&](const char* name, const std::string& help,
                       Result<int> (*run)(const Options&)) {
    auto o = std::make_shared<Options>();
    o->ssn = ssn;
    CLI::App* verb = add_gated_verb(group, chosen, name, help.c_str(), "--registry", o, run);
    return std::pair{verb, o};
  };
  const std::string example =
      ssn ? "ssn {} --registry state.db" : "collection {} --registry state.db --field middle";
  {
    const auto [verb, o] = add(
        "stop", ssn ? "take no SSN from a day on" : "take a field no more, from a day on", stop);
    add_rule_options(*verb, *o);
    verb->add_flag("--refuse", o->refuse,
                   "refuse files that carry it; else it is taken out of what they send");
    verb->footer(fmt::format(
        "Example:\n  tessera {} --from 2027-07-01\n"
        "'tessera assign' then takes it out of what owners send, or refuses the file, and gives "
        "each owner a\nnotice per record. Nothing of it is stored.{} Exit status: 0 done, 2 usage, "
        "6 refused.",
        fmt::format(fmt::runtime(example), "stop"),
        ssn ? ""
            : " A field that block keys are made of\ncannot be taken out, and one whose presence "
              "is hidden cannot be refused."));
  }
  {
    const auto [verb, o] = add(
        "allow", ssn ? "take SSNs again from a day on" : "take a field again from a day on", allow);
    add_rule_options(*verb, *o);
    verb->footer(fmt::format("Example:\n  tessera {} --owner north --from 2028-01-01",
                             fmt::format(fmt::runtime(example), "allow")));
  }
  const auto [verb, o] = add("list", "rules of the stop switch, as they were made", list);
  verb->add_flag("--json", o->json, "as JSON");
  verb->footer(
      fmt::format("Example:\n  tessera {} list --registry state.db\n"
                  "On a day the rule holds that began last and names the owner or all.",
                  ssn ? "ssn" : "collection"));
}

void add_collection(CLI::App& root, Action& chosen) {
  CLI::App* group =
      add_group(root, "collection", "stop a field, for all owners or one, and allow it",
                "tessera collection list --registry state.db");
  add_stop_switch(*group, chosen, false);
}

}  // namespace tessera::cli
