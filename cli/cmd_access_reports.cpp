// tessera access list and report: the approval ledger, and the accounts that need a look.
#include <memory>

#include <fmt/format.h>

#include "cli/access_verbs.h"
#include "cli/gate.h"
#include "engine/access/locator.h"
#include "engine/core/csv.h"
#include "engine/core/json.h"

namespace tessera::cli {
namespace {

struct Options {
  std::string registry, owner;
  bool json = false;
  Gate gate;
};

std::string day(access::Time t) { return t == 0 ? std::string() : access::day_of(t); }

void print_table(const std::vector<std::string>& header,
                 const std::vector<std::vector<std::string>>& rows, bool as_json) {
  if (as_json) {
    json::Array all;
    for (const auto& row : rows) {
      json::Object object;
      for (std::size_t i = 0; i < header.size(); ++i) object.emplace_back(header[i], row[i]);
      all.emplace_back(std::move(object));
    }
    fmt::print("{}", json::to_text(json::Object{{"rows", std::move(all)}}));
    return;
  }
  std::string out;
  const auto append = [&out](const std::vector<std::string>& cells) {
    csv::append_row(out, std::vector<std::string_view>(cells.begin(), cells.end()));
  };
  append(header);
  for (const auto& row : rows) append(row);
  fmt::print("{}", out);
}

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
  TESSERA_CHECK(pass.answered({.fields = header, .rows = static_cast<std::int64_t>(rows.size())}));
  print_table(header, rows, o.json);
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
  TESSERA_CHECK(pass.answered({.fields = header, .rows = static_cast<std::int64_t>(rows.size())}));
  print_table(header, rows, o.json);
  return rows.empty() ? kDone : kAttention;
}

}  // namespace

void add_access_reports(CLI::App& group, Action& chosen) {
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
