// tessera audit breach: what an account, a session or one answer showed: records, fields,
// districts.
#include <map>
#include <memory>
#include <set>

#include <fmt/format.h>

#include "cli/access_verbs.h"
#include "cli/log_reading.h"
#include "cli/table.h"
#include "engine/core/csv.h"
#include "engine/core/file.h"
#include "engine/registry/history.h"

namespace tessera::cli {
namespace audit_breach_verb {
namespace {

struct Options {
  std::string registry, from, until, output;
  access::Exposure exposure;
  bool json = false, force = false;
  Gate gate;
};

// A state ID that was shown: who holds the person, and the fields that were shown of it.
struct Exposed {
  std::set<std::string> owners, fields;
};
using People = std::map<std::string, Exposed>;  // by state ID

void add_words(std::string_view words, std::set<std::string>& to) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (end > 0) to.emplace(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
}

// A batch showed the IDs of its submissions' records, as those resolve now. Which of the owner's
// earlier records a file held again is not kept, so all of them count: never too few.
Result<void> add_batch(registry::Registry& r, std::int64_t batch, const std::string& fields,
                       People& people) {
  TESSERA_TRY(auto s, r.database().prepare(
                          "SELECT DISTINCT i.id, o.name FROM submission s JOIN record r ON r.owner "
                          "= s.owner AND r.population = s.population AND r.batch <= s.batch JOIN "
                          "owner o ON o.id = r.owner JOIN state_id i ON i.person = r.person AND "
                          "i.state <> 3 WHERE s.batch = ?1"));
  s.bind(1, batch);
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return {};
    Exposed& e = people[registry::to_text(static_cast<registry::StateId>(s.integer(0)))];
    e.owners.emplace(s.text(1));
    add_words(fields, e.fields);
  }
}

Result<void> add_owners(registry::Registry& r, People& people) {
  for (auto& [text, exposed] : people) {
    if (!exposed.owners.empty()) continue;
    TESSERA_TRY(const registry::StateId id, registry::parse_state_id(text));
    TESSERA_TRY(const auto owners, registry::owners_of(r, id));
    for (const registry::OwnerCount& owner : owners) exposed.owners.insert(owner.owner);
  }
  return {};
}

Result<People> people_of(const Options& o, const std::vector<access::Answer>& answers) {
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.registry, registry::Access::read));
  People people;
  for (const access::Answer& a : answers) {
    for (const std::string& id : a.ids) add_words(a.sight.fields, people[id].fields);
    if (a.batch != 0) TESSERA_CHECK(add_batch(r, a.batch, a.sight.fields, people));
  }
  TESSERA_CHECK(add_owners(r, people));
  return people;
}

std::string joined(const std::set<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

std::string list_of(const People& people) {
  std::string out = "state_id,owners,fields\n";
  for (const auto& [id, e] : people) csv::append_row(out, {id, joined(e.owners), joined(e.fields)});
  return out;
}

Result<int> run(const Options& o) {
  if (o.exposure.account.empty() && o.exposure.session.empty() && o.exposure.event == 0 &&
      o.from.empty() && o.until.empty())
    return Error{ErrorCode::usage,
                 "say of what: --account, --of-session, --event, --from or --until", ""};
  TESSERA_TRY(const Pass pass, ask_about_log(o.gate, o.registry, "audit breach"));
  access::Exposure exposure = o.exposure;
  TESSERA_TRY(exposure.span, span_of_days(o.from, o.until, pass.now()));
  TESSERA_TRY(const std::vector<access::Answer> answers, access::answers_of(pass.log(), exposure));
  TESSERA_TRY(const People people, people_of(o, answers));
  AnswerTable table{{"event", "time", "account", "session", "verb", "purpose", "fields", "rows"},
                    {}};
  for (const access::Answer& a : answers)
    table.rows.push_back({std::to_string(a.sight.event), moment_text(a.sight.time), a.sight.account,
                          a.session, a.sight.verb, a.sight.purpose, a.sight.fields,
                          std::to_string(a.rows)});
  std::vector<std::string> ids;  // that leave here: none without -o
  std::set<std::string> owners;
  for (const auto& [id, e] : people) {
    if (!o.output.empty()) ids.push_back(id);
    owners.insert(e.owners.begin(), e.owners.end());
  }
  TESSERA_CHECK(show_table(pass, "audit breach", std::move(table), o.json, std::move(ids)));
  if (!o.output.empty())
    TESSERA_CHECK(write_file(o.output, list_of(people), {.force = o.force, .mode = 0600}));
  fmt::print(stderr, "{} answers, {} state IDs of {} owners{}\n", answers.size(), people.size(),
             owners.size(), o.output.empty() ? "; -o FILE lists them" : "");
  return answers.empty() ? kDone : kAttention;
}

}  // namespace
}  // namespace audit_breach_verb

void add_audit_breach(CLI::App& group, Action& chosen) {
  using namespace audit_breach_verb;
  auto o = std::make_shared<Options>();
  CLI::App* verb = group.add_subcommand(
      "breach", "what an account, a session or one answer showed: records, fields, districts");
  verb->add_option("--registry", o->registry, "registry")->required();
  verb->add_option("--account", o->exposure.account, "shown to this account");
  verb->add_option("--of-session", o->exposure.session,
                   "shown in this session, as the log names it (column session)");
  verb->add_option("--event", o->exposure.event, "this one answer or output, by its number");
  verb->add_option("--from", o->from, "first day");
  verb->add_option("--until", o->until, "last day");
  verb->add_option("-o,--output", o->output, "list of the state IDs, with owners and fields, CSV");
  verb->add_flag("--force", o->force, "replace an existing file");
  verb->add_flag("--json", o->json, "the answers as JSON");
  o->gate.add_to(*verb);
  verb->footer(
      "Example:\n  tessera audit breach --account j.doe --from 2027-01-01 --registry state.db \\\n"
      "    -o touched.csv --session s --purpose audit\n"
      "What left as a sealed file is told by 'tessera release breach'. Exit status: 0 nothing was "
      "shown,\n1 something was, 2 usage, 6 refused.");
  verb->callback([&chosen, o] { chosen = [o] { return run(*o); }; });
}

}  // namespace tessera::cli
