// tessera access add, close, grant, renew, reset, revoke, levels: what changes who may do what.
#include <memory>

#include <fmt/format.h>

#include "cli/access_verbs.h"
#include "cli/gate.h"
#include "cli/say.h"
#include "engine/core/csv.h"
#include "engine/core/file.h"
#include "engine/registry/registry.h"

namespace tessera::cli {
namespace access_changes_verb {
namespace {

struct Options {
  std::string registry, account, holder, password, owner, people = "both", set, form, until, reason,
                                                          records, file;
  int level = 0;
  std::int64_t grant = 0;
  bool administrator = false;
  Gate gate;
};

Result<std::vector<std::string>> owners_of(const std::string& registry) {
  TESSERA_TRY(registry::Registry r, registry::Registry::open(registry, registry::Access::read));
  TESSERA_TRY(auto s, r.database().prepare("SELECT name FROM owner ORDER BY name"));
  std::vector<std::string> out;
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return out;
    out.emplace_back(s.text(0));
  }
}

Result<access::People> people_of(const Options& o) {
  const auto people = access::people_named(o.people);
  if (people) return *people;
  return Error{ErrorCode::usage, "--people is student, staff or both", ""};
}

// A district administrator may touch accounts of the own district only: those all of whose grants
// are of that owner.
Result<void> own_people_only(const Pass& pass, const std::string& account,
                             const std::string& owner) {
  if (pass.level_for_all() == 1) return {};
  TESSERA_TRY(const auto grants, pass.log().grants(account));
  for (const access::Grant& g : grants)
    if (g.owner != owner || g.administrator)
      return Error{ErrorCode::conflict, "this account is not one of your district's users", ""};
  return {};
}

Result<int> add(const Options& o) {
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "access add", {o.owner}));
  TESSERA_TRY(std::string word, read_password(o.password));
  TESSERA_TRY(const auto owners, owners_of(o.registry));
  const auto done = pass.log().add_account({o.account, o.holder}, word, owners, pass.account(),
                                           access::Work::interactive, pass.now());
  wipe({reinterpret_cast<std::uint8_t*>(word.data()), word.size()});
  if (!done) return done.error();
  fmt::print("{}: made for {}; the password must be changed at first use\n", o.account, o.holder);
  return kDone;
}

Result<int> close(const Options& o) {
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "access close", {o.owner}));
  TESSERA_CHECK(own_people_only(pass, o.account, o.owner));
  TESSERA_CHECK(pass.log().close_account(o.account, pass.account(), o.reason, pass.now()));
  fmt::print("{}: closed; its next request is refused\n", o.account);
  return kDone;
}

Result<int> renew(const Options& o) {
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "access renew", {o.owner}));
  TESSERA_CHECK(own_people_only(pass, o.account, o.owner));
  TESSERA_CHECK(pass.log().renew_account(o.account, pass.account(), pass.now()));
  TESSERA_TRY(const auto renewed, pass.log().account(o.account));
  fmt::print("{}: renewed until {}; its grants end when they did\n", o.account,
             access::day_of(renewed->until));
  return kDone;
}

Result<int> reset(const Options& o) {
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "access reset", {o.owner}));
  TESSERA_CHECK(own_people_only(pass, o.account, o.owner));
  TESSERA_TRY(std::string word, read_password(o.password));
  const auto done = pass.log().set_password(o.account, word, true, pass.account(),
                                            access::Work::interactive, pass.now());
  wipe({reinterpret_cast<std::uint8_t*>(word.data()), word.size()});
  if (!done) return done.error();
  fmt::print("{}: new initial password; it must be changed at first use\n", o.account);
  return kDone;
}

Result<std::vector<std::string>> record_keys(const std::string& path) {
  std::vector<std::string> out;
  if (path.empty()) return out;
  TESSERA_TRY(const std::string text, read_file(path));
  TESSERA_TRY(csv::Reader reader, csv::Reader::open(text, path));
  TESSERA_TRY(const auto columns, reader.require({"record"}));
  csv::Row row;
  for (;;) {
    TESSERA_TRY(const bool more, reader.next(row));
    if (!more) return out;
    out.emplace_back(row[columns[0]]);
  }
}

Result<int> grant(const Options& o) {
  TESSERA_TRY(const access::People people, people_of(o));
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "access grant", {o.owner, people}));
  access::Grant g;
  g.account = o.account;
  g.level = o.set.empty() ? o.level : access::kMostOpen;
  g.set = o.set;
  g.owner = o.owner;
  g.people = people;
  TESSERA_TRY(g.records, record_keys(o.records));
  g.administrator = o.administrator;
  g.path = pass.level_for_all() == 1 ? access::Path::form : access::Path::administrator;
  g.form = o.form;
  g.approver = pass.account();
  if (!o.until.empty()) {
    const auto day = access::time_of_day(o.until);
    if (!day) return Error{ErrorCode::usage, "--until is a day, YYYY-MM-DD", ""};
    g.until = *day;
  }
  TESSERA_TRY(const std::int64_t id, pass.log().add_grant(g, pass.now()));
  fmt::print("grant {}: {}, by {}\n", id, o.account, access::name_of(g.path));
  return kDone;
}

Result<int> revoke(const Options& o) {
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "access revoke", {o.owner}));
  if (pass.level_for_all() != 1) {
    TESSERA_TRY(const auto grants, pass.log().grants());
    for (const access::Grant& g : grants)
      if (g.id == o.grant && (g.owner != o.owner || g.administrator))
        return Error{ErrorCode::conflict, "this grant is not one of your district's users", ""};
  }
  TESSERA_CHECK(pass.log().revoke_grant(o.grant, pass.account(), o.reason, pass.now()));
  fmt::print("grant {}: revoked; it covers no further request\n", o.grant);
  return kDone;
}

Result<int> levels(const Options& o) {
  if (o.file.empty()) {
    fmt::print("{}", access::shipped_levels());
    return kDone;
  }
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "access levels"));
  if (!pass.enforced())
    return Error{ErrorCode::usage, "this registry has no accounts, so no policy", o.registry};
  TESSERA_TRY(const std::string text, read_file(o.file, std::size_t{1} << 24));
  TESSERA_CHECK(pass.log().set_levels(text, pass.account(), pass.now()));
  fmt::print("policy version {} is in force\n", pass.log().levels().version);
  return kDone;
}

using Run = Result<int> (*)(const Options&);

CLI::App* add_verb(CLI::App& group, Action& chosen, const char* name, const char* what,
                   const std::shared_ptr<Options>& o, Run run) {
  CLI::App* verb = group.add_subcommand(name, what);
  verb->add_option("--registry", o->registry, "registry");
  o->gate.add_to(*verb);
  verb->callback([&chosen, o, run] { chosen = [o, run] { return run(*o); }; });
  return verb;
}

// Every verb but levels is for a registry that has accounts.
Result<int> with_accounts(const Options& o, Run run) {
  const auto random = system_random();
  TESSERA_TRY(const auto log, open_access(o.registry, *random));
  if (log) return run(o);
  return Error{ErrorCode::usage,
               "this registry has no accounts; 'tessera access init' makes the first", o.registry};
}

void add_people_verbs(CLI::App& group, Action& chosen) {
  auto a = std::make_shared<Options>();
  CLI::App* verb = add_verb(group, chosen, "add", "make an account for one person", a,
                            [](const Options& o) { return with_accounts(o, add); });
  verb->add_option("ACCOUNT", a->account, "a-z, 0-9, '.' and '-'; no office, no group")->required();
  verb->add_option("--holder", a->holder, "the person's first and last name")->required();
  verb->add_option("--new-password-file", a->password, "file or descriptor: initial password")
      ->required();
  verb->add_option("--owner", a->owner, "district, when its administrator makes the account");
  verb->footer(
      "Example:\n  tessera access add j.doe --holder 'Jane Doe' --new-password-file pw \\\n"
      "    --registry state.db --session s --purpose operation\n"
      "Exit status: 0 done, 2 a name or password that will not do, 6 refused.");
  auto c = std::make_shared<Options>();
  verb = add_verb(group, chosen, "close", "close an account for good; ends its sessions", c,
                  [](const Options& o) { return with_accounts(o, close); });
  verb->add_option("ACCOUNT", c->account, "account")->required();
  verb->add_option("--owner", c->owner, "district, when its administrator closes it");
  verb->add_option("--reason", c->reason, "why, for the log")->required();
  verb->footer(
      "Example:\n  tessera access close j.doe --reason 'left' --registry state.db --session s "
      "--purpose operation");
  auto n = std::make_shared<Options>();
  verb = add_verb(group, chosen, "renew", "let an account last a year more, ended or not", n,
                  [](const Options& o) { return with_accounts(o, renew); });
  verb->add_option("ACCOUNT", n->account, "account")->required();
  verb->add_option("--owner", n->owner, "district, when its administrator does it");
  verb->footer(
      "Example:\n  tessera access renew j.doe --registry state.db --session s --purpose operation\n"
      "A grant ends on its own day and is given anew ('tessera access grant').");
  auto r = std::make_shared<Options>();
  verb = add_verb(group, chosen, "reset", "give an account a new initial password", r,
                  [](const Options& o) { return with_accounts(o, reset); });
  verb->add_option("ACCOUNT", r->account, "account")->required();
  verb->add_option("--owner", r->owner, "district, when its administrator does it");
  verb->add_option("--new-password-file", r->password, "file or descriptor: initial password")
      ->required();
  verb->footer(
      "Example:\n  tessera access reset j.doe --new-password-file pw --registry state.db --session "
      "s --purpose operation");
}

}  // namespace
}  // namespace access_changes_verb

void add_access_changes(CLI::App& group, Action& chosen) {
  using namespace access_changes_verb;
  add_people_verbs(group, chosen);
  auto g = std::make_shared<Options>();
  CLI::App* verb = add_verb(group, chosen, "grant", "give an account a level of access", g,
                            [](const Options& o) { return with_accounts(o, grant); });
  verb->add_option("ACCOUNT", g->account, "account")->required();
  CLI::Option* level =
      verb->add_option("--level", g->level, "1, 2, 3 or 4")->check(CLI::Range(1, 4));
  verb->add_option("--set", g->set, "a limited-field set of the policy in place of a level")
      ->excludes(level);
  verb->add_option("--owner", g->owner, "whose records: levels 2 and 3");
  verb->add_option("--people", g->people, "student, staff or both")->capture_default_str();
  verb->add_option("--records", g->records, "level 3: CSV with column record, the records seen");
  verb->add_flag("--administrator", g->administrator, "level 2: may grant levels 2 and 3 there");
  verb->add_option("--form", g->form, "number of the signed Login Request Form");
  verb->add_option("--until", g->until, "day on which it ends (at most the policy's span)");
  verb->footer(
      "Example:\n  tessera access grant j.doe --level 2 --owner north --form LRF-2027-014 \\\n"
      "    --registry state.db --session s --purpose operation\n"
      "There are two ways: level 1 grants on a signed form; a district administrator grants "
      "levels\n"
      "2 and 3 of the own district. Both stand in the log with approver and form.");
  auto r = std::make_shared<Options>();
  verb = add_verb(group, chosen, "revoke", "take a grant back; holds at the next request", r,
                  [](const Options& o) { return with_accounts(o, revoke); });
  verb->add_option("GRANT", r->grant, "number, as 'tessera access list' shows it")->required();
  verb->add_option("--owner", r->owner, "district, when its administrator does it");
  verb->add_option("--reason", r->reason, "why, for the log")->required();
  verb->footer(
      "Example:\n  tessera access revoke 7 --reason 'moved away' --registry state.db --session s "
      "--purpose operation");
  auto l = std::make_shared<Options>();
  verb = add_verb(group, chosen, "levels", "show the shipped policy, or put a new version in force",
                  l, levels);
  verb->add_option("FILE", l->file,
                   "policy with a higher version; without it: print the shipped one");
  verb->footer(
      "Example:\n  tessera access levels policy-2.json --registry state.db --session s --purpose "
      "operation");
}

}  // namespace tessera::cli
