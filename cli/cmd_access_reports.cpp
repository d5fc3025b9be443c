// tessera access list and report: the approval ledger, and the accounts that need a look.
#include <memory>

#include <fmt/format.h>

#include "cli/access_verbs.h"
#include "cli/gate.h"
#include "cli/table.h"
#include "engine/access/locator.h"

namespace tessera::cli {
namespace access_reports_verb {
namespace {

struct Options {
  std::string registry, owner;
  bool json = false;
  Gate gate;
};

std::string day(access::Time t) { return t == 0 ? std::string() : access::day_of(t); }

Result<Pass> ask(const Options& o, std::string_view verb) {
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, verb, {o.owner}));
  if (pass.enforced()) return pass;
  return Error{ErrorCode::usage,
               "this registry has no accounts; 'tessera access init' makes the first", o.registry};
}

Result<int> list(const Options& o) {
  TESSERA_TRY(const Pass pass, ask(o, "access list"));
  TESSERA_TRY(const auto accounts, pass.log().accounts());
  const std::vector<std::string> header = {
      "account",  "holder",  "state",   "until",         "grant",      "level",
      "set",      "owner",   "people",  "administrator", "path",       "form",
      "approver", "granted", "expires", "revoked",       "revoked_by", "reason"};
  std::vector<std::vector<std::string>> rows;
  for (const access::Account& a : accounts) {
    TESSERA_TRY(const auto grants, pass.log().grants(a.name));
    const std::string state = a.closed != 0 ? "closed" : a.open_at(pass.now()) ? "open" : "expired";
    bool any = false;
    for (const access::Grant& g : grants) {
      if (!o.owner.empty() && g.owner != o.owner) continue;
      any = true;
      rows.push_back({a.name, a.holder, state, day(a.until), std::to_string(g.id),
                      std::to_string(g.level), g.set, g.owner,
                      std::string(access::name_of(g.people)), g.administrator ? "yes" : "",
                      std::string(access::name_of(g.path)), g.form, g.approver, day(g.made),
                      day(g.until), day(g.revoked), g.revoked_by, g.reason});
    }
    if (!any && o.owner.empty())
      rows.push_back({a.name, a.holder, state, day(a.until), "", "", "", "", "", "", "", "", "", "",
                      "", "", "", ""});
  }
  TESSERA_CHECK(show_table(pass, "access list", {header, std::move(rows)}, o.json));
  return kDone;
}

Result<int> report(const Options& o) {
  TESSERA_TRY(const Pass pass, ask(o, "access report"));
  TESSERA_TRY(auto found, access::findings(pass.log(), pass.now()));
  TESSERA_TRY(const auto alarms, access::locator_alarms(pass.log(), pass.now()));
  found.insert(found.end(), alarms.begin(), alarms.end());
  const std::vector<std::string> header = {"account", "finding", "since", "detail"};
  std::vector<std::vector<std::string>> rows;
  for (const access::Finding& f : found) {
    bool own = o.owner.empty();
    TESSERA_TRY(const auto grants, pass.log().grants(f.account));
    for (const access::Grant& g : grants) own = own || g.owner == o.owner;
    if (own) rows.push_back({f.account, f.finding, day(f.since), f.detail});
  }
  const bool none = rows.empty();
  TESSERA_CHECK(show_table(pass, "access report", {header, std::move(rows)}, o.json));
  return none ? kDone : kAttention;
}

}  // namespace
}  // namespace access_reports_verb

void add_access_reports(CLI::App& group, Action& chosen) {
  using namespace access_reports_verb;
  auto l = std::make_shared<Options>();
  CLI::App* verb = group.add_subcommand("list", "accounts and grants, with approver and form");
  verb->add_option("--registry", l->registry, "registry")->required();
  verb->add_option("--owner", l->owner, "grants of this district only");
  verb->add_flag("--json", l->json, "as JSON");
  l->gate.add_to(*verb);
  verb->footer(
      "Example:\n  tessera access list --registry state.db --session s --purpose audit\n"
      "The approval ledger: revoked and expired grants stay in it.");
  verb->callback([&chosen, l] { chosen = [l] { return list(*l); }; });
  auto r = std::make_shared<Options>();
  verb = group.add_subcommand(
      "report", "accounts that are dormant, shared, locked or without use, and locator alarms");
  verb->add_option("--registry", r->registry, "registry")->required();
  verb->add_option("--owner", r->owner, "accounts of this district only");
  verb->add_flag("--json", r->json, "as JSON");
  r->gate.add_to(*verb);
  verb->footer(
      "Example:\n  tessera access report --registry state.db --session s --purpose audit\n"
      "Exit status: 0 nothing found, 1 something to look at, 6 refused.");
  verb->callback([&chosen, r] { chosen = [r] { return report(*r); }; });
}

}  // namespace tessera::cli
