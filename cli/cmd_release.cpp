// tessera release: data that leave the state office, and the account of where they went.
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "cli/book_act.h"
#include "cli/group.h"
#include "cli/table.h"
#include "cli/today.h"
#include "cli/verb.h"
#include "engine/core/csv.h"
#include "engine/core/file.h"
#include "engine/disclosure/accounting.h"
#include "engine/disclosure/person_copy.h"
#include "engine/disclosure/release.h"
#include "engine/disclosure/staff_profile.h"
#include "engine/registry/history.h"

namespace tessera::cli {
namespace release_verb {
namespace {

using disclosure::Act;
using disclosure::Book;
using disclosure::Disclosure;

struct Options {
  BookOptions at;
  std::int64_t agreement = 0;
  std::int64_t release = 0;
  std::string table;
  std::string id_column = "state_id";
  std::string artefact;
  std::string expires;
  std::string out;
  std::string state_id;
  std::string to_whom;
  std::string check;
  std::string account;
  std::string from;
  std::string to;
  bool parent = false;
  bool force = false;
  bool json = false;
};

Result<disclosure::Table> read_table(const Options& o) {
  TESSERA_TRY(const std::string text, read_file(o.table));
  return disclosure::read_table(text, o.table, o.id_column);
}

Result<void> look_up(const Options& o, disclosure::Table& table) {
  if (o.at.registry.empty()) return {};
  TESSERA_TRY(registry::Registry r,
              registry::Registry::open(o.at.registry, registry::Access::read));
  return disclosure::look_up(table, r);
}

Result<int> propose(const Options& o) {
  TESSERA_TRY(disclosure::Table table, read_table(o));
  TESSERA_TRY(BookVisit at, visit(o.at, "release propose", Visit::change));
  TESSERA_CHECK(look_up(o, table));
  const auto audience =
      o.parent ? disclosure::Audience::parent : disclosure::Audience::organisation;
  TESSERA_TRY(const disclosure::Proposal p,
              disclosure::propose(at.book, o.agreement, table, audience, at.act));
  fmt::print(
      "release {}: proposed, nothing has left\nto         {} ({})\nfields     {}\n"
      "lines      {}\nstudents   {}\n",
      p.release, p.recipient, fmt::join(p.people, ", "), fmt::join(p.fields, ", "), p.lines,
      p.students);
  if (p.needs_second)
    fmt::print("next       a second person: tessera release approve {} --by ANOTHER\n", p.release);
  return p.needs_second ? kAttention : kDone;
}

Result<int> approve(const Options& o) {
  TESSERA_TRY(BookVisit at, visit(o.at, "release approve", Visit::change));
  TESSERA_CHECK(disclosure::approve_release(at.book, o.release, at.act));
  fmt::print("release {} is approved by a second person\n", o.release);
  return kDone;
}

Result<int> make(const Options& o) {
  TESSERA_TRY(const Day expires, day_of(o.expires, "--expires"));
  TESSERA_TRY(disclosure::Table table, read_table(o));
  // The output is refused before the book says that anything left.
  TESSERA_TRY(AtomicFile file, AtomicFile::create(o.out, {o.force, 0600}));
  TESSERA_TRY(BookVisit at, visit(o.at, "release make", Visit::change));
  TESSERA_CHECK(look_up(o, table));
  const std::unique_ptr<Random> random = system_random();
  TESSERA_TRY(const disclosure::Made made,
              disclosure::make_release(at.book, o.release, table, expires, *random, at.act));
  file.write(made.file);
  TESSERA_CHECK(file.commit());
  fmt::print("artefact {}\nexpires  {}\nto undo  tessera release revoke {} --by YOU\n", made.name,
             to_text(expires), made.name);
  return kDone;
}

Result<int> fetch(const Options& o) {
  TESSERA_TRY(const MappedFile file, MappedFile::open(o.artefact));
  TESSERA_TRY(AtomicFile out, AtomicFile::create(o.out, {o.force, 0600}));
  TESSERA_TRY(BookVisit at, visit(o.at, "release fetch", Visit::on_behalf));
  TESSERA_TRY(const std::string content,
              disclosure::fetch(at.book, file.view(), o.artefact, at.act));
  TESSERA_CHECK(at.pass.answered({.rows = 1}));
  out.write(content);
  TESSERA_CHECK(out.commit());
  return kDone;
}

Result<int> revoke(const Options& o) {
  TESSERA_TRY(BookVisit at, visit(o.at, "release revoke", Visit::change));
  TESSERA_CHECK(disclosure::revoke(at.book, o.artefact, at.act));
  fmt::print("revoked: no copy of the artefact opens any more\n");
  return kDone;
}

Result<int> list(const Options& o) {
  TESSERA_TRY(BookVisit at, visit(o.at, "release list", Visit::look));
  TESSERA_TRY(const std::vector<disclosure::Artefact> all,
              disclosure::artefacts(at.book, at.act.day));
  AnswerTable table{{"release", "artefact", "state", "expires", "downloads"}, {}};
  for (const disclosure::Artefact& a : all)
    table.rows.push_back({std::to_string(a.release), a.name, a.state, to_text(a.expires),
                          std::to_string(a.downloads)});
  TESSERA_CHECK(show_table(at.pass, "release list", std::move(table), o.json));
  return kDone;
}

AnswerTable accounting(const std::vector<Disclosure>& all) {
  AnswerTable table{{"release", "made_on", "recipient", "for", "basis", "purpose", "fields",
                     "students", "artefact", "downloads", "state"},
                    {}};
  for (const Disclosure& d : all)
    table.rows.push_back({std::to_string(d.release), d.made_on, d.recipient, d.agency, d.basis,
                          d.purpose, d.fields, std::to_string(d.students), d.artefact,
                          std::to_string(d.downloads), d.artefact_state});
  return table;
}

Result<int> log(const Options& o) {
  TESSERA_TRY(const registry::StateId id, registry::parse_state_id(o.state_id));
  TESSERA_TRY(BookVisit at, visit(o.at, "release log", Visit::look));
  // Data went out under the number of its day: a person's earlier ones count as well.
  std::vector<std::uint64_t> ids{id};
  if (!o.at.registry.empty()) {
    TESSERA_TRY(registry::Registry r,
                registry::Registry::open(o.at.registry, registry::Access::read));
    auto known = registry::ids_of(r, id);
    if (known) ids = *std::move(known);
    if (!known && known.error().code != ErrorCode::usage) return known.error();
  }
  TESSERA_TRY(const std::vector<Disclosure> all, disclosure::disclosures_of(at.book, ids));
  TESSERA_CHECK(
      show_table(at.pass, "release log", accounting(all), o.json, {registry::to_text(id)}));
  return kDone;
}

// State IDs and, where a registry says it, who holds records of them.
Result<std::string> list_of(const std::vector<std::uint64_t>& ids, const std::string& path) {
  std::optional<registry::Registry> r;
  if (!path.empty()) {
    TESSERA_TRY(r, registry::Registry::open(path, registry::Access::read));
  }
  std::string out = r ? "state_id,owners\n" : "state_id\n";
  for (const std::uint64_t id : ids) {
    if (!r) {
      csv::append_row(out, {registry::to_text(id)});
      continue;
    }
    TESSERA_TRY(const auto owners, registry::owners_of(*r, id));
    std::string names;
    for (const registry::OwnerCount& owner : owners)
      names += (names.empty() ? "" : " ") + owner.owner;
    csv::append_row(out, {registry::to_text(id), names});
  }
  return out;
}

Result<int> breach(const Options& o) {
  disclosure::Breach b{o.artefact, o.account, {}, {}};
  if (!o.from.empty()) {
    TESSERA_TRY(b.from, day_of(o.from, "--from"));
  }
  if (!o.to.empty()) {
    TESSERA_TRY(b.to, day_of(o.to, "--to"));
  }
  TESSERA_TRY(BookVisit at, visit(o.at, "release breach", Visit::look));
  TESSERA_TRY(const disclosure::Touched touched, disclosure::touched_by(at.book, b));
  std::vector<std::string> ids;  // that leave here: none without -o
  for (const std::uint64_t id : touched.students)
    if (!o.out.empty()) ids.push_back(registry::to_text(id));
  TESSERA_CHECK(show_table(at.pass, "release breach", accounting(touched.releases), o.json, ids));
  if (!o.out.empty()) {
    TESSERA_TRY(const std::string list, list_of(touched.students, o.at.registry));
    TESSERA_CHECK(write_file(o.out, list, {o.force, 0600}));
  }
  fmt::print(stderr, "{} releases, {} students{}\n", touched.releases.size(),
             touched.students.size(), o.out.empty() ? "; -o FILE lists them" : "");
  return touched.releases.empty() ? kDone : kAttention;
}

// What the page names, as the policy's words for 'id show' and the accounting.
const std::vector<std::string> kPersonFields = {
    "state_id", "resolves_to",  "records", "history",   "linked",
    "aliases",  "open_reviews", "changes", "decisions", "disclosures"};

Result<int> person(const Options& o) {
  TESSERA_TRY(const registry::StateId id, registry::parse_state_id(o.state_id));
  if (o.at.registry.empty())
    return Error{ErrorCode::usage, "name the registry that issued the ID with --registry", ""};
  TESSERA_TRY(BookVisit at, visit(o.at, "release person", Visit::change));
  TESSERA_TRY(registry::Registry r,
              registry::Registry::open(o.at.registry, registry::Access::read));
  TESSERA_TRY(const std::optional<registry::IdCard> card, registry::find_id(r, id));
  if (!card)
    return Error{ErrorCode::conflict, "this registry never issued that state ID", o.at.registry};
  TESSERA_TRY(AtomicFile page, AtomicFile::create(o.out, {o.force, 0600}));
  TESSERA_TRY(const registry::WholePerson whole, registry::whole_person(r, id));
  TESSERA_TRY(const std::vector<Disclosure> all, disclosure::disclosures_of(at.book, whole.ids));
  TESSERA_CHECK(disclosure::note_copy(at.book, id, o.to_whom, o.check, at.act));
  TESSERA_CHECK(
      at.pass.answered({.fields = kPersonFields, .ids = {registry::to_text(id)}, .rows = 1}));
  page.write(disclosure::person_page(*card, whole, all, at.act.day));
  TESSERA_CHECK(page.commit());
  return kDone;
}

CLI::App* add(CLI::App& group, Action& chosen, const std::shared_ptr<Options>& o, const char* name,
              const char* help, Result<int> (*run)(const Options&), BookVerb kind,
              const std::string& example) {
  CLI::App* verb = group.add_subcommand(name, help);
  add_book_options(*verb, o->at, kind);
  verb->footer(
      "Example:\n  tessera release " + example +
      "\nExit status: 0 done; 1 something to look at; 2 usage, 3 io, 4 damaged, 5 does not "
      "open, 6 refused.");
  verb->callback([&chosen, o, run] { chosen = [o, run] { return run(*o); }; });
  return verb;
}

void add_table(CLI::App* verb, const std::shared_ptr<Options>& o) {
  verb->add_option("table", o->table, "CSV with a column of state IDs")->required();
  verb->add_option("--id-column", o->id_column, "that column")->capture_default_str();
}

void add_out(CLI::App* verb, const std::shared_ptr<Options>& o, const char* help, bool must) {
  CLI::Option* out = verb->add_option("-o,--out", o->out, help);
  if (must) out->required();
  verb->add_flag("--force", o->force, "replace a file that is there");
}

void add_making(CLI::App& group, Action& chosen, const std::shared_ptr<Options>& o) {
  CLI::App* verb =
      add(group, chosen, o, "propose", "dry run: what would go to whom", propose, BookVerb::let_out,
          "propose table.csv --agreement 3 --book state.book --by m.ames");
  add_table(verb, o);
  verb->add_option("--agreement", o->agreement, "agreement in force")->required();
  verb->add_flag("--to-parent", o->parent, "for a parent: one child, or it is refused");
  add(group, chosen, o, "approve", "the second person's word", approve, BookVerb::let_out,
      "approve 7 --book state.book --by e.dunn")
      ->add_option("release", o->release, "number of the release")
      ->required();
  verb = add(group, chosen, o, "make", "seal the file that goes out, codes in place of state IDs",
             make, BookVerb::let_out,
             "make table.csv --release 7 --expires 2027-06-30 --book state.book --by m.ames -o "
             "study.tessart");
  add_table(verb, o);
  verb->add_option("--release", o->release, "number of the release")->required();
  verb->add_option("--expires", o->expires, "last day on which it opens")->required();
  add_out(verb, o, "the sealed file", true);
  verb =
      add(group, chosen, o, "fetch", "open a sealed file, for one of the agreement's people", fetch,
          BookVerb::let_out, "fetch study.tessart --book state.book --by r.lee -o study.csv");
  verb->add_option("artefact", o->artefact, "the sealed file")->required();
  add_out(verb, o, "the table", true);
  add(group, chosen, o, "revoke", "throw the key away: no copy opens any more", revoke,
      BookVerb::change, "revoke 5f0c... --book state.book --by m.ames")
      ->add_option("artefact", o->artefact, "its name, as 'release list' shows it")
      ->required();
}

void add_accounts(CLI::App& group, Action& chosen, const std::shared_ptr<Options>& o) {
  const auto json = [&o](CLI::App* verb) { verb->add_flag("--json", o->json, "as JSON"); };
  json(add(group, chosen, o, "list", "artefacts with state and downloads, as CSV", list,
           BookVerb::look, "list --book state.book"));
  CLI::App* of_one = add(group, chosen, o, "log", "every disclosure of one student's data, as CSV",
                         log, BookVerb::look, "log --id 1234567894 --book state.book");
  of_one->add_option("--id", o->state_id, "state ID")->required();
  json(of_one);
  CLI::App* verb = add(
      group, chosen, o, "breach", "which releases and students a breach touched", breach,
      BookVerb::look, "breach --account r.lee --from 2026-10-01 --book state.book -o students.csv");
  verb->add_option("--artefact", o->artefact, "of this artefact");
  verb->add_option("--account", o->account,
                   "that this account proposed, approved, made or fetched");
  verb->add_option("--from", o->from, "made or fetched on this day or later");
  verb->add_option("--to", o->to, "made on this day or before");
  add_out(verb, o, "list of the students' state IDs", false);
  json(verb);
  verb = add(group, chosen, o, "person", "all that is held about one person, for them or a parent",
             person, BookVerb::change,
             "person --id 1234567894 --registry state.db --book state.book --by m.ames --to parent "
             "--identity-checked 'passport, birth certificate' -o copy.html");
  verb->add_option("--id", o->state_id, "state ID")->required();
  verb->add_option("--to", o->to_whom, "parent, student or staff")->required();
  verb->add_option("--identity-checked", o->check, "how identity and right were checked")
      ->required();
  add_out(verb, o, "the page", true);
}

}  // namespace
}  // namespace release_verb

void add_release(CLI::App& root, Action& chosen) {
  using namespace release_verb;
  CLI::App* group =
      add_group(root, "release", "data that leave, sealed, and the account of where they went",
                "tessera release list --book state.book");
  auto o = std::make_shared<Options>();
  add_making(*group, chosen, o);
  add_accounts(*group, chosen, o);
}

}  // namespace tessera::cli
