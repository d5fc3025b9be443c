// tessera audit who-saw, who-could-see, pack: what the access log tells.
#include <map>
#include <memory>
#include <set>

#include <fmt/format.h>

#include "cli/access_verbs.h"
#include "cli/log_reading.h"
#include "cli/say.h"
#include "engine/access/usage.h"
#include "engine/backup/drill.h"
#include "engine/core/csv.h"
#include "engine/core/digest.h"
#include "engine/core/file.h"
#include "engine/core/json.h"
#include "engine/registry/collection.h"
#include "engine/registry/epoch.h"
#include "engine/registry/history.h"

namespace tessera::cli {
namespace audit_access_verb {
namespace {

struct Options {
  std::string registry, id, field, from, until, output;
  bool json = false, force = false;
  Gate gate;
};

// The ID that a retired one stands for, with the records and batches of its person.
struct Subject {
  std::string id;
  std::vector<access::Record> records;
  std::set<std::int64_t> batches;
};
Result<Subject> subject_of(const Options& o) {
  TESSERA_TRY(const registry::StateId id, registry::parse_state_id(o.id));
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.registry, registry::Access::read));
  TESSERA_TRY(const auto card, registry::find_id(r, id));
  if (!card) return Error{ErrorCode::usage, "no such state ID was ever issued here", ""};
  Subject out;
  out.id = registry::to_text(id);
  const access::People people = people_of(card->space);
  TESSERA_TRY(auto s, r.database().prepare(
                          "SELECT o.name, r.key, r.owner, r.population FROM record r JOIN owner o "
                          "ON o.id = r.owner WHERE r.person = ?1"));
  // A batch that took a file of the record's owner showed the record's ID to who ran it.
  TESSERA_TRY(auto b,
              r.database().prepare(
                  "SELECT s.batch FROM submission s JOIN record r ON r.owner = s.owner AND "
                  "r.population = s.population AND s.batch >= r.batch WHERE r.person = ?1"));
  s.bind(1, static_cast<std::int64_t>(card->person));
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) break;
    out.records.push_back({std::string(s.text(0)), people, to_hex(s.blob(1))});
  }
  b.bind(1, static_cast<std::int64_t>(card->person));
  for (;;) {
    TESSERA_TRY(const bool row, b.step());
    if (!row) break;
    out.batches.insert(b.integer(0));
  }
  return out;
}

void print_rows(const std::vector<std::string_view>& header,
                const std::vector<std::vector<std::string>>& rows, bool as_json) {
  json::Array all;
  std::string text;
  csv::append_row(text, header);
  for (const auto& row : rows) {
    json::Object object;
    for (std::size_t i = 0; i < header.size(); ++i)
      object.emplace_back(std::string(header[i]), row[i]);
    all.emplace_back(std::move(object));
    csv::append_row(text, std::vector<std::string_view>(row.begin(), row.end()));
  }
  fmt::print("{}", as_json ? json::to_text(json::Object{{"rows", std::move(all)}}) : text);
}

Result<int> saw(const Options& o) {
  TESSERA_TRY(const Pass pass, ask_about_log(o.gate, o.registry, "audit who-saw"));
  TESSERA_TRY(const access::Span span, span_of_days(o.from, o.until, pass.now()));
  TESSERA_TRY(const Subject subject, subject_of(o));
  const auto in_batch = [&](std::int64_t batch) { return subject.batches.contains(batch); };
  TESSERA_TRY(const auto sights, access::who_saw(pass.log(), subject.id, in_batch, o.field, span));
  std::vector<std::vector<std::string>> rows;
  for (const access::Sight& s : sights)
    rows.push_back({std::to_string(s.event), moment_text(s.time), s.account, s.verb, s.purpose,
                    subject.id, s.fields});
  const std::vector<std::string_view> header = {"event",   "time",     "account", "verb",
                                                "purpose", "state_id", "fields"};
  TESSERA_CHECK(pass.answered({.fields = {header.begin(), header.end()},
                               .ids = {subject.id},
                               .rows = static_cast<std::int64_t>(rows.size())}));
  print_rows(header, rows, o.json);
  return kDone;
}

Result<int> could_see(const Options& o) {
  TESSERA_TRY(const Pass pass, ask_about_log(o.gate, o.registry, "audit who-could-see"));
  TESSERA_TRY(const access::Span span, span_of_days(o.from, o.until, pass.now()));
  TESSERA_TRY(const Subject subject, subject_of(o));
  TESSERA_TRY(const auto found, access::who_could_see(pass.log(), subject.records, o.field, span));
  std::vector<std::vector<std::string>> rows;
  for (const access::Possible& p : found)
    rows.push_back({p.account, std::to_string(p.level), p.verb, p.fields, moment_text(p.span.from),
                    moment_text(p.span.until), p.form, p.approver});
  const std::vector<std::string_view> header = {"account", "level", "verb", "fields",
                                                "from",    "until", "form", "approver"};
  TESSERA_CHECK(pass.answered({.fields = {header.begin(), header.end()},
                               .ids = {subject.id},
                               .rows = static_cast<std::int64_t>(rows.size())}));
  print_rows(header, rows, o.json);
  return kDone;
}

json::Value head_json(const ledger::SignedHead& h) {
  return json::Object{
      {"seq", h.head.seq}, {"hash", to_hex(h.head.hash)}, {"signature", to_hex(h.signature)}};
}

// The first and the newest 1,000 signed heads: enough to meet any receipt of the last commits.
Result<json::Value> heads_json(ledger::Database& db) {
  json::Array all;
  TESSERA_CHECK(ledger::each_signed_head(db, [&](const ledger::SignedHead& h) -> Result<void> {
    all.push_back(head_json(h));
    return {};
  }));
  constexpr std::size_t kMost = 1000;
  if (all.size() > kMost)
    all.erase(all.begin() + 1, all.end() - static_cast<std::ptrdiff_t>(kMost));
  return json::Value(std::move(all));
}

Result<json::Value> registry_json(registry::Registry& r) {
  TESSERA_TRY(const registry::Counts n, registry::count(r));
  json::Object events;
  TESSERA_TRY(auto s, r.database().prepare("SELECT type, count(*) FROM event GROUP BY type"));
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) break;
    events.emplace_back(std::string(s.text(0)), s.integer(1));
  }
  TESSERA_TRY(json::Value heads, heads_json(r.database()));
  return json::Value(
      json::Object{{"name", to_hex(r.name())},
                   {"public_key", to_hex(r.public_key())},
                   {"schema", r.schema().name},
                   {"schema_digest", to_hex(r.current().digest)},
                   {"owners", n.owners},
                   {"records", n.records},
                   {"state_ids", n.student_ids + n.staff_ids + n.provisional + n.retired},
                   {"open_reviews", n.open_reviews},
                   {"alarms", n.alarms},
                   {"events", std::move(events)},
                   {"signed_heads", std::move(heads)}});
}

// Accounts as numbers, in the order in which they were made: a pack names nobody.
Result<json::Value> access_json(const Pass& pass) {
  json::Array grants;
  TESSERA_TRY(const auto accounts, pass.log().accounts());
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    TESSERA_TRY(const auto held, pass.log().grants(accounts[i].name));
    for (const access::Grant& g : held)
      grants.push_back(json::Object{{"account", static_cast<std::uint64_t>(i + 1)},
                                    {"level", g.level},
                                    {"set", g.set},
                                    {"path", access::name_of(g.path)},
                                    {"form", g.form.empty() ? "" : "on file"},
                                    {"granted", access::day_of(g.made)},
                                    {"expires", access::day_of(g.until)},
                                    {"revoked", g.revoked != 0}});
  }
  json::Object tally;
  TESSERA_TRY(const auto counts, access::tally(pass.log()));
  for (const auto& [what, n] : counts) tally.emplace_back(what, n);
  json::Object found;
  TESSERA_TRY(const auto findings, access::findings(pass.log(), pass.now()));
  std::map<std::string, std::int64_t> by_kind;
  for (const access::Finding& f : findings) ++by_kind[f.finding];
  for (const auto& [kind, n] : by_kind) found.emplace_back(kind, n);
  TESSERA_TRY(json::Value heads, heads_json(pass.log().database()));
  return json::Value(json::Object{{"accounts", static_cast<std::uint64_t>(accounts.size())},
                                  {"grants", std::move(grants)},
                                  {"events", std::move(tally)},
                                  {"findings", std::move(found)},
                                  {"policy_version", pass.log().levels().version},
                                  {"signed_heads", std::move(heads)}});
}

// The stop switch as it is set, without the owners that it is set for.
Result<json::Value> rules_json(registry::Registry& r) {
  json::Array out;
  TESSERA_TRY(const auto rules, registry::collection_rules(r));
  for (const registry::CollectionRule& rule : rules)
    out.push_back(json::Object{{"field", rule.what.field},
                               {"owners", rule.what.owner.empty() ? "all" : "one"},
                               {"from", rule.what.from},
                               {"rule", registry::name_of(rule.what.rule)}});
  return json::Value(std::move(out));
}

// Of the command that runs, so that a reviewer can tell which build it is.
Result<std::string> program_digest() {
  TESSERA_TRY(const std::string program, read_file("/proc/self/exe"));
  return to_hex(sha256(as_bytes(program)));
}

Result<int> pack(const Options& o) {
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "audit pack"));
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.registry, registry::Access::read));
  const auto progress = progress_bar();
  TESSERA_TRY(const ledger::Head head, r.verify(*progress));
  json::Value out =
      json::Object{{"format", "tessera-audit-pack-v1"},
                   {"made", access::day_of(o.gate.now())},
                   {"program", "tessera " TESSERA_VERSION},
                   {"verified", json::Object{{"events", head.seq}, {"head", to_hex(head.hash)}}}};
  TESSERA_TRY(json::Value registry, registry_json(r));
  out.set("registry", std::move(registry));
  TESSERA_TRY(std::string digest, program_digest());
  out.set("program_sha256", std::move(digest));
  TESSERA_TRY(json::Value rules, rules_json(r));
  out.set("collection", std::move(rules));
  TESSERA_TRY(const auto drills, backup::drills(o.registry));
  out.set("drills", json::Object{{"count", static_cast<std::uint64_t>(drills.size())},
                                 {"last", drills.empty() ? "" : drills.back().day}});
  if (pass.enforced()) {
    const ledger::Head access_head = [&] {
      const auto verified = pass.log().verify({}, *progress);
      return verified ? *verified : ledger::Head{};
    }();
    if (access_head.seq == 0)
      return Error{ErrorCode::format, "the access log is not intact; run no pack, look into it",
                   access::access_path(o.registry)};
    TESSERA_TRY(json::Value access, access_json(pass));
    out.set("access", std::move(access));
    TESSERA_TRY(const json::Value policy, json::parse(access::shipped_levels(), "shipped policy"));
    out.set("shipped_policy", policy);
  }
  TESSERA_CHECK(pass.answered({.fields = {"counts"}, .rows = 1}));
  TESSERA_CHECK(write_file(o.output, json::to_text(out), {.force = o.force, .mode = 0644}));
  return kDone;
}

void add_question(CLI::App& group, Action& chosen, const char* name, const char* what,
                  const char* footer, Result<int> (*run)(const Options&)) {
  auto o = std::make_shared<Options>();
  CLI::App* verb = group.add_subcommand(name, what);
  verb->add_option("ID", o->id, "state ID")->required();
  verb->add_option("--registry", o->registry, "registry")->required();
  verb->add_option("--field", o->field, "this field only, as the policy names it");
  verb->add_option("--from", o->from, "first day");
  verb->add_option("--until", o->until, "last day");
  verb->add_flag("--json", o->json, "as JSON");
  o->gate.add_to(*verb);
  verb->footer(footer);
  verb->callback([&chosen, o, run] { chosen = [o, run] { return run(*o); }; });
}

}  // namespace
}  // namespace audit_access_verb

void add_audit_access(CLI::App& group, Action& chosen) {
  using namespace audit_access_verb;
  add_question(group, chosen, "who-saw", "answers in which a state ID was shown",
               "Example:\n  tessera audit who-saw 1234567894 --registry state.db --from 2027-01-01 "
               "\\\n    --session s --purpose audit\n"
               "Exit status: 0 done, 2 usage, 6 refused.",
               saw);
  add_question(
      group, chosen, "who-could-see",
      "who had the right to see a state ID, when, and by whose approval",
      "Example:\n  tessera audit who-could-see 1234567894 --field history --registry "
      "state.db \\\n    --session s --purpose audit\n"
      "Asks the policy as it was, with the accounts and grants of each moment, about the\n"
      "owners that hold records of the person now. Exit status: 0 done, 2 usage, 6 refused.",
      could_see);
  auto p = std::make_shared<Options>();
  CLI::App* verb = group.add_subcommand("pack", "what an outside review needs, naming nobody");
  verb->add_option("--registry", p->registry, "registry")->required();
  verb->add_option("-o,--output", p->output, "file to write, JSON")->required();
  verb->add_flag("--force", p->force, "replace an existing file");
  p->gate.add_to(*verb);
  verb->footer(
      "Example:\n  tessera audit pack --registry state.db -o pack.json --session s --purpose "
      "audit\n"
      "Counts, signed heads, grants by number, findings, policy, stops, the last drill, the digest "
      "of\nthis program: no name, ID or record key.");
  verb->callback([&chosen, p] { chosen = [p] { return pack(*p); }; });
}

}  // namespace tessera::cli
